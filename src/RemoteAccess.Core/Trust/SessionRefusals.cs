using Microsoft.Extensions.Logging;

namespace RemoteAccess.Trust;

/// <summary>
/// What one session asked for and was refused, as the ledger has it: the first of each kind at once (<c>operation.refused</c>), repeats as
/// counts, in one entry a minute when there were any and one at the end (<c>operation.refused.summary</c>), so that no technician can fill
/// the ledger. Thread-safe.
/// </summary>
internal sealed class SessionRefusals : IAsyncDisposable
{
    /// <summary>Kinds that are told apart; any further one counts as the last. The product has fewer, so this only bounds an entry.</summary>
    public const int MaxKinds = 64;

    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);
    private static readonly SessionRefusal Others = new(Operations.None, RefusalReason.OperationNotGranted, "others");
    private readonly SessionFacts facts;
    private readonly SessionSurroundings around;
    private readonly Lock gate = new();
    private readonly Dictionary<SessionRefusal, long> repeats = [];
    private readonly PeriodicTimer timer;
    private readonly Task loop;
    private bool isClosed;

    public SessionRefusals(SessionFacts facts, SessionSurroundings around)
    {
        this.facts = facts;
        this.around = around;
        timer = new PeriodicTimer(Period, around.Time);
        loop = SummariseAsync();
    }

    /// <summary>Takes one refusal down. The first of its kind is on the disk when this completes.</summary>
    /// <exception cref="StateException">It could not be written; it is counted.</exception>
    public async ValueTask RecordAsync(SessionRefusal refusal)
    {
        if (!TryBeFirst(refusal)) return;
        try
        {
            await around.Ledger.AppendAsync(TrustEvents.OperationRefused(facts, refusal), CancellationToken.None).ConfigureAwait(false);
        }
        catch (StateException)
        {
            lock (gate) repeats[refusal]++;
            throw;
        }
    }

    /// <summary>Writes what is counted, before the session's end is written; later refusals are nobody's.</summary>
    public async ValueTask CloseAsync()
    {
        timer.Dispose();
        lock (gate) isClosed = true;
        await FlushAsync(around.Ledger.AppendLastAsync).ConfigureAwait(false);
    }

    /// <summary>After <see cref="CloseAsync"/>: returns when nothing of this runs any more.</summary>
    public ValueTask DisposeAsync() => new(loop);

    private bool TryBeFirst(SessionRefusal refusal)
    {
        lock (gate)
        {
            if (isClosed) return false;
            if (repeats.TryGetValue(refusal, out long count))
            {
                repeats[refusal] = count + 1;
                return false;
            }
            if (repeats.Count >= MaxKinds)
            {
                repeats[Others] = repeats.GetValueOrDefault(Others) + 1;
                return false;
            }
            repeats[refusal] = 0;
            return true;
        }
    }

    private async Task SummariseAsync()
    {
        while (await timer.WaitForNextTickAsync().ConfigureAwait(false)) await FlushAsync(around.Ledger.AppendAsync).ConfigureAwait(false);
    }

    private async ValueTask FlushAsync(Func<LedgerEvent, CancellationToken, ValueTask<long>> append)
    {
        KeyValuePair<SessionRefusal, long>[] counted;
        lock (gate)
        {
            counted = [.. repeats.Where(kind => kind.Value > 0)];
            foreach ((SessionRefusal refusal, _) in counted) repeats[refusal] = 0;
        }
        if (counted.Length == 0) return;
        try
        {
            await append(TrustEvents.RefusalSummary(facts, counted), CancellationToken.None).ConfigureAwait(false);
        }
        catch (StateException exception)
        {
            lock (gate)
            {
                foreach ((SessionRefusal refusal, long count) in counted) repeats[refusal] += count;
            }
            Log.RefusalNotRecorded(around.Logger, exception);
        }
    }
}

/// <summary>One kind of refusal inside a session. <paramref name="Subject"/> is the agent's own word for what came, never the technician's.</summary>
internal readonly record struct SessionRefusal(Operations Operation, RefusalReason Reason, string Subject);
