using System.Buffers;
using System.Runtime.CompilerServices;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Transport;

/// <summary>
/// Messages over an established channel (docs/messages.md): eight streams that interleave in records of at most 16 KiB, urgent ones
/// first, bulk ones within the receiver's credit. Sending is thread-safe; receiving is for one caller at a time and may run beside it.
/// Any violation by the peer ends the channel with a <see cref="ChannelException"/>.
/// </summary>
internal sealed class MessageChannel : IAsyncDisposable
{
    private readonly IRecordChannel records;
    private readonly MessageSender sender;
    private readonly MessageReceiver receiver;
    private CancellationTokenSource reading = new();
    private ChannelException? failure;
    private int isReceiving;
    private int isClosing;
    private int isDisposed;

    /// <param name="records">The channel; owned from now on.</param>
    /// <param name="role">Which end this is.</param>
    /// <param name="logger">Told of messages of unknown kinds.</param>
    /// <param name="inline">Continue on whatever thread gives work, so that tests in fake time run in one order; otherwise on the thread pool.</param>
    public MessageChannel(IRecordChannel records, ChannelRole role, ILogger logger, bool inline = false)
    {
        this.records = records;
        sender = new MessageSender(records, role, inline, EndReading);
        receiver = new MessageReceiver(records, role, sender, logger);
    }

    /// <summary>
    /// Sends one message. On control, input, chat and cursor it is copied and this completes at once while the stream's queue has room,
    /// else when the message was handed to the channel. On the other streams <paramref name="payload"/> is lent until this completes, which is
    /// when the last byte was handed to the channel; it waits for the peer's credit. Messages of one stream arrive in the order of the calls.
    /// </summary>
    /// <param name="stream">One that this side may send.</param>
    /// <param name="payload">0 bytes to the stream's limit.</param>
    /// <param name="cancellationToken">Takes the message back at once. If part of it has gone the peer is told to forget that part; if all of
    /// it has gone it may arrive all the same.</param>
    /// <exception cref="ChannelException"><see cref="ChannelError.Closed"/> after the close, the channel's failure after that;
    /// <see cref="ChannelError.LimitExceeded"/> (the channel goes on) when the message is too long or 256 sends wait on the stream;
    /// <see cref="ChannelError.OutOfOrder"/> (the channel goes on) when this side does not send on the stream.</exception>
    public ValueTask SendAsync(MessageStream stream, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken) =>
        sender.SendAsync(stream, payload, cancellationToken);

    /// <inheritdoc cref="SendAsync(MessageStream, ReadOnlyMemory{byte}, CancellationToken)"/>
    public ValueTask SendAsync(ControlMessage message, CancellationToken cancellationToken) => SendBodyAsync(MessageStream.Control, message, cancellationToken);

    /// <inheritdoc cref="SendAsync(MessageStream, ReadOnlyMemory{byte}, CancellationToken)"/>
    public ValueTask SendAsync(InputMessage message, CancellationToken cancellationToken) => SendBodyAsync(MessageStream.Input, message, cancellationToken);

    /// <inheritdoc cref="SendAsync(MessageStream, ReadOnlyMemory{byte}, CancellationToken)"/>
    public ValueTask SendAsync(ChatMessage message, CancellationToken cancellationToken) => SendBodyAsync(MessageStream.Chat, message, cancellationToken);

    /// <inheritdoc cref="SendAsync(MessageStream, ReadOnlyMemory{byte}, CancellationToken)"/>
    public ValueTask SendAsync(CursorMessage message, CancellationToken cancellationToken) => SendBodyAsync(MessageStream.Cursor, message, cancellationToken);

    /// <summary>Bytes of a stream that were sent but have not been handed to the channel: what a new message would stand behind.</summary>
    public long QueuedBytes(MessageStream stream) => sender.QueuedBytes(stream);

    /// <summary>Bytes the peer will take on a bulk stream before it grants more.</summary>
    public long Credit(MessageStream stream) => sender.Credit(stream);

