using Microsoft.Extensions.Logging;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>
/// Counts what strangers send, and writes one ledger entry a minute when there was any, so that nobody can fill the ledger from outside.
/// Thread-safe.
/// </summary>
internal sealed class PreGateRejects : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);
    private readonly long[] counts = new long[Enum.GetValues<PreGateFailure>().Length];
    private readonly Ledger ledger;
    private readonly ILogger logger;
    private readonly PeriodicTimer timer;
    private readonly Task loop;

    public PreGateRejects(Ledger ledger, TimeProvider time, ILogger logger)
    {
        this.ledger = ledger;
        this.logger = logger;
        timer = new PeriodicTimer(Period, time);
        loop = SummariseAsync();
    }

    public void Count(PreGateFailure failure) => Interlocked.Increment(ref counts[(int)failure]);

    /// <summary>Ends the minute and writes what it counted.</summary>
    public async ValueTask DisposeAsync()
    {
        timer.Dispose();
        await loop.ConfigureAwait(false);
        await FlushAsync().ConfigureAwait(false);
    }

    private async Task SummariseAsync()
    {
        while (await timer.WaitForNextTickAsync().ConfigureAwait(false)) await FlushAsync().ConfigureAwait(false);
    }

    private async ValueTask FlushAsync()
    {
        var found = new List<(PreGateFailure Failure, long Count)>();
        for (int i = 0; i < counts.Length; i++)
        {
            long count = Interlocked.Exchange(ref counts[i], 0);
            if (count > 0) found.Add(((PreGateFailure)i, count));
        }
        if (found.Count == 0) return;
        try
        {
            await ledger.AppendAsync(TrustEvents.RejectSummary(found), CancellationToken.None).ConfigureAwait(false);
        }
        catch (StateException exception)
        {
            foreach ((PreGateFailure failure, long count) in found) Interlocked.Add(ref counts[(int)failure], count);
            Log.RejectsNotRecorded(logger, exception);
        }
    }
}
