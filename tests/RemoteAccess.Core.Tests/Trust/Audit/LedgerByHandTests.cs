using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>Runs the commands of docs/ledger.md §7 as they stand there: an implementation of the format that shares no line with ours.</summary>
public sealed partial class LedgerByHandTests : IDisposable
{
    private readonly LedgerFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CommandsOfTheDocument_RightLedger_SameRootAndVerifiedOk()
    {
        SkipWithoutTools();
        await folder.FillAsync(21, segmentSize: 4096);
        string[] output = await RunCommandsAsync();
        LedgerVerification verification = folder.Verify();
        Assert.Equal((21, 21), (verification.Entries, verification.SignedEntries));
        Assert.Equal(After(output, "key id of the key:"), After(output, "key id in the note:"));
        Assert.Contains("Verified OK", output);
        Assert.Equal(Convert.ToBase64String(verification.Root.Span), After(output, "root of the 21 entries:"));
        Assert.Equal(Convert.ToBase64String(verification.Root.Span), After(output, "root that was signed:"));
        Assert.DoesNotContain(output, line => line.StartsWith("WRONG", StringComparison.Ordinal));
    }

    [Fact]
    public async Task CommandsOfTheDocument_OneCharacterOfAnEntryChanged_RootsDiffer()
    {
        SkipWithoutTools();
        await folder.FillAsync(5);
        byte[] log = await File.ReadAllBytesAsync(folder.Segment(0), Token);
        int at = log.AsSpan().LastIndexOf("\"number\":4"u8) + 9;
        log[at] = (byte)'5';
        await File.WriteAllBytesAsync(folder.Segment(0), log, Token);
        string[] output = await RunCommandsAsync();
        Assert.NotEqual(After(output, "root that was signed:"), After(output, "root of the 5 entries:"));
        log[at] = (byte)'4';
        log[log.AsSpan().IndexOf("\"number\":2"u8) + 9] = (byte)'3';
        await File.WriteAllBytesAsync(folder.Segment(0), log, Token);
        output = await RunCommandsAsync();
        Assert.Contains("WRONG: entry 3 does not continue the one before", output);
    }

    private static void SkipWithoutTools() =>
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists("/usr/bin/openssl") && File.Exists("/bin/bash"), "openssl, bash and coreutils are needed.");

    private static string After(string[] output, string label) => Assert.Single(output, line => line.StartsWith(label, StringComparison.Ordinal))[label.Length..].Trim();

    private async Task<string[]> RunCommandsAsync()
    {
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "RemoteAccess.sln"))) root = root.Parent;
        string document = await File.ReadAllTextAsync(Path.Combine(root!.FullName, "docs", "ledger.md"), Token);
        string commands = string.Concat(Commands().Matches(document).Select(match => match.Groups[1].Value));
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "host.pem"), folder.Key.PublicPem(), Token);
        var start = new ProcessStartInfo("/bin/bash") { WorkingDirectory = folder.Path, RedirectStandardInput = true, RedirectStandardOutput = true, StandardOutputEncoding = Encoding.UTF8 };
        using Process process = Process.Start(start)!;
        await process.StandardInput.WriteAsync(commands.AsMemory(), Token);
        process.StandardInput.Close();
        string output = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        return output.Split('\n');
    }

    [GeneratedRegex("```bash\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Commands();
}
