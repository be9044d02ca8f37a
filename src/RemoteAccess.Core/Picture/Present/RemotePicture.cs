using System.Runtime.CompilerServices;
using Google.Protobuf;
using RemoteAccess.Sessions;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess.Picture;

/// <summary>
/// The computer's picture in a session. Nothing is captured until somebody reads; a slow reader skips frames and is never shown an old one.
/// </summary>
public sealed class RemotePicture
{
    private readonly MessageChannel messages;
    private readonly InputTimes inputs;
    private readonly TimeProvider time;
    private readonly Framebuffer framebuffer = new();
    private readonly PictureDecoder decoder = new();
    private readonly ControlMessage acknowledgement = new() { PictureAck = new PictureAck() };
    private readonly Lock gate = new();
    private PictureArrivals? arrivals;
    private Exception? closedWith;
    private bool closed;
    private uint arrivedEpoch;
    private uint staleEpoch;
    private PixelRect? wantedRegion;
    private ushort inputsArrived;
    private ushort inputsShown;
    private bool isDisproved;

    internal RemotePicture(MessageChannel messages, InputTimes inputs, TimeProvider time)
    {
        this.messages = messages;
        this.inputs = inputs;
        this.time = time;
    }

    /// <summary>
    /// Starts the picture and yields it after every frame, cursor move or change of monitors; the first update holds the whole picture.
    /// It is the same object each time: use it before asking for the next. Leaving the loop stops the picture. Ends without error when
    /// the session is finished.
    /// </summary>
    /// <exception cref="AccessRefusedException">The session may not view the screen, or no longer.</exception>
    /// <exception cref="ChannelException">The connection was cut, or the peer broke the protocol.</exception>
    /// <exception cref="InvalidOperationException">Somebody is already reading.</exception>
    public IAsyncEnumerable<PictureUpdate> ReadUpdatesAsync(CancellationToken cancellationToken = default) => ReadUpdatesAsync(new PictureOptions(), cancellationToken);

    /// <inheritdoc cref="ReadUpdatesAsync(CancellationToken)"/>
    public async IAsyncEnumerable<PictureUpdate> ReadUpdatesAsync(PictureOptions options, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        PictureArrivals mine = Begin(options);
        var update = new PictureUpdate(framebuffer);
        bool complete = false;
        try
        {
            await messages.SendAsync(new ControlMessage { Picture = options.Describe() }, cancellationToken).ConfigureAwait(false);
            while (await mine.WaitAsync(cancellationToken).ConfigureAwait(false))
            {
                while (mine.TryTake(out Arrival arrival))
                {
                    uint presented = 0;
                    bool changed = true;
                    try
                    {
                        if (arrival.Screen is { } screen) update.Layout = PictureMessages.Read(screen);
                        else if (arrival.Cursor is { } cursor) update.Cursor = PictureMessages.Read(cursor, update.Cursor);
                        else if (arrival.Proof is { } proof) changed = await TryAnswerAsync(proof, update, cancellationToken).ConfigureAwait(false);
                        else presented = Decode(arrival.Encoded, update, ref complete, out changed);
                    }
                    catch (ChannelException violation)
                    {
                        messages.Fail(violation);
                        throw;
                    }
                    finally
                    {
                        mine.Release(arrival);
                    }

                    if (complete && changed && !mine.IsCut)
                    {
                        yield return update;
                        framebuffer.ClearDamage();
                    }

                    if (presented != 0) await TryAcknowledgeAsync(presented, time.GetElapsedTime(arrival.At), cancellationToken).ConfigureAwait(false);
                    decoder.Remember(framebuffer);
                }
            }
        }
        finally
        {
            await StopAsync(mine).ConfigureAwait(false);
        }
    }

    /// <summary>From the session's receiver: one message of the picture stream.</summary>
    internal async ValueTask DeliverAsync(ReadOnlyMemory<byte> encoded, CancellationToken cancellationToken)
    {
        bool known = PictureHeader.TryRead(encoded.Span, out PictureHeader header, out _);
        bool taken;
        lock (gate)
        {
            // Whatever of an epoch nobody decodes, the rest of it is of no use to the next reader.
            if (known && header.Epoch > arrivedEpoch) arrivedEpoch = header.Epoch;
            taken = arrivals?.Add(encoded) ?? false;
        }

        if (!taken && known && header.IsLastPart)
            await messages.SendAsync(new ControlMessage { PictureAck = new PictureAck { Sequence = header.Sequence } }, cancellationToken).ConfigureAwait(false);
    }

    internal void Deliver(CursorMessage cursor)
    {
        lock (gate) arrivals?.Add(cursor);
    }

    internal void Deliver(Transport.Wire.PictureProof proof)
    {
        lock (gate) arrivals?.Add(proof);
    }

    internal void Deliver(Screen screen)
    {
        lock (gate) arrivals?.Add(screen);
    }

    /// <summary>The computer refused or withdrew the picture: the present reader ends with the reason.</summary>
    internal void Refuse(AccessRefusedException refusal)
    {
        lock (gate) arrivals?.Complete(refusal);
    }

    /// <summary>The session is over; the present and every later reader ends, with <paramref name="error"/> if it was no proper end.</summary>
    internal void Close(Exception? error)
    {
        lock (gate)
        {
            if (closed) return;
            closed = true;
            closedWith = error;
            arrivals?.Complete(error);
        }
    }

