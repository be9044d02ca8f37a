using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>
/// The stand-alone verifier (tools/verify-ledger) against the SDK's: the same verdict, at the same file, byte and entry, for a good ledger and
/// for each thing that can be done to one.
/// </summary>
public sealed class VerifierScriptTests : IDisposable
{
    private readonly LedgerFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>What is done to a ledger of 70 entries in several segments with two checkpoints, and whether it is still intact afterwards.</summary>
    public static TheoryData<string, bool> Tamperings => new()
    {
        { "nothing", true },
        { "flip a byte of an entry", false },
        { "flip a byte of a checksum", false },
        { "flip a byte of a length", false },
        { "change a value and put the checksum right", false },
        { "swap two entries", false },
        { "drop an entry", false },
        { "repeat an entry", false },
        { "append an entry again", false },
        { "cut below the last checkpoint", false },
        { "drop a segment", false },
        { "rename a segment", false },
        { "a segment with a name of another kind", false },
        { "cut a record in the middle segment", false },
        { "white space in an entry", false },
        { "members in another order", false },
        { "an escape that is not needed", false },
        { "a fraction", false },
        { "null", false },
        { "a number beyond 2^53", false },
        { "nested too deep", false },
        { "nested as deep as allowed, last entry unsigned", true },
        { "astral and basic names in UTF-16 order, last entry unsigned", true },
        { "astral and basic names in code point order, last entry unsigned", false },
        { "bytes that are not UTF-8", false },
        { "a later version", false },
        { "a day that does not exist", false },
        { "an entry of another computer", false },
        { "another computer's key", false },
        { "a forged checkpoint", false },
        { "a checkpoint signed by another key", false },
        { "a checkpoint twice", false },
        { "checkpoints in another order", false },
        { "a byte of a signature", false },
        { "no checkpoints", true },
        { "only the second checkpoint", true },
        { "a torn record at the end, no checkpoints", true },
        { "zeros at the end", true },
        { "a torn checkpoint", true },
        { "no entries but checkpoints", false },
        { "a sector of an unsigned record missing", true },
        { "the beginning of an unsigned record missing", true },
        { "a sector of a signed record missing", false },
        { "a sector in front of the last checkpoint's end missing", true },
    };

