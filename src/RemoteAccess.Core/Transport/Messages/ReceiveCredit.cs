namespace RemoteAccess.Transport;

/// <summary>
/// The receiver's side of a stream's credit (docs/messages.md, "Credit"). What the sender may still send is kept at the window less what
/// has arrived and is not consumed, but never below what is missing of a message that has begun: a message once begun can always be
/// finished. So no more than window + longest message is ever unconsumed. Thread-safe.
/// </summary>
internal sealed class ReceiveCredit(StreamRule rule)
{
    private readonly Lock gate = new();
    private long outstanding = rule.Window;
    private long unconsumed;
    private int missing;

    /// <summary>Counts an arrived fragment.</summary>
    /// <param name="bytes">Its length.</param>
    /// <param name="missingAfter">What its message still lacks.</param>
    /// <returns>What to grant now, 0 for nothing.</returns>
    /// <exception cref="ChannelException">The sender had no credit for it.</exception>
    public long Receive(int bytes, int missingAfter)
    {
        lock (gate)
        {
            if (bytes > outstanding) throw new ChannelException(ChannelError.LimitExceeded, $"The peer sent more on stream {rule.Stream} than it had credit for.");
            outstanding -= bytes;
            unconsumed += bytes;
            missing = missingAfter;
            return Due();
        }
    }

    /// <summary>Counts bytes that were used or thrown away.</summary>
    /// <returns>What to grant now, 0 for nothing.</returns>
    public long Consume(long bytes)
    {
        lock (gate)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(bytes);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, unconsumed);
            unconsumed -= bytes;
            return Due();
        }
    }

    /// <summary>The message that had begun will not be finished.</summary>
    public long Abandon(long bytes)
    {
        lock (gate)
        {
            missing = 0;
            unconsumed -= bytes;
            return Due();
        }
    }

    /// <summary>Grants in quarters of the window, except when a message cannot go on without one.</summary>
    private long Due()
    {
        long due = Math.Max(rule.Window - unconsumed, missing) - outstanding;
        if (due <= 0 || (outstanding >= missing && due < rule.Window / 4)) return 0;
        outstanding += due;
        return due;
    }
}
