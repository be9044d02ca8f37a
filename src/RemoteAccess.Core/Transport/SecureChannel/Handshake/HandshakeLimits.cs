namespace RemoteAccess.Transport;

/// <summary>
/// What all handshakes of one agent share (docs/protocol.md §6, "Limits"): how many run at once, and how often a stranger gets an answer.
/// Thread-safe.
/// </summary>
internal sealed class HandshakeLimits(TimeProvider time)
{
    public const int MaxConcurrent = 8;
    public const int RejectBurst = 20;

    /// <summary>Bytes read from the peer in one handshake, framing included.</summary>
    public const int MaxBytes = 16 * 1024;

    public static readonly TimeSpan RejectInterval = TimeSpan.FromSeconds(6);
    public static readonly TimeSpan Flight = TimeSpan.FromSeconds(10);
    public static readonly TimeSpan Whole = TimeSpan.FromSeconds(30);

    /// <summary>How long a refused peer is given to take the Reject off the link.</summary>
    public static readonly TimeSpan Linger = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private int running;
    private readonly TokenBucket rejects = new(RejectBurst, RejectInterval, time);

    /// <summary>Takes a place for one handshake; false when all are taken. Give it back with <see cref="Leave"/>.</summary>
    public bool TryEnter()
    {
        lock (gate)
        {
            if (running == MaxConcurrent) return false;
            running++;
            return true;
        }
    }

    public void Leave()
    {
        lock (gate) running--;
    }

    /// <summary>Takes the right to answer one pre-gate failure: 10 a minute, 20 at once. False: end the link without an answer.</summary>
    public bool TryTakeReject()
    {
        lock (gate) return rejects.TryTake();
    }
}
