namespace RemoteAccess.Trust;

/// <summary>Something asked of the ledger's writer, and the promise to the one who asked.</summary>
internal abstract class LedgerRequest
{
    public abstract void Fail(Exception reason);
}

/// <summary>One entry to append. Can be taken back until the writer has taken it up.</summary>
internal sealed class AppendRequest(LedgerEntryDraft draft, bool mayUseReserve) : LedgerRequest
{
    private readonly TaskCompletionSource<long> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int taken;

    public LedgerEntryDraft Draft { get; } = draft;

    public bool MayUseReserve { get; } = mayUseReserve;

    public ValueTask<long> WaitAsync(CancellationToken cancellationToken) => done.Task.IsCompleted ? new(done.Task) : WaitLongerAsync(cancellationToken);

    private async ValueTask<long> WaitLongerAsync(CancellationToken cancellationToken)
    {
        CancellationTokenRegistration registration = cancellationToken.Register(() =>
        {
            if (TryTake()) done.TrySetCanceled(cancellationToken);
        });
        await using (registration.ConfigureAwait(false)) return await done.Task.ConfigureAwait(false);
    }

    /// <summary>True for the one that decides: the writer to write it, or the caller to take it back.</summary>
    public bool TryTake() => Interlocked.Exchange(ref taken, 1) == 0;

    public void Succeed(long sequence) => done.TrySetResult(sequence);

    public override void Fail(Exception reason) => done.TrySetException(reason);
}

/// <summary>A checkpoint, asked for by a caller or by the clock.</summary>
internal sealed class CheckpointRequest(bool byClock = false) : LedgerRequest
{
    private readonly TaskCompletionSource<LedgerCheckpoint> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool ByClock { get; } = byClock;

    /// <summary>Nobody has to wait for it: the clock asks too.</summary>
    public Task<LedgerCheckpoint> Done => done.Task;

    public void Succeed(LedgerCheckpoint checkpoint) => done.TrySetResult(checkpoint);

    public override void Fail(Exception reason)
    {
        done.TrySetException(reason);
        // Reading it marks it as seen, so that a checkpoint asked for by the clock does not count as an unobserved failure as well.
        _ = done.Task.Exception;
    }
}
