using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.CrashVictim;

/// <summary>
/// Appends to a ledger until it is killed, or <c>COUNT</c> entries if it is given one; says each acknowledged sequence number on a line of
/// its own. With <c>KILL</c> &gt; 0 it writes piece by piece and kills itself before piece number KILL, in the middle of a record as a rule.
/// </summary>
internal static class LedgerVictim
{
    private const int Writers = 4;
    private const long SegmentSize = 64 * 1024;

    public static async Task<int> RunAsync(string[] args)
    {
        (string directory, string keyFile, int seed, int kill, int count) =
            (args[0], args[1], Number(args[2]), Number(args[3]), args.Length > 4 ? Number(args[4]) : int.MaxValue);
        using var key = new PemKey(await File.ReadAllTextAsync(keyFile));
        ILedgerDisk disk = kill > 0 ? new SelfKillingDisk(seed, kill) : new FileSystemDisk();
        await using var ledger = Ledger.Open(directory, key, TimeProvider.System, disk, SegmentSize);
        using var saying = new SemaphoreSlim(1);
        await using Stream output = Console.OpenStandardOutput();
        int left = count;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            var random = new Random(seed + writer);
            while (Interlocked.Decrement(ref left) >= 0)
            {
                long sequence = await ledger.AppendAsync(Event(writer, random), CancellationToken.None);
                if (random.Next(20) == 0) await ledger.CheckpointAsync(CancellationToken.None);
                await saying.WaitAsync();
                await output.WriteAsync(System.Text.Encoding.ASCII.GetBytes(sequence.ToString(CultureInfo.InvariantCulture) + "\n"));
                saying.Release();
            }
        })));
        return 0;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static LedgerEvent Event(int writer, Random random) => new()
    {
        Type = "test.crash",
        Actor = new JsonObject { ["kind"] = "agent", ["process"] = Environment.ProcessId, ["writer"] = writer },
        Data = new JsonObject { ["filling"] = new string('x', random.Next(1200)) },
    };

    private sealed class PemKey : ISigningKey, IDisposable
    {
        private readonly ECDsa key = ECDsa.Create();
        private readonly byte[] publicKey;

        public PemKey(string pem)
        {
            key.ImportFromPem(pem);
            ECPoint point = key.ExportParameters(false).Q;
            publicKey = [4, .. point.X!, .. point.Y!];
        }

        public ReadOnlySpan<byte> PublicKey => publicKey;

        public void Sign(ReadOnlySpan<byte> data, Span<byte> signature) => key.SignData(data, HashAlgorithmName.SHA256).CopyTo(signature);

        public void Dispose() => key.Dispose();
    }

    private sealed class SelfKillingDisk(int seed, int kill) : ILedgerDisk
    {
        private readonly FileSystemDisk real = new();
        private readonly Random random = new(seed);
        private int pieces;

        public void Write(FileStream file, ReadOnlySpan<byte> bytes, long offset)
        {
            while (!bytes.IsEmpty)
            {
                if (++pieces == kill) Process.GetCurrentProcess().Kill();
                int length = Math.Min(bytes.Length, random.Next(1, 120));
                real.Write(file, bytes[..length], offset);
                bytes = bytes[length..];
                offset += length;
            }
        }

        public void SetLength(FileStream file, long length) => real.SetLength(file, length);

        public void Delete(string path) => real.Delete(path);

        public void Flush(FileStream file) => real.Flush(file);
    }
}
