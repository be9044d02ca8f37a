using System.Text.Json.Nodes;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Benchmarks;

/// <summary>An empty ledger in a temporary directory, with a computer's key.</summary>
internal sealed class LedgerFolder : IAsyncDisposable
{
    private readonly EcdsaSigningKey key = EcdsaSigningKey.Create();

    public LedgerFolder()
    {
        Folder = Directory.CreateTempSubdirectory("remoteaccess-bench-").FullName;
        Ledger = Ledger.Open(LedgerPath, key, TimeProvider.System);
    }

    public string Folder { get; }

    public string LedgerPath => Path.Combine(Folder, "ledger");

    public Ledger Ledger { get; }

    /// <summary>About what a session's entries look like.</summary>
    public static LedgerEvent Entry(int number) => new()
    {
        Type = "operation.used",
        SessionId = new byte[16],
        GrantId = new byte[16],
        Actor = new JsonObject { ["kind"] = "technician", ["name"] = "Alex Benchmark", ["key"] = new string('a', 130), ["tenant"] = new string('b', 64) },
        Data = new JsonObject { ["operations"] = new JsonArray("ViewScreen", "ControlInput"), ["number"] = number },
    };

    public LedgerVerification Verify() => LedgerVerifier.Verify(LedgerPath, key.PublicKey);

    public long Size() => new DirectoryInfo(LedgerPath).EnumerateFiles("*.seg").Sum(file => file.Length);

    public async ValueTask DisposeAsync()
    {
        await Ledger.DisposeAsync();
        key.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
