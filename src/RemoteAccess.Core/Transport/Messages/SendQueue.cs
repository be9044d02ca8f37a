namespace RemoteAccess.Transport;

/// <summary>The messages of one stream on their way out, in order, and the credit they may use. Belongs to the sender's lock.</summary>
internal sealed class SendQueue(StreamRule rule)
{
    /// <summary>Sends that may wait on one stream at a time; more is a caller that does not await.</summary>
    public const int MaxWaiting = 256;

    /// <summary>Messages that may be copied and queued on one stream, however short.</summary>
    public const int MaxCopied = 1024;

    /// <summary>All credit ever granted on a stream stays below this: exact in every implementation, JavaScript included.</summary>
    public const long MaxGranted = 1L << 53;

    private PendingMessage? head;
    private PendingMessage? tail;
    private int waiting;
    private int copied;
    private long granted = rule.Window;
    private bool abandonsMessage;

    public StreamRule Rule => rule;

    /// <summary>Bytes not yet put into records.</summary>
    public long QueuedBytes { get; private set; }

    /// <summary>Bytes that may be sent before the peer grants more; meaningless for a stream without credit.</summary>
    public long Credit { get; private set; } = rule.Window;

    public bool IsFull => waiting >= MaxWaiting;

    /// <summary>A record of this stream can be written now.</summary>
    public bool IsReady => abandonsMessage || (head is not null && (!rule.NeedsCredit || Credit > 0 || head.Remaining == 0));

    /// <summary>The number of the message that goes next; 0 when none does.</summary>
    public long HeadNumber => head?.Number ?? 0;

    public bool IsEmpty => head is null && !abandonsMessage;

    /// <summary>A message of this length may be copied instead of waiting, and overtakes none that waits. An empty queue takes any message.</summary>
    public bool HasRoomFor(int length) =>
        rule.QueueBytes > 0 && waiting == 0 && copied < MaxCopied && (head is null || QueuedBytes + length <= rule.QueueBytes);

    /// <param name="message">Goes behind what is queued.</param>
    /// <param name="number">Counts the messages of all streams in the order they were sent.</param>
    public void Enqueue(PendingMessage message, long number)
    {
        message.Number = number;
        message.State = PendingState.Queued;
        message.Next = null;
        if (tail is null) head = message;
        else tail.Next = message;
        tail = message;
        Count(message, 1);
        QueuedBytes += message.Remaining;
    }

    /// <summary>Puts the next record of this stream into <paramref name="record"/> and returns its length. Only when <see cref="IsReady"/>.</summary>
    /// <param name="record">At least header and largest fragment.</param>
    /// <param name="finished">The message that ends with this record.</param>
    public int TakeRecord(Span<byte> record, out PendingMessage? finished)
    {
        finished = null;
        if (abandonsMessage)
        {
            abandonsMessage = false;
            new RecordHeader(rule.Stream, 0).Write(record);
            return RecordHeader.Length;
        }
        PendingMessage message = head ?? throw new InvalidOperationException("Nothing is queued on this stream.");
        int remaining = message.Remaining, length = Math.Min(remaining, RecordHeader.MaxFragment);
        if (rule.NeedsCredit)
        {
            length = (int)Math.Min(length, Credit);
            Credit -= length;
        }
        new RecordHeader(rule.Stream, remaining).Write(record);
        message.Payload.Span.Slice(message.Sent, length).CopyTo(record[RecordHeader.Length..]);
        message.Sent += length;
        QueuedBytes -= length;
        if (length == remaining)
        {
            Remove(null, message);
            finished = message;
        }
        return RecordHeader.Length + length;
    }

    /// <summary>Takes a message out; what the peer has of it already will be called off.</summary>
    public void Cancel(PendingMessage message)
    {
        PendingMessage? before = null;
        for (PendingMessage? at = head; at != message; at = at.Next) before = at ?? throw new InvalidOperationException("The message is not queued here.");
        abandonsMessage |= message.Sent > 0;
        QueuedBytes -= message.Remaining;
        Remove(before, message);
    }

    /// <summary>Takes out everything; the channel is over for this stream.</summary>
    public PendingMessage? TakeAll()
    {
        PendingMessage? all = head;
        head = tail = null;
        waiting = copied = 0;
        QueuedBytes = 0;
        abandonsMessage = false;
        return all;
    }

    /// <exception cref="ChannelException">More than <see cref="MaxGranted"/> in all.</exception>
    public void Grant(ulong bytes)
    {
        if (bytes > (ulong)(MaxGranted - granted)) throw new ChannelException(ChannelError.LimitExceeded, $"The peer granted more than 2^53 bytes on stream {rule.Stream}.");
        granted += (long)bytes;
        Credit += (long)bytes;
    }

    private void Remove(PendingMessage? before, PendingMessage message)
    {
        if (before is null) head = message.Next;
        else before.Next = message.Next;
        if (tail == message) tail = before;
        message.Next = null;
        Count(message, -1);
    }

    private void Count(PendingMessage message, int change)
    {
        if (message.IsAwaited) waiting += change;
        else copied += change;
    }
}
