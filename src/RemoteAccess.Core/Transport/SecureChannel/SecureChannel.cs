using System.Runtime.CompilerServices;

namespace RemoteAccess.Transport;

/// <summary>
/// The established end-to-end channel (docs/protocol.md §5, §6). Owns its link. To end well: <see cref="CloseAsync"/>, read until empty,
/// dispose. After any <see cref="ChannelException"/> from reading, the link is closed and the channel over.
/// </summary>
internal sealed class SecureChannel : IRecordChannel
{
    private readonly Lock sending = new();
    private readonly Lock receiving = new();
    private readonly ILink link;
    private readonly FrameReader reader;
    private readonly FrameWriter writer;
    private readonly SendDirection send;
    private readonly ReceiveDirection receive;
    private readonly PinnedSecret exporter;
    private volatile SendState sendState;
    private volatile ReceiveState receiveState;
    private volatile int isDisposed;

    public SecureChannel(ILink link, FrameReader reader, FrameWriter writer, ChannelRole role, ApplicationSecrets secrets, TimeProvider time, RekeyLimits limits)
    {
        bool isHost = role == ChannelRole.Host;
        this.link = link;
        this.reader = reader;
        this.writer = writer;
        send = new SendDirection(isHost ? secrets.Host : secrets.Technician, limits, time);
        receive = new ReceiveDirection(isHost ? secrets.Technician : secrets.Host, limits, time);
        exporter = new PinnedSecret(secrets.Exporter.Span);
        SessionId = secrets.SessionId;
        sendState = isHost ? SendState.Open : SendState.AwaitsPeer;
        receiveState = isHost ? ReceiveState.AwaitsOwnFirst : ReceiveState.Open;
        reader.Unlimit();
    }

    private enum SendState
    {
        AwaitsPeer,
        Open,
        Closed,
    }

    private enum ReceiveState
    {
        AwaitsOwnFirst,
        Open,
        Finished,
        Failed,
    }

    /// <summary>16 bytes, the same on both ends, unguessable beforehand; not a secret.</summary>
    public ReadOnlyMemory<byte> SessionId { get; }

    /// <summary>Where the other end is, for people.</summary>
    public string Peer => link.Peer;

    /// <summary>Bytes put on the link since it began, framing and handshake included. Readable from any thread.</summary>
    public long BytesSent => writer.BytesSent;

    /// <summary>Bytes taken from the link since it began, framing and handshake included. Readable from any thread.</summary>
    public long BytesReceived => reader.BytesReceived;

    /// <summary>Derives a key that both ends know and nobody else, for a use outside the channel.</summary>
    /// <param name="label">Names the use; ASCII, at most 246 characters.</param>
    /// <param name="context">Any bytes that both ends give alike.</param>
    /// <param name="output">1 to 8160 bytes.</param>
    public void Export(string label, ReadOnlySpan<byte> context, Span<byte> output)
    {
        ObjectDisposedException.ThrowIf(isDisposed != 0, this);
        KeySchedule.Export(exporter.Span, label, context, output);
    }

    /// <inheritdoc/>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => WriteAsync(content, padTo: 1, cancellationToken);

    /// <inheritdoc/>
    public ValueTask WriteAsync(ReadOnlyMemory<byte> content, int padTo, CancellationToken cancellationToken)
    {
        if (content.Length is < 1 or > IRecordChannel.MaxContent)
        {
            throw new ArgumentOutOfRangeException(nameof(content), content.Length, $"A record's content has 1 to {IRecordChannel.MaxContent} bytes.");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(padTo, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(padTo, RecordBody.MaxPadding + 1);
        cancellationToken.ThrowIfCancellationRequested();
        Seal(RecordType.Application, content.Span, RecordBody.PaddingFor(content.Length, padTo), SendState.Open);
        if (receiveState == ReceiveState.AwaitsOwnFirst) receiveState = ReceiveState.Open;
        return writer.FlushAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                if (!MayReceive()) return ValueTask.FromResult(ReadOnlyMemory<byte>.Empty);
                if (!reader.TryRead(out Frame frame)) return WaitForRecordAsync(cancellationToken);
                if (TryOpen(frame, out ReadOnlyMemory<byte> content)) return ValueTask.FromResult(content);
            }
        }
        catch (ChannelException fault)
        {
            return FailReadingAsync(fault);
        }
    }