    /// <summary>The customer's rules ended the session: nothing is shown any more, not even what has arrived.</summary>
    internal void Cut(AccessRefusedException refusal)
    {
        lock (gate)
        {
            if (closed) return;
            closed = true;
            closedWith = refusal;
            arrivals?.Cut(refusal);
        }
    }

    private PictureArrivals Begin(PictureOptions options)
    {
        lock (gate)
        {
            if (arrivals is not null) throw new InvalidOperationException("The picture is already being read; there is one reader at a time.");
            staleEpoch = arrivedEpoch;
            wantedRegion = options.Region;
            isDisproved = false;
            decoder.Offer(options.Video);
            arrivals = new PictureArrivals(time);
            if (closed) arrivals.Complete(closedWith ?? new ChannelException(ChannelError.Closed, "The session has ended."));
            return arrivals;
        }
    }

    private async ValueTask StopAsync(PictureArrivals mine)
    {
        bool wasClosed;
        lock (gate)
        {
            arrivals = null;
            mine.Complete(null);
            wasClosed = closed;
        }

        uint unacknowledged = 0;
        while (mine.TryTake(out Arrival arrival))
        {
            if (arrival.Rented is not null && PictureHeader.TryRead(arrival.Encoded, out PictureHeader header, out _) && header.IsLastPart)
                unacknowledged = header.Sequence;
            mine.Release(arrival);
        }

        framebuffer.ClearDamage();
        decoder.Offer(null);
        if (wasClosed) return;
        try
        {
            if (unacknowledged != 0) await messages.SendAsync(Acknowledge(unacknowledged, TimeSpan.Zero), CancellationToken.None).ConfigureAwait(false);
            await messages.SendAsync(new ControlMessage { Picture = new PictureRequest { On = false } }, CancellationToken.None).ConfigureAwait(false);
        }
        catch (ChannelException)
        {
            // The session's receiver reports how the channel ended; a reader that leaves anyway has nothing to add.
            return;
        }
    }

    private uint Decode(ReadOnlySpan<byte> encoded, PictureUpdate update, ref bool complete, out bool changed)
    {
        changed = false;
        if (PictureHeader.TryRead(encoded, out PictureHeader header, out _) && header.Epoch <= staleEpoch) return header.IsLastPart ? header.Sequence : 0;
        header = decoder.Decode(encoded, framebuffer);
        if (header.IsNewEpoch) isDisproved = false;
        if (header.IsFirstPart)
        {
            update.CapturedAt = TimeSpan.FromMicroseconds(header.CapturedAtMicroseconds);
            inputsArrived = header.Inputs;
        }

        if (!header.IsLastPart) return 0;
        update.Sequence = header.Sequence;
        update.IsExact = !isDisproved && Region().IsExact(decoder.Inexact);
        complete = changed = true;
        return header.Sequence;
    }

    private PictureRegion Region() => PictureRegion.Of(framebuffer.Size, wantedRegion);

    /// <summary>The computer says what its picture hashes to; it gets this side's in turn. True when they differ: the update is exact no more.</summary>
    private async ValueTask<bool> TryAnswerAsync(Transport.Wire.PictureProof theirs, PictureUpdate update, CancellationToken cancellationToken)
    {
        if (theirs.Sha256.Length != PictureProof.Length) throw new ChannelException(ChannelError.Malformed, "The computer sent a proof that is no hash.");
        if (theirs.Sequence != update.Sequence || framebuffer.Size.Area == 0) return false;
        byte[] own = new byte[PictureProof.Length];
        using (var proof = new PictureProof()) proof.Compute(framebuffer.Pixels, framebuffer.Stride, Region().Pixels(framebuffer.Size), own);
        bool holds = theirs.Sha256.Span.SequenceEqual(own);
        (holds ? PictureMetrics.ProofsHeld : PictureMetrics.ProofsFailed).Add(1);
        try
        {
            await messages.SendAsync(new ControlMessage { Proof = new Transport.Wire.PictureProof { Sequence = theirs.Sequence, Sha256 = ByteString.CopyFrom(own) } }, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelException)
        {
            // The session's receiver ends for the true reason, of which this is a consequence, and tells the reader in a moment.
            return false;
        }

        if (holds) return false;
        isDisproved = true;
        update.IsExact = false;
        return true;
    }

    private async ValueTask TryAcknowledgeAsync(uint sequence, TimeSpan presenting, CancellationToken cancellationToken)
    {
        MeasureInputs();
        try
        {
            await messages.SendAsync(Acknowledge(sequence, presenting), cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelException)
        {
            // The session's receiver ends for the true reason, of which this is a consequence, and tells the reader in a moment.
            return;
        }
    }

    /// <summary>The one message is written out before the call that sends it returns, so it can be used again.</summary>
    private ControlMessage Acknowledge(uint sequence, TimeSpan presenting)
    {
        acknowledgement.PictureAck.Sequence = sequence;
        acknowledgement.PictureAck.DecodeMicroseconds = (uint)Math.Clamp(presenting.TotalMicroseconds, 0, uint.MaxValue);
        return acknowledgement;
    }

    /// <summary>The newest input that the presented frame was captured after, once.</summary>
    private void MeasureInputs()
    {
        if (inputsArrived == inputsShown) return;
        inputsShown = inputsArrived;
        if (inputs.TimeOf(inputsShown) is { } sentAt) PictureMetrics.InputToPresent.Record(time.GetElapsedTime(sentAt).TotalMilliseconds);
    }
}
