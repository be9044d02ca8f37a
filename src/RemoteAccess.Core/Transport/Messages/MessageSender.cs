using System.Buffers;

namespace RemoteAccess.Transport;

/// <summary>
/// The sending half of a <see cref="MessageChannel"/>: a bounded queue for each stream and the one loop that writes records, most urgent
/// first. Thread-safe. The lock is never held while somebody else's code runs. The loop runs on the thread pool; when it has nothing to do, who
/// sends bulk lends it the thread, so that a picture leaves without a thread being woken.
/// </summary>
internal sealed class MessageSender : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly IRecordChannel records;
    private readonly ChannelRole role;
    private readonly bool inline;
    private readonly SendQueue[] queues;
    private readonly SendSchedule schedule;
    private readonly CreditGrants grants = new();
    private readonly Stack<PendingMessage> spare = new();
    private readonly WakeSignal wake;
    private readonly CancellationTokenSource stop = new();
    private readonly Action<ChannelException> failed;
    private readonly Task loop;
    private SenderState state = SenderState.Open;
    private PendingMessage? finishing;
    private short finishingVersion;
    private long lastNumber;
    private ChannelException? ended;

    /// <param name="records">Written by the loop alone; closed and disposed by the owner.</param>
    /// <param name="role">Decides which streams may be sent.</param>
    /// <param name="inline">The loop runs on whatever thread gives it work, for tests in fake time; otherwise on the thread pool.</param>
    /// <param name="failed">Told once when the loop can write no more.</param>
    public MessageSender(IRecordChannel records, ChannelRole role, bool inline, Action<ChannelException> failed)
    {
        this.records = records;
        this.role = role;
        this.inline = inline;
        this.failed = failed;
        queues = [.. Enum.GetValues<MessageStream>().Select(stream => new SendQueue(StreamRule.Of(stream)))];
        schedule = new SendSchedule(queues);
        wake = new WakeSignal(inline);
        loop = inline ? WriteRecordsAsync() : Task.Run(WriteRecordsAsync);
    }

    /// <summary>Sends bytes lent by the caller, see <see cref="MessageChannel.SendAsync(MessageStream, ReadOnlyMemory{byte}, CancellationToken)"/>.</summary>
    public ValueTask SendAsync(MessageStream stream, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) =>
        SendAsync(stream, payload, null, cancellationToken);

    /// <summary>Sends the first bytes of a rented array, which is given back, wiped, whatever happens.</summary>
    public ValueTask SendRentedAsync(MessageStream stream, byte[] buffer, int length, CancellationToken cancellationToken) =>
        SendAsync(stream, buffer.AsMemory(0, length), buffer, cancellationToken);

    public long QueuedBytes(MessageStream stream)
    {
        SendQueue queue = queues[(int)StreamRule.Of(stream).Stream];
        lock (gate) return queue.QueuedBytes;
    }

    public long Credit(MessageStream stream)
    {
        SendQueue queue = queues[(int)StreamRule.Of(stream).Stream];
        lock (gate) return queue.Credit;
    }

    /// <summary>The peer lets this side go on.</summary>
    /// <exception cref="ChannelException">For a stream that has no credit or is not sent by this role, for nothing, or beyond 2^53 in all.</exception>
    public void TakeCredit(uint stream, ulong bytes)
    {
        if (!StreamRule.IsStream(stream) || StreamRule.Of((MessageStream)stream) is not { NeedsCredit: true } rule || !rule.MaySend(role) || bytes == 0)
        {
            throw new ChannelException(ChannelError.Malformed, $"The peer granted {bytes} bytes on stream {stream}, which takes none.");
        }
        lock (gate) queues[stream].Grant(bytes);
        wake.Set();
    }

    /// <summary>Lets the peer go on; goes out ahead of everything. Grants that wait are added up, so this never waits.</summary>
    public void GrantCredit(MessageStream stream, long bytes)
    {
        if (bytes == 0) return;
        lock (gate) grants.Add(stream, bytes);
        wake.Set();
    }

    /// <summary>Sends what is queued on the streams without credit, gives up the bulk, and ends the loop.</summary>
    /// <exception cref="ChannelException">The channel failed before.</exception>
    public async ValueTask DrainAsync(CancellationToken cancellationToken)
    {
        PendingMessage? dropped = null;
        lock (gate)
        {
            if (state is SenderState.Open or SenderState.PeerClosed)
            {
                state = SenderState.Closing;
                ended = new ChannelException(ChannelError.Closed, "This side has closed the channel.");
                dropped = TakeAll(bulkOnly: true);
            }
        }
        Complete(dropped, ended);
        wake.Set();
        await loop.WaitAsync(cancellationToken).ConfigureAwait(false);
        lock (gate)
        {
            if (state == SenderState.Failed) throw ended!;
            state = SenderState.Closed;
        }
    }

    /// <summary>The peer grants no more credit, so no more bulk can go; what waits of it fails. The small streams go on.</summary>
    public void EndBulk()
    {
        PendingMessage? dropped;
        lock (gate)
        {
            if (state != SenderState.Open) return;
            state = SenderState.PeerClosed;
            ended = new ChannelException(ChannelError.Closed, "The peer has closed the channel.");
            dropped = TakeAll(bulkOnly: true);
        }
        Complete(dropped, ended);
    }

    /// <summary>Ends the loop at once; every send that waits, and every later one, fails with <paramref name="failure"/>. The first call counts.</summary>
    public void Fail(ChannelException failure)
    {
        PendingMessage? dropped;
        lock (gate)
        {
            if (state is SenderState.Failed or SenderState.Closed) return;
            state = SenderState.Failed;
            ended = failure;
            dropped = TakeAll(bulkOnly: false);
        }
        stop.Cancel();
        wake.Set();
        Complete(dropped, failure);
        failed(failure);
    }

    public async ValueTask DisposeAsync()
    {
        Fail(new ChannelException(ChannelError.Closed, "This side has closed the channel."));
        await loop.ConfigureAwait(false);
    }

    /// <summary>Takes a message that its awaiter is done with back for another use.</summary>
    internal void Recycle(PendingMessage message)
    {
        lock (gate)
        {
            message.Reset();
            if (spare.Count < SendQueue.MaxWaiting) spare.Push(message);
        }
    }

    /// <summary>The sender's side of a cancellation: true when the message is out, and its awaiter is to be told so.</summary>
    internal bool TryCancel(PendingMessage message)
    {
        lock (gate)
        {
            switch (message.State)
            {
                case PendingState.Idle:
                case PendingState.Handed:
                    break;
                case PendingState.Queued:
                    message.Queue!.Cancel(message);
                    break;
                case PendingState.Done:
                    return false;
                default:
                    throw new InvalidOperationException($"No such state: {message.State}.");
            }
            message.State = PendingState.Done;
            message.DropPayload();
        }
        wake.Set();
        return true;
    }

    private ValueTask SendAsync(MessageStream stream, ReadOnlyMemory<byte> payload, byte[]? owned, CancellationToken cancellationToken)
    {
        SendQueue queue = queues[(int)StreamRule.Of(stream).Stream];
        ChannelException? refusal = null;
        PendingMessage message;
        lock (gate)
        {
            message = spare.TryPop(out PendingMessage? used) ? used : new PendingMessage(this, inline);
            if (cancellationToken.IsCancellationRequested || (refusal = WhyNot(queue, payload.Length)) is not null)
            {
                message.Fill(queue, payload, owned, isAwaited: true);
                message.State = PendingState.Done;
            }
            else if (queue.HasRoomFor(payload.Length))
            {
                byte[] copy = owned ?? Copy(payload);
                message.Fill(queue, copy.AsMemory(0, payload.Length), copy, isAwaited: false);
                queue.Enqueue(message, ++lastNumber);
            }
            else
            {
                message.Fill(queue, payload, owned, isAwaited: true);
            }
        }
        return message switch
        {
            { IsAwaited: false } => Started(),
            _ => AwaitAsync(message, refusal, cancellationToken),
        };
    }

    private ValueTask Started()
    {
        wake.Set();
        return ValueTask.CompletedTask;
    }

    private ValueTask AwaitAsync(PendingMessage message, ChannelException? refusal, CancellationToken cancellationToken)
    {
        ValueTask sent = new(message, message.Version);
        if (message.State == PendingState.Done)
        {
            message.DropPayload();
            message.Complete(refusal ?? (Exception)new OperationCanceledException(cancellationToken));
            return sent;
        }
        message.CancelWith(cancellationToken);
        lock (gate)
        {
            if (message.State == PendingState.Done) return sent;
            // The channel may have ended since the first look.
            refusal = WhyNot(message.Queue!, message.Payload.Length);
            if (refusal is null) message.Queue!.Enqueue(message, ++lastNumber);
            else message.State = PendingState.Done;
        }
        if (refusal is null)
        {
            if (message.Queue!.Rule.NeedsCredit) wake.SetHere();
            else wake.Set();
            return sent;
        }
        message.DropPayload();
        message.Complete(refusal);
        return sent;
    }

    private ChannelException? WhyNot(SendQueue queue, int length)
    {
        if (state != SenderState.Open && (state != SenderState.PeerClosed || queue.Rule.NeedsCredit)) return ended;
        if (!queue.Rule.MaySend(role)) return new ChannelException(ChannelError.OutOfOrder, $"The {role} does not send on stream {queue.Rule.Stream}.");
        if (length > queue.Rule.MaxMessage) return new ChannelException(ChannelError.LimitExceeded, $"A message of {length} bytes is too long for stream {queue.Rule.Stream}; {queue.Rule.MaxMessage} are allowed. Send it in parts.");
        if (queue.IsFull) return new ChannelException(ChannelError.LimitExceeded, $"{SendQueue.MaxWaiting} messages wait on stream {queue.Rule.Stream}. Await a send before the next.");
        return null;
    }

    private async Task WriteRecordsAsync()
    {
        byte[] record = GC.AllocateUninitializedArray<byte>(IRecordChannel.MaxContent);
        try
        {
            while (true)
            {
                int length = TakeRecord(record, out MessageStream stream, out bool isDrained);
                if (isDrained) return;
                if (length == 0)
                {
                    await wake.WaitAsync().ConfigureAwait(false);
                    continue;
                }
                await records.WriteAsync(record.AsMemory(0, length), stream == MessageStream.Input ? IRecordChannel.InputPadding : 1, stop.Token).ConfigureAwait(false);
                TakeFinished()?.Complete(null);
            }
        }
        catch (ChannelException failure)
        {
            Fail(failure);
        }
        catch (IOException failure)
        {
            Fail(new ChannelException(ChannelError.Truncated, "The link broke while sending.", failure));
        }
        catch (OperationCanceledException failure) when (stop.IsCancellationRequested)
        {
            Fail(new ChannelException(ChannelError.Closed, "This side has closed the channel.", failure));
        }
        finally
        {
            System.Security.Cryptography.CryptographicOperations.ZeroMemory(record);
        }
    }

    private int TakeRecord(Span<byte> record, out MessageStream stream, out bool isDrained)
    {
        stream = MessageStream.Control;
        lock (gate)
        {
            isDrained = state switch
            {
                SenderState.Open or SenderState.PeerClosed => false,
                SenderState.Closing => queues.All(queue => queue.IsEmpty),
                SenderState.Failed or SenderState.Closed => true,
                _ => throw new InvalidOperationException($"No such state: {state}."),
            };
            if (isDrained) return 0;
            int length = grants.TakeRecord(record);
            if (length > 0) return length;
            if (schedule.Next() is not { } queue) return 0;
            stream = queue.Rule.Stream;
            length = queue.TakeRecord(record, out PendingMessage? last);
            if (last is null) return length;
            last.DropPayload();
            if (last.IsAwaited)
            {
                last.State = PendingState.Handed;
                finishing = last;
                finishingVersion = last.Version;
            }
            else
            {
                last.Reset();
                if (spare.Count < SendQueue.MaxWaiting) spare.Push(last);
            }
            return length;
        }
    }

    /// <summary>The message whose last record was written, if anybody still waits for it.</summary>
    private PendingMessage? TakeFinished()
    {
        lock (gate)
        {
            PendingMessage? message = finishing;
            finishing = null;
            // It may have been cancelled, and be in use again, while its last record was written.
            if (message is null || message.Version != finishingVersion || message.State != PendingState.Handed) return null;
            message.State = PendingState.Done;
            return message;
        }
    }

    private PendingMessage? TakeAll(bool bulkOnly)
    {
        PendingMessage? all = bulkOnly ? null : TakeFinished();
        foreach (SendQueue queue in queues)
        {
            if (bulkOnly && !queue.Rule.NeedsCredit) continue;
            for (PendingMessage? message = queue.TakeAll(); message is not null;)
            {
                PendingMessage? next = message.Next;
                message.State = PendingState.Done;
                message.DropPayload();
                message.Next = all;
                all = message;
                message = next;
            }
        }
        return all;
    }

    private static void Complete(PendingMessage? messages, ChannelException? failure)
    {
        while (messages is not null)
        {
            PendingMessage message = messages;
            messages = message.Next;
            if (message.IsAwaited) message.Complete(failure);
        }
    }

    private static byte[] Copy(ReadOnlyMemory<byte> payload)
    {
        byte[] copy = ArrayPool<byte>.Shared.Rent(payload.Length);
        payload.CopyTo(copy);
        return copy;
    }
}