    /// <inheritdoc/>
    public async ValueTask CloseAsync(CancellationToken cancellationToken)
    {
        if (sendState == SendState.Closed || isDisposed != 0) return;
        try
        {
            Seal(RecordType.Close, RecordBody.Close, padding: 0, SendState.Closed);
            await writer.FlushAsync(cancellationToken).ConfigureAwait(false);
            await writer.CompleteAsync().ConfigureAwait(false);
        }
        catch (ChannelException fault) when (fault.Error == ChannelError.Truncated && receiveState == ReceiveState.Finished)
        {
            // The peer said its close and left: there is nobody to tell.
            sendState = SendState.Closed;
        }
    }

    /// <summary>Ends the link at once, both directions, and zeroes the keys.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref isDisposed, 1) != 0) return;
        reader.CancelPending();
        writer.CancelPending();
        await link.DisposeAsync().ConfigureAwait(false);
        lock (sending) send.Dispose();
        lock (receiving) receive.Dispose();
        exporter.Dispose();
    }

    private void Seal(RecordType type, ReadOnlySpan<byte> content, int padding, SendState next)
    {
        lock (sending)
        {
            ThrowIfDisposed();
            switch (sendState)
            {
                case SendState.Open:
                    break;
                case SendState.AwaitsPeer:
                    throw new ChannelException(ChannelError.OutOfOrder, "Nothing may be sent before the computer has answered with Accepted or Denied.");
                case SendState.Closed:
                    throw new ChannelException(ChannelError.Closed, "This side has closed the channel.");
                default:
                    throw new InvalidOperationException($"Unknown state {sendState}.");
            }

            send.Seal(writer, type, content, padding);
            sendState = next;
        }
    }

    private void ThrowIfDisposed()
    {
        if (isDisposed != 0) throw new ChannelException(ChannelError.Closed, "This side has closed the channel.");
    }

    private bool MayReceive()
    {
        ThrowIfDisposed();
        return receiveState switch
        {
            ReceiveState.AwaitsOwnFirst or ReceiveState.Open => true,
            ReceiveState.Finished => false,
            ReceiveState.Failed => throw new ChannelException(ChannelError.Closed, "The channel has failed and is over."),
            _ => throw new InvalidOperationException($"Unknown state {receiveState}."),
        };
    }

    /// <summary>True when the frame holds something for the caller: content, or empty for the close.</summary>
    private bool TryOpen(in Frame frame, out ReadOnlyMemory<byte> content)
    {
        lock (receiving)
        {
            ThrowIfDisposed();
            RecordType type = receive.Open(frame, out content);
            if (receiveState == ReceiveState.AwaitsOwnFirst) throw new ChannelException(ChannelError.OutOfOrder, "The technician's side sent data before it was accepted.");
            switch (type)
            {
                case RecordType.Application:
                    TakeApplication(content.Length);
                    return true;
                case RecordType.KeyUpdate:
                    return false;
                case RecordType.Close:
                    TakeClose(content.Span);
                    content = ReadOnlyMemory<byte>.Empty;
                    return true;
                case RecordType.Handshake:
                    throw new ChannelException(ChannelError.OutOfOrder, "The peer sent a handshake message after the handshake.");
                default:
                    throw new InvalidOperationException($"Unknown record type {type}.");
            }
        }
    }

    private void TakeApplication(int length)
    {
        if (length == 0) throw new ChannelException(ChannelError.Malformed, "The peer sent a record without content.");
        if (length > IRecordChannel.MaxContent) throw new ChannelException(ChannelError.LimitExceeded, "The peer sent a record with more content than one may have.");
        if (sendState == SendState.AwaitsPeer) sendState = SendState.Open;
    }

    private void TakeClose(ReadOnlySpan<byte> content)
    {
        if (!content.SequenceEqual(RecordBody.Close)) throw new ChannelException(ChannelError.Malformed, "A Close has content that is not of this protocol.");
        receiveState = ReceiveState.Finished;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ReadOnlyMemory<byte>> WaitForRecordAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                Frame frame = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                if (TryOpen(frame, out ReadOnlyMemory<byte> content)) return content;
            }
        }
        catch (ChannelException fault)
        {
            return await FailReadingAsync(fault).ConfigureAwait(false);
        }
    }

    /// <summary>Ends the link after a fault in reading, and throws it; what happens because this side disposed the channel is no fault.</summary>
    private async ValueTask<ReadOnlyMemory<byte>> FailReadingAsync(ChannelException fault)
    {
        if (isDisposed != 0) throw new ChannelException(ChannelError.Closed, "This side has closed the channel.", fault);
        if (receiveState != ReceiveState.Failed)
        {
            receiveState = ReceiveState.Failed;
            await link.DisposeAsync().ConfigureAwait(false);
        }

        throw fault;
    }
}
