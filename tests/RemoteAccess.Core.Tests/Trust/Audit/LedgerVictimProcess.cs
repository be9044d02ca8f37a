using System.Diagnostics;
using System.Globalization;

namespace RemoteAccess.Tests;

/// <summary>A child process that appends to a ledger (RemoteAccess.CrashVictim, scenario <c>ledger</c>).</summary>
internal sealed class LedgerVictimProcess : IDisposable
{
    private readonly Process process;

    public LedgerVictimProcess(LedgerFolder folder, int seed, int killAtPiece = 0, int? count = null)
    {
        string key = Path.Combine(folder.Root, "key.pem");
        if (!File.Exists(key)) File.WriteAllText(key, folder.Key.PrivatePem());
        string[] arguments = [Path.Combine(AppContext.BaseDirectory, "RemoteAccess.CrashVictim.dll"), "ledger", folder.Path, key, Text(seed), Text(killAtPiece)];
        if (count is { } number) arguments = [.. arguments, Text(number)];
        process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }

    /// <summary>Reads acknowledged sequence numbers: <paramref name="count"/> of them, or all until the process is gone.</summary>
    public async Task<List<long>> ReadAcknowledgedAsync(int count, CancellationToken cancellationToken)
    {
        List<long> acknowledged = [];
        while (acknowledged.Count < count && await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            // Whole lines: a write this short to a pipe is atomic.
            acknowledged.Add(long.Parse(line, CultureInfo.InvariantCulture));
        }

        return acknowledged;
    }

    /// <summary>SIGKILL, and what it had acknowledged until then.</summary>
    public async Task<List<long>> KillAsync(CancellationToken cancellationToken)
    {
        process.Kill();
        List<long> rest = await ReadAcknowledgedAsync(int.MaxValue, cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return rest;
    }

    /// <summary>Its exit code; what it complained about, if anything, is in the failure.</summary>
    public async Task<int> WaitAsync(CancellationToken cancellationToken)
    {
        string complaints = await process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        Assert.Equal("", complaints);
        return process.ExitCode;
    }

    public void Dispose()
    {
        if (!process.HasExited) process.Kill();
        process.Dispose();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