    [Theory]
    [MemberData(nameof(Tamperings))]
    public async Task Script_TamperedLedger_SaysWhatTheSdkSays(string what, bool intact)
    {
        string script = FindScript();
        using var other = new LedgerTestKey();
        await using (Ledger ledger = folder.Open(segmentSize: 8 * 1024))
        {
            await LedgerFolder.AppendAsync(ledger, 69);
            await ledger.AppendAsync(LedgerFolder.Event(69), Token);
        }

        Assert.True(LedgerFiles.Segments(folder.Path).Count > 2);
        new LedgerTampering(folder, other).Do(what);
        byte[] key = what == "another computer's key" ? other.PublicKey.ToArray() : folder.Key.PublicKey.ToArray();
        string pem = Path.Combine(folder.Root, "host.pem");
        await File.WriteAllTextAsync(pem, (what == "another computer's key" ? other : folder.Key).PublicPem(), Token);

        (int code, string output, string complaint) = await RunAsync(script, folder.Path, pem, "--json");

        Assert.Equal("", complaint);
        Assert.Equal(intact ? 0 : 2, code);
        JsonNode report = JsonNode.Parse(output)!;
        if (what == "a segment with a name of another kind")
        {
            // The SDK refuses to list such a directory at all.
            Assert.Throws<StateException>(() => LedgerVerifier.Verify(folder.Path, key));
            return;
        }

        LedgerVerification verification = LedgerVerifier.Verify(folder.Path, key);
        Assert.Equal(intact, verification.Ok);
        Assert.Equal(
            (verification.Entries, verification.SignedEntries, verification.Checkpoints, verification.TornBytes, Convert.ToHexStringLower(verification.Root.Span)),
            (report["entries"]!.GetValue<long>(), report["signedEntries"]!.GetValue<long>(), report["checkpoints"]!.GetValue<long>(), report["tornBytes"]!.GetValue<int>(), report["root"]!.GetValue<string>()));
        if (verification.Problem is not { } problem) return;
        JsonNode found = report["problem"]!;
        Assert.Equal((problem.File, problem.Offset, problem.Sequence), (found["file"]!.GetValue<string>(), found["offset"]!.GetValue<long>(), found["sequence"]!.GetValue<long>()));
        Assert.StartsWith(problem.Text.TrimEnd('.'), found["text"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nothing", 0)]
    [InlineData("a checkpoint signed by another key", 2)]
    [InlineData("a byte of a signature", 2)]
    public async Task Script_SignaturesByTheCommand_SaysTheSame(string what, int expected)
    {
        string script = FindScript();
        using var other = new LedgerTestKey();
        await folder.FillAsync(70, segmentSize: 8 * 1024);
        new LedgerTampering(folder, other).Do(what);
        string pem = Path.Combine(folder.Root, "host.pem");
        await File.WriteAllTextAsync(pem, folder.Key.PublicPem(), Token);

        (int code, string output, _) = await RunAsync(script, folder.Path, pem, "--openssl-command");

        Assert.Equal(expected, code);
        Assert.Equal((code, output), await RunAsync(script, folder.Path, pem) is var (same, words, _) ? (same, words) : default);
    }

    [Fact]
    public async Task Script_InWords_NamesSegmentByteAndEntry()
    {
        string script = FindScript();
        await folder.FillAsync(5);
        string pem = Path.Combine(folder.Root, "host.pem");
        await File.WriteAllTextAsync(pem, folder.Key.PublicPem(), Token);
        Assert.Equal((0, "The ledger is intact: 5 entries, 5 of them signed in 1 checkpoints.\n", ""), await RunAsync(script, folder.Path, pem));

        new LedgerTampering(folder, folder.Key).Do("change a value and put the checksum right");

        (int code, string output, _) = await RunAsync(script, folder.Path, pem);
        Assert.Equal(2, code);
        Assert.Matches(@"^The entry does not continue the one before: .* \(0000000000000000\.seg, byte \d+, entry 3\)\n$", output);
    }

    [Fact]
    public async Task Script_WhatItCannotVerify_IsComplainedAboutWithCodeOne()
    {
        string script = FindScript();
        await folder.FillAsync(1);
        string pem = Path.Combine(folder.Root, "host.pem");
        await File.WriteAllTextAsync(pem, "no key", Token);

        foreach (string[] arguments in (string[][])[[], [folder.Path], [folder.Path, pem], [folder.Path, pem + "x"], [folder.Path + "x", pem], [folder.Path, pem, "--xml"]])
        {
            (int code, string output, string complaint) = await RunAsync(script, arguments);
            Assert.Equal((1, ""), (code, output));
            Assert.NotEmpty(complaint);
            Assert.DoesNotContain("Traceback", complaint, StringComparison.Ordinal);
        }
    }

    internal static string FindScript()
    {
        bool found = OperatingSystem.IsLinux() && OnPath("python3") && OnPath("openssl");
        Assert.SkipUnless(found, "python3 and openssl are needed.");
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "RemoteAccess.sln"))) root = root.Parent;
        return Path.Combine(root!.FullName, "tools", "verify-ledger", "verify_ledger.py");
    }

    private static bool OnPath(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, name)));

    internal static async Task<(int Code, string Output, string Complaint)> RunAsync(string script, params string[] arguments)
    {
        var start = new ProcessStartInfo("python3", ["-I", "-S", "-B", script, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8 };
        using Process process = Process.Start(start)!;
        Task<string> complaint = process.StandardError.ReadToEndAsync(Token);
        string output = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        return (process.ExitCode, output, await complaint);
    }
}