    /// <summary>
    /// The next message; its payload is lent until the next call. <see cref="ReceivedMessage.IsEnd"/> after the peer's close, at every later
    /// call too. A message counts as consumed, and its credit goes back, at the next call. Credit grants are dealt with here and not given out.
    /// </summary>
    /// <exception cref="ChannelException">The channel failed: truncated, altered, malformed, out of order or beyond a limit.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ReceivedMessage> ReceiveAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref isReceiving, 1) != 0) throw new InvalidOperationException("A receive is under way.");
        CancellationTokenRegistration cancelled = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), reading);
        try
        {
            if (Volatile.Read(ref failure) is { } before) throw before;
            return await receiver.ReceiveAsync(reading.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (reading.IsCancellationRequested)
        {
            if (Volatile.Read(ref failure) is { } meanwhile) throw meanwhile;
            throw new OperationCanceledException(cancellationToken);
        }
        catch (ChannelException broken)
        {
            sender.Fail(broken);
            throw;
        }
        catch (IOException broken)
        {
            ChannelException truncated = new(ChannelError.Truncated, "The link broke while receiving.", broken);
            sender.Fail(truncated);
            throw truncated;
        }
        finally
        {
            await cancelled.DisposeAsync().ConfigureAwait(false);
            RenewReading();
            Volatile.Write(ref isReceiving, 0);
        }
    }

    /// <summary>
    /// For a consumer that passes a bulk message on before it is used up: the credit of the last received message does not go back at the
    /// next receive but when <see cref="ReturnCredit"/> says so. Returns the bytes to return, 0 on a stream without credit.
    /// </summary>
    public int DeferCredit() => receiver.DeferCredit();

    /// <summary>Gives deferred credit back, in one or more parts. Thread-safe.</summary>
    public void ReturnCredit(MessageStream stream, int bytes) => receiver.ReturnCredit(stream, bytes);

    /// <summary>
    /// Sends what is queued on control, input, chat and cursor, then the authenticated close. Bulk that waits fails with
    /// <see cref="ChannelError.Closed"/>. Receiving may go on until the peer's close. Only the first call counts.
    /// </summary>
    public async ValueTask CloseAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref isClosing, 1) != 0) return;
        await sender.DrainAsync(cancellationToken).ConfigureAwait(false);
        await records.CloseAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// This side found a message that breaks the protocol after it was received: every send and receive, waiting or later, fails with that.
    /// The first failure counts. Thread-safe.
    /// </summary>
    public void Fail(ChannelException violation) => sender.Fail(violation);

    /// <summary>Ends everything at once, the record channel included. What waits fails with <see cref="ChannelError.Closed"/>.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref isDisposed, 1) != 0) return;
        EndReading(new ChannelException(ChannelError.Closed, "This side has closed the channel."));
        await sender.DisposeAsync().ConfigureAwait(false);
        await records.DisposeAsync().ConfigureAwait(false);
        // The receiver's buffers are left to the collector: the last message may still be lent.
    }

    private ValueTask SendBodyAsync(MessageStream stream, IMessage message, CancellationToken cancellationToken)
    {
        MessageBody.Check(message);
        int length = message.CalculateSize();
        if (length > StreamRule.Of(stream).MaxMessage) throw new ChannelException(ChannelError.LimitExceeded, $"A message of {length} bytes is too long for stream {stream}.");
        byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
        message.WriteTo(buffer.AsSpan(0, length));
        return sender.SendRentedAsync(stream, buffer, length, cancellationToken);
    }

    private void EndReading(ChannelException reason)
    {
        if (Interlocked.CompareExchange(ref failure, reason, null) is null) Volatile.Read(ref reading).Cancel();
    }

    private void RenewReading()
    {
        if (!reading.IsCancellationRequested || Volatile.Read(ref failure) is not null) return;
        Volatile.Write(ref reading, new CancellationTokenSource());
        // A failure in between cancelled the old one.
        if (Volatile.Read(ref failure) is not null) reading.Cancel();
    }
}
