using System.Diagnostics;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>The receipt that both sides sign at a session's end.</summary>
public sealed class ReceiptTests
{
    [Fact]
    public async Task Dispose_ByTheTechnician_BothHaveTheSameReceipt()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        await using WitnessStore store = desk.OpenWitness();
        Visit visit = await desk.ConnectAsync(new ConnectOptions { Witness = store });
        await visit.Session.LedgerWitnessed.WaitAsync(Helpdesk.Limit());
        await using (Sight sight = visit.Watch()) await sight.NextAsync();
        await visit.Session.DisposeAsync();
        SessionEnd end = await visit.EndAsync();

        Assert.Equal(SessionEndKind.Finished, end.Kind);
        SessionReceipt kept = RequireBothHave(desk, visit);
        Assert.Equal(Operations.ViewScreen, kept.Used);
        Assert.Equal("finished by the technician", (string?)Assert.Single(desk.History("session.ended")).Data()["text"]);
        Assert.InRange((kept.Began - desk.Time.GetUtcNow()).Duration(), TimeSpan.Zero, TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task Stop_ByTheCustomer_EndsFirstAndIsSignedThen()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        await using WitnessStore store = desk.OpenWitness();
        Visit visit = await desk.ConnectAsync(new ConnectOptions { Witness = store });
        await visit.Session.LedgerWitnessed.WaitAsync(Helpdesk.Limit());
        await visit.Session.PingAsync(Helpdesk.Limit());
        await Eventually.Is(() => desk.History("witness.received").Count == 1, "the technician's checkpoint is kept");

        await desk.Trust.StopSessionsAsync("Erika Mustermann", Helpdesk.Limit());
        SessionEnd end = await visit.EndAsync();

        Assert.Equal((SessionEndKind.EndedByComputer, RefusalReason.Stopped), (end.Kind, end.Reason));
        Assert.Equal(Operations.None, RequireBothHave(desk, visit).Used);
    }

    [Fact]
    public async Task Cut_Connection_HasNoReceipt()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        await using WitnessStore store = desk.OpenWitness();
        Visit visit = await desk.ConnectAsync(new ConnectOptions { Witness = store }, network: new BadNetworkOptions());
        await visit.Session.LedgerWitnessed.WaitAsync(Helpdesk.Limit());
        visit.Network.Lose();
        SessionEnd end = await visit.EndAsync();

