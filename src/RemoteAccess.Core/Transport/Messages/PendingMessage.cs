using System.Buffers;
using System.Threading.Tasks.Sources;

namespace RemoteAccess.Transport;

/// <summary>Where a message stands on its way out.</summary>
internal enum PendingState
{
    /// <summary>In nobody's queue.</summary>
    Idle,
    /// <summary>In its stream's queue, perhaps partly sent.</summary>
    Queued,
    /// <summary>Its last record is being written; its bytes are no longer needed.</summary>
    Handed,
    /// <summary>Sent, cancelled or failed.</summary>
    Done,
}

/// <summary>
/// One message on its way out, reused. Whoever sent it may be awaiting it. All members but the awaiting side belong to the sender's lock.
/// </summary>
internal sealed class PendingMessage : IValueTaskSource
{
    private readonly MessageSender sender;
    private ManualResetValueTaskSourceCore<bool> source;
    private CancellationTokenRegistration cancellation;
    private byte[]? owned;

    public PendingMessage(MessageSender sender, bool inline)
    {
        this.sender = sender;
        source.RunContinuationsAsynchronously = !inline;
    }

    public PendingState State { get; set; }

    public SendQueue? Queue { get; private set; }

    public ReadOnlyMemory<byte> Payload { get; private set; }

    /// <summary>Bytes already put into records.</summary>
    public int Sent { get; set; }

    public int Remaining => Payload.Length - Sent;

    /// <summary>Somebody awaits it; otherwise it was copied and its sender went on.</summary>
    public bool IsAwaited { get; private set; }

    public PendingMessage? Next { get; set; }

    /// <summary>Its place among the messages of all streams.</summary>
    public long Number { get; set; }

    /// <summary>Tells uses of this object apart.</summary>
    public short Version => source.Version;

    /// <param name="queue">The stream it goes to.</param>
    /// <param name="payload">Its bytes, the caller's or in <paramref name="buffer"/>.</param>
    /// <param name="buffer">A rented array that it now owns, or null when the bytes are lent.</param>
    /// <param name="isAwaited">Whether a task is handed out for it.</param>
    public void Fill(SendQueue queue, ReadOnlyMemory<byte> payload, byte[]? buffer, bool isAwaited)
    {
        Queue = queue;
        Payload = payload;
        owned = buffer;
        IsAwaited = isAwaited;
        Sent = 0;
    }

    /// <summary>Before it is queued, so that a registration always belongs to this use. Not under the sender's lock: it may call back at once.</summary>
    public void CancelWith(CancellationToken cancellationToken)
    {
        cancellation = cancellationToken.UnsafeRegister(
            static (state, token) => ((PendingMessage)state!).Cancel(token), this);
    }

    /// <summary>The bytes are not needed any more: a copy is wiped and given back, a loan ends.</summary>
    public void DropPayload()
    {
        Payload = default;
        Sent = 0;
        if (owned is null) return;
        ArrayPool<byte>.Shared.Return(owned, clearArray: true);
        owned = null;
    }

    /// <summary>Tells whoever awaits it. Not under the sender's lock: they may go on at once, and a running cancellation is waited for.</summary>
    public void Complete(Exception? failure)
    {
        cancellation.Dispose();
        Report(failure);
    }

    /// <summary>Ready for another use.</summary>
    public void Reset()
    {
        cancellation = default;
        Queue = null;
        Next = null;
        State = PendingState.Idle;
        source.Reset();
    }

    void IValueTaskSource.GetResult(short token)
    {
        try
        {
            source.GetResult(token);
        }
        finally
        {
            sender.Recycle(this);
        }
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        source.OnCompleted(continuation, state, token, flags);

    private void Cancel(CancellationToken token)
    {
        if (sender.TryCancel(this)) Report(new OperationCanceledException(token));
    }

    private void Report(Exception? failure)
    {
        if (failure is null) source.SetResult(true);
        else source.SetException(failure);
    }
}
