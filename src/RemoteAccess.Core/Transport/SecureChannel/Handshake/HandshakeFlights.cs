using System.Buffers;
using System.Security.Cryptography;

namespace RemoteAccess.Transport;

/// <summary>
/// One handshake's traffic, for either role: messages in frames, clear until the keys are there and protected afterwards, within the
/// limits of bytes and time. One call at a time.
/// </summary>
internal sealed class HandshakeFlights : IDisposable
{
    private readonly ILink link;
    private readonly TimeProvider time;
    private readonly CancellationToken cancellationToken;
    private readonly CancellationTokenSource whole;
    private readonly CancellationTokenSource flight;
    private readonly CancellationTokenSource timeLimits;
    private readonly FrameReader reader;
    private readonly FrameWriter writer;
    private RecordCipher? send;
    private RecordCipher? receive;
    private byte[] received = [];

    public HandshakeFlights(ILink link, TimeProvider time, CancellationToken cancellationToken)
    {
        this.link = link;
        this.time = time;
        this.cancellationToken = cancellationToken;
        whole = new CancellationTokenSource(HandshakeLimits.Whole, time);
        flight = new CancellationTokenSource(HandshakeLimits.Flight, time);
        timeLimits = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, whole.Token, flight.Token);
        reader = new FrameReader(link.Input);
        writer = new FrameWriter(link.Output);
        reader.LimitTo(HandshakeLimits.MaxBytes);
    }

    public HandshakeTranscript Transcript { get; } = new();

    /// <summary>True after bytes that deserve no reply.</summary>
    public bool IsFramingBroken => reader.IsBroken;

    /// <summary>The next 10 s begin.</summary>
    public void BeginFlight() => flight.CancelAfter(HandshakeLimits.Flight);

    /// <summary>From now on everything is protected.</summary>
    public void Protect(PinnedSecret sendSecret, PinnedSecret receiveSecret)
    {
        send = new RecordCipher(sendSecret);
        receive = new RecordCipher(receiveSecret);
    }

    /// <summary>Sends one message, alone in its frame.</summary>
    public async Task SendAsync(byte[] message)
    {
        int length = send is null ? FrameHeader.Size + message.Length : RecordCipher.FrameLength(message.Length, padding: 0);
        WriteFrame(message, writer.Begin(length));
        writer.Commit(length);
        try
        {
            await writer.FlushAsync(timeLimits.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw TimedOut();
        }
    }

    /// <summary>Receives one message of the expected type, or a Reject where that is allowed. Valid until the next call.</summary>
    /// <exception cref="ChannelException">Anything else came, nothing came in time, or the link ended.</exception>
    public async Task<ReadOnlyMemory<byte>> ReceiveAsync(HandshakeType expected, bool orReject = false)
    {
        Frame frame;
        try
        {
            frame = await reader.ReadAsync(timeLimits.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw TimedOut();
        }

        ReadOnlyMemory<byte> message = Unwrap(frame);
        if (!HandshakeMessage.TryRead(message.Span, out HandshakeType type, out _) || !Enum.IsDefined(type))
        {
            throw new ChannelException(ChannelError.Malformed, "The peer sent something that is not a handshake message.");
        }

        if (type == expected || (orReject && type == HandshakeType.Reject)) return message;
        throw new ChannelException(ChannelError.OutOfOrder, $"The peer sent {type} where {expected} was due.");
    }

    /// <summary>True when bytes have arrived that nobody asked for yet.</summary>
    public bool HasMoreArrived() => reader.HasArrived();

    /// <summary>Ends the sending direction and gives the peer a moment to take what was sent, so that the link's end does not overtake it.</summary>
    public async Task LingerAsync()
    {
        await writer.CompleteAsync().ConfigureAwait(false);
        using var moment = new CancellationTokenSource(HandshakeLimits.Linger, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, moment.Token);
        try
        {
            await reader.DrainAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The moment is over.
            return;
        }
    }

    /// <summary>The channel on the same link; the link is then the channel's.</summary>
    public SecureChannel Establish(ChannelRole role, ApplicationSecrets secrets) =>
        new(link, reader, writer, role, secrets, time, RekeyLimits.Protocol);

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(received);
        send?.Dispose();
        receive?.Dispose();
        timeLimits.Dispose();
        flight.Dispose();
        whole.Dispose();
        Transcript.Dispose();
    }

    private void WriteFrame(byte[] message, Span<byte> frame)
    {
        if (send is null)
        {
            new FrameHeader(FrameKind.Clear, message.Length).Write(frame);
            message.CopyTo(frame[FrameHeader.Size..]);
        }
        else
        {
            send.Seal(RecordType.Handshake, message, padding: 0, frame);
        }
    }

    private ReadOnlyMemory<byte> Unwrap(in Frame frame)
    {
        FrameKind due = receive is null ? FrameKind.Clear : FrameKind.Protected;
        if (frame.Header.Kind != due) throw new ChannelException(ChannelError.OutOfOrder, $"The peer sent a frame of kind {frame.Header.Kind} where {due} was due.");

        CryptographicOperations.ZeroMemory(received);
        if (receive is null)
        {
            received = new byte[frame.Header.Length];
            frame.Payload.CopyTo(received);
            return received;
        }

        received = GC.AllocateUninitializedArray<byte>(frame.Header.Length - RecordCipher.TagLength, pinned: true);
        receive.Open(frame, received);
        if (!RecordBody.TryRead(received, out RecordType type, out Range content))
        {
            throw new ChannelException(ChannelError.Malformed, "A record's inside is not of this protocol: unknown type or wrong padding.");
        }

        if (type != RecordType.Handshake) throw new ChannelException(ChannelError.OutOfOrder, $"The peer sent a record of type {type} during the handshake.");
        return received.AsMemory(content);
    }

    private static ChannelException TimedOut() => new(ChannelError.TimedOut, "The peer did not answer in time.");
}