        Assert.Equal(SessionEndKind.Truncated, end.Kind);
        Assert.Empty(desk.History("session.receipt"));
        Assert.Empty(WitnessStore.ReadReceipts(desk.WitnessDirectory));
        Assert.Single(desk.History("session.ended"));
    }

    [Fact]
    public async Task Store_ClosedBeforeTheEnd_TheSessionGoesOnAndEndsWithoutReceipt()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        WitnessStore store = desk.OpenWitness();
        Visit visit = await desk.ConnectAsync(new ConnectOptions { Witness = store });
        await visit.Session.LedgerWitnessed.WaitAsync(Helpdesk.Limit());
        await store.DisposeAsync();
        await visit.Session.PingAsync(Helpdesk.Limit());
        await visit.Session.DisposeAsync();
        Assert.Equal(SessionEndKind.Finished, (await visit.EndAsync()).Kind);
        Assert.Equal(LedgerWitnessState.NotProven, visit.Session.LedgerWitness.State);
        Assert.Empty(desk.History("session.receipt"));
    }

    [Fact]
    public async Task ReadReceipts_AlteredFiles_AreTold()
    {
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        await using WitnessStore store = desk.OpenWitness();
        Visit visit = await desk.ConnectAsync(new ConnectOptions { Witness = store });
        await visit.Session.LedgerWitnessed.WaitAsync(Helpdesk.Limit());
        await visit.Session.DisposeAsync();
        await visit.EndAsync();
        (string path, SessionReceipt? receipt) = Assert.Single(WitnessStore.ReadReceipts(desk.WitnessDirectory));
        string pem = await File.ReadAllTextAsync(path, Helpdesk.Limit());
        Assert.Equal(pem, receipt!.ToPem());

        byte[] encoded = Convert.FromBase64String(string.Concat(pem.Split('\n').Where(line => !line.StartsWith('-'))));
        Assert.Equal(SessionReceipt.EncodedLength, encoded.Length);
        for (int i = 0; i < encoded.Length; i++)
        {
            encoded[i] ^= 1;
            Assert.False(SessionReceipt.TryRead(encoded, out _), $"Byte {i} may be changed.");
            encoded[i] ^= 1;
        }

        await File.WriteAllTextAsync(path, pem.Replace('A', 'B'), Helpdesk.Limit());
        Assert.Null(Assert.Single(WitnessStore.ReadReceipts(desk.WitnessDirectory)).Value);
        await File.WriteAllTextAsync(path, new string('x', 100_000), Helpdesk.Limit());
        Assert.Null(Assert.Single(WitnessStore.ReadReceipts(desk.WitnessDirectory)).Value);
        Assert.Equal(StateError.Missing, Assert.Throws<StateException>(() => WitnessStore.ReadReceipts(desk.WitnessDirectory + "x")).Error);
    }

    /// <summary>A third party with python, openssl and the commands of docs/ledger-witness.md, which share no line with the product.</summary>
    [Fact]
    public async Task ThirdParty_ByScriptAndByHand_VerifiesTheReceiptAgainstBothLedgers()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/openssl") && File.Exists("/usr/bin/python3"), "python3, openssl and bash are needed.");
        await using Helpdesk desk = await Helpdesk.OpenAsync();
        WitnessStore store = desk.OpenWitness();
        Visit visit = await desk.ConnectAsync(new ConnectOptions { Witness = store });
        await visit.Session.LedgerWitnessed.WaitAsync(Helpdesk.Limit());
        await visit.Session.DisposeAsync();
        await visit.EndAsync();
        await store.DisposeAsync();
        SessionReceipt receipt = RequireBothHave(desk, visit);
        string folder = Directory.CreateDirectory(Path.Combine(desk.WitnessDirectory, "third-party")).FullName;
        string file = Path.Combine(folder, "receipt"), host = Path.Combine(folder, "host.pem"), technician = Path.Combine(folder, "technician.pem");
        await File.WriteAllTextAsync(file, receipt.ToPem(), Helpdesk.Limit());
        await File.WriteAllTextAsync(host, Pem(receipt.HostKey), Helpdesk.Limit());
        await File.WriteAllTextAsync(technician, Pem(receipt.TechnicianKey), Helpdesk.Limit());
        string script = Path.Combine(RepositoryRoot(), "tools", "verify-ledger", "verify_ledger.py");

        foreach ((string ledger, string key) in ((string, string)[])[(desk.LedgerDirectory, host), (store.LedgerDirectory, technician)])
        {
            (int code, string output) = await RunAsync(folder, "", "python3", "-B", script, ledger, key, "--receipt", file);
            Assert.True(code == 0 && output.Contains($"receipt of session {visit.Session.Id}", StringComparison.Ordinal), output);
        }

        string document = await File.ReadAllTextAsync(Path.Combine(RepositoryRoot(), "docs", "ledger-witness.md"), Helpdesk.Limit());
        string commands = document.Split("```bash\n")[1].Split("```")[0];
        (_, string byHand) = await RunAsync(folder, commands, "bash");
        Assert.Equal(
            ["computer: Verified OK", "technician: Verified OK", $"session: {visit.Session.Id}", $"computer's entries: {receipt.HostSize}", $"computer's root: {Convert.ToBase64String(receipt.HostRoot.Span)}"],
            byHand.TrimEnd().Split('\n'));

        byte[] encoded = Convert.FromBase64String(string.Concat(receipt.ToPem().Split('\n').Where(line => !line.StartsWith('-'))));
        foreach (int at in (int[])[1, 48, 60, 200, 330])
        {
            byte[] altered = [.. encoded];
            altered[at] ^= 1;
            await File.WriteAllTextAsync(file, $"-----BEGIN REMOTEACCESS SESSION RECEIPT-----\n{Convert.ToBase64String(altered)}\n-----END REMOTEACCESS SESSION RECEIPT-----\n", Helpdesk.Limit());
            Assert.Equal(2, (await RunAsync(folder, "", "python3", "-B", script, desk.LedgerDirectory, host, "--receipt", file)).Code);
            Assert.Contains("ailure", (await RunAsync(folder, commands, "bash")).Output, StringComparison.Ordinal);
        }

        await File.WriteAllTextAsync(file, receipt.ToPem(), Helpdesk.Limit());
        // Another session's receipt, or the ledger of a computer without the session.
        (int empty, string without) = await RunAsync(folder, "", "python3", "-B", script, Directory.CreateDirectory(Path.Combine(folder, "empty")).FullName, host, "--receipt", file);
        Assert.True(empty == 2 && without.Contains("the others were removed", StringComparison.Ordinal), without);
    }

    private static string Pem(ReadOnlyMemory<byte> point) =>
        new(System.Security.Cryptography.PemEncoding.Write("PUBLIC KEY", [.. Convert.FromHexString("3059301306072a8648ce3d020106082a8648ce3d030107034200"), .. point.Span]));

    private static string RepositoryRoot()
    {
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "RemoteAccess.sln"))) root = root.Parent;
        return root!.FullName;
    }

    private static async Task<(int Code, string Output)> RunAsync(string folder, string input, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true };
        using Process process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(input.AsMemory(), Helpdesk.Limit());
        process.StandardInput.Close();
        string output = await process.StandardOutput.ReadToEndAsync(Helpdesk.Limit());
        await process.WaitForExitAsync(Helpdesk.Limit());
        return (process.ExitCode, output);
    }

    private static SessionReceipt RequireBothHave(Helpdesk desk, Visit visit)
    {
        (string path, SessionReceipt? receipt) = Assert.Single(WitnessStore.ReadReceipts(desk.WitnessDirectory));
        Assert.NotNull(receipt);
        Assert.EndsWith($"{visit.Session.Id}.receipt", path, StringComparison.Ordinal);
        Assert.Equal(receipt.ToPem(), (string?)Assert.Single(desk.History("session.receipt")).Data()["receipt"]);
        Assert.Equal(visit.Session.Id, Convert.ToHexStringLower(receipt.SessionId.Span));
        Assert.Equal(desk.Grant.Id.ToArray(), receipt.GrantId.ToArray());
        Assert.Equal(desk.Grant.HostKey.ToArray(), receipt.HostKey.ToArray());
        Assert.Equal(desk.Tenant.TechnicianKey.PublicKey.ToArray(), receipt.TechnicianKey.ToArray());
        // The root is that of the ledger with the session's end in it.
        LedgerEntry ended = Assert.Single(desk.History("session.ended"));
        Assert.True(ended.Sequence < receipt.HostSize);
        Assert.Equal(RootOf(desk.LedgerDirectory, receipt.HostSize), receipt.HostRoot.ToArray());
        Assert.Equal(RootOf(Path.Combine(desk.WitnessDirectory, "ledger"), receipt.TechnicianSize), receipt.TechnicianRoot.ToArray());
        Assert.True(Assert.Single(LedgerReport.Build(desk.Trust.ReadHistory(), ReportPeriod.All(TimeZoneInfo.Utc), desk.Time.GetUtcNow()).Sessions).HasReceipt);
        return receipt;
    }

    private static byte[] RootOf(string ledger, long size)
    {
        var tree = new MerkleFrontier();
        LedgerLeaves.Read(ledger, size, tree.Append);
        return tree.Root();
    }
}
