namespace RemoteAccess.Trust;

/// <summary>The requests that one turn of the ledger's writer takes up together.</summary>
internal sealed class LedgerBatch
{
    private readonly List<AppendRequest> appends = [];
    private readonly List<(AppendRequest Request, long Sequence)> written = [];

    /// <summary>Callers, or the clock, waiting for a checkpoint.</summary>
    public List<CheckpointRequest> Checkpoints { get; } = [];

    public int Count => appends.Count + Checkpoints.Count;

    /// <summary>Whether the clock asks: its timer has rung and runs no more.</summary>
    public bool HasRung => Checkpoints.Exists(static checkpoint => checkpoint.ByClock);

    /// <summary>Takes a request up, unless its caller has taken it back.</summary>
    public void Add(LedgerRequest request)
    {
        switch (request)
        {
            case AppendRequest append:
                if (append.TryTake()) appends.Add(append);
                break;
            case CheckpointRequest checkpoint:
                Checkpoints.Add(checkpoint);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(request), request, "The ledger knows appends and checkpoints.");
        }
    }

    /// <summary>Writes all entries with one flush; when there is room for the last ones only, these. Their callers do not know yet.</summary>
    public void WriteEntries(LedgerStore store)
    {
        if (appends.Count == 0) return;
        try
        {
            if (appends.Exists(static append => !append.MayUseReserve)) Write(appends, store.AppendOrdinary);
            else Write(appends, store.AppendLast);
        }
        catch (StateException full) when (full.Error == StateError.DiskFull)
        {
            List<AppendRequest> ordinary = appends.FindAll(static append => !append.MayUseReserve);
            List<AppendRequest> last = appends.FindAll(static append => append.MayUseReserve);
            ordinary.ForEach(append => append.Fail(full));
            if (ordinary.Count == 0 || last.Count == 0) throw;
            Write(last, store.AppendLast);
        }
    }

    /// <summary>Tells the callers whose entries are on the disk.</summary>
    public void Acknowledge() => written.ForEach(static entry => entry.Request.Succeed(entry.Sequence));

    /// <summary>
    /// Signs when someone waits for it or it is <paramref name="due"/>, and tells <paramref name="made"/> before those who wait. Returns the failure
    /// of one that nobody waits for.
    /// </summary>
    public Exception? WriteCheckpoint(LedgerStore store, bool due, Action<LedgerCheckpoint> made)
    {
        if (Checkpoints.Count == 0 && !due) return null;
        try
        {
            LedgerCheckpoint checkpoint = store.Checkpoint();
            made(checkpoint);
            Checkpoints.ForEach(request => request.Succeed(checkpoint));
            return null;
        }
        catch (Exception failure)
        {
            // The key may live in hardware and fail as it likes; the entries are safe all the same.
            Checkpoints.ForEach(request => request.Fail(failure));
            return failure;
        }
    }

    public void Fail(Exception reason)
    {
        appends.ForEach(append => append.Fail(reason));
        Checkpoints.ForEach(checkpoint => checkpoint.Fail(reason));
    }

    private void Write(List<AppendRequest> requests, Func<IReadOnlyList<LedgerEntryDraft>, long> append)
    {
        long first = append(requests.ConvertAll(static request => request.Draft));
        for (int i = 0; i < requests.Count; i++) written.Add((requests[i], first + i));
    }
}
