namespace RemoteAccess.Trust;

/// <summary>
/// What the ledger has of a tool that exchanges texts: how many texts and bytes went each way, never what they say. The first text each way is recorded before it goes; later ones are added up, and the sum is
/// recorded before the next goes once a minute is over, and at the end: a technician cannot fill the disk with them. Thread-safe.
/// </summary>
/// <param name="type">The entry's.</param>
/// <param name="operation">The tool's.</param>
/// <param name="facts">The session's.</param>
/// <param name="around">The ledger.</param>
/// <param name="open">The session's end waits for what is being recorded.</param>
internal sealed class TextsRecord(string type, Operations operation, SessionFacts facts, SessionSurroundings around, OpenEntries open) : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private readonly SemaphoreSlim turn = new(1, 1);
    private (long Count, long Bytes) toComputer, toTechnician;
    private bool hasToComputer, hasToTechnician;
    private long writtenAt;

    /// <exception cref="StateException">It could not be recorded, and may not go.</exception>
    /// <exception cref="AccessRefusedException">The session is over.</exception>
    public async ValueTask AddAsync(bool isToComputer, int bytes)
    {
        using IDisposable entry = open.Begin(operation);
        await turn.WaitAsync().ConfigureAwait(false);
        try
        {
            bool isFirst = isToComputer ? !hasToComputer : !hasToTechnician;
            if (isToComputer) (hasToComputer, toComputer) = (true, (toComputer.Count + 1, toComputer.Bytes + bytes));
            else (hasToTechnician, toTechnician) = (true, (toTechnician.Count + 1, toTechnician.Bytes + bytes));
            if (!isFirst && around.Time.GetElapsedTime(writtenAt) < Interval) return;
            await around.Ledger.AppendAsync(Take(), CancellationToken.None).ConfigureAwait(false);
            writtenAt = around.Time.GetTimestamp();
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Records what is outstanding. Nothing is added any more.</summary>
    public async ValueTask DisposeAsync()
    {
        await turn.WaitAsync().ConfigureAwait(false);
        try
        {
            if (toComputer.Count + toTechnician.Count > 0)
                await around.Ledger.AppendLastAsync(Take(), CancellationToken.None).ConfigureAwait(false);
        }
        catch (StateException error)
        {
            Log.RefusalNotRecorded(around.Logger, error);
        }
        finally
        {
            // Not disposed: a disk that hangs may keep somebody waiting for it still.
            turn.Release();
        }
    }

    private LedgerEvent Take()
    {
        LedgerEvent entry = TrustEvents.TextsExchanged(type, facts, toComputer, toTechnician);
        (toComputer, toTechnician) = ((0, 0), (0, 0));
        return entry;
    }
}
