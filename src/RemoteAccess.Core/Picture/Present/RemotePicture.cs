using System.Runtime.CompilerServices;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess.Picture;

/// <summary>
/// The computer's picture in a session. Nothing is captured until somebody reads; a slow reader skips frames and is never shown an old one.
/// </summary>
public sealed class RemotePicture
{
    private const int MaxCursorSide = 512;
    private const int MaxMonitors = 64;
    private const int MaxMonitorNameBytes = 256;

    private readonly MessageChannel messages;
    private readonly Framebuffer framebuffer = new();
    private readonly PlainDecoder decoder = new();
    private readonly Lock gate = new();
    private PictureArrivals? arrivals;
    private Exception? closedWith;
    private bool closed;
    private uint arrivedEpoch;

    internal RemotePicture(MessageChannel messages) => this.messages = messages;

    /// <summary>
    /// Starts the picture and yields it after every frame, cursor move or change of monitors; the first update holds the whole picture.
    /// It is the same object each time: use it before asking for the next. Leaving the loop stops the picture. Ends without error when
    /// the session is finished.
    /// </summary>
    /// <exception cref="AccessRefusedException">The session may not view the screen, or no longer.</exception>
    /// <exception cref="ChannelException">The connection was cut, or the peer broke the protocol.</exception>
    /// <exception cref="InvalidOperationException">Somebody is already reading.</exception>
    public async IAsyncEnumerable<PictureUpdate> ReadUpdatesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        PictureArrivals mine = Begin(out uint staleEpoch);
        var update = new PictureUpdate(framebuffer);
        bool complete = false;
        try
        {
            await messages.SendAsync(new ControlMessage { Picture = new PictureRequest { On = true, NewEpoch = true } }, cancellationToken).ConfigureAwait(false);
            while (await mine.WaitAsync(cancellationToken).ConfigureAwait(false))
            {
                while (mine.TryTake(out Arrival arrival))
                {
                    uint presented = 0;
                    bool changed = true;
                    try
                    {
                        if (arrival.Screen is { } screen) update.Layout = Read(screen);
                        else if (arrival.Cursor is { } cursor) update.Cursor = Read(cursor, update.Cursor);
                        else presented = Decode(arrival.Encoded, update, staleEpoch, ref complete, out changed);
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

                    if (complete && changed)
                    {
                        yield return update;
                        framebuffer.ClearDamage();
                    }

                    if (presented != 0) await TryAcknowledgeAsync(presented, cancellationToken).ConfigureAwait(false);
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
        bool known = PictureHeader.TryRead(encoded.Span, out PictureHeader header);
        bool taken;
        lock (gate)
        {
            // Whatever of an epoch nobody decodes, the rest of it is of no use to the next reader.
            if (known && header.Epoch > arrivedEpoch) arrivedEpoch = header.Epoch;
            taken = arrivals?.Add(encoded) ?? false;
        }

        if (!taken && known && header.IsLastBand)
            await AcknowledgeAsync(header.Sequence, cancellationToken).ConfigureAwait(false);
    }

    internal void Deliver(CursorMessage cursor)
    {
        lock (gate) arrivals?.Add(cursor);
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

    private PictureArrivals Begin(out uint staleEpoch)
    {
        lock (gate)
        {
            staleEpoch = arrivedEpoch;
            if (arrivals is not null) throw new InvalidOperationException("The picture is already being read; there is one reader at a time.");
            arrivals = new PictureArrivals();
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
            if (arrival.Rented is not null && PictureHeader.TryRead(arrival.Encoded, out PictureHeader header) && header.IsLastBand)
                unacknowledged = header.Sequence;
            mine.Release(arrival);
        }

        framebuffer.ClearDamage();
        if (wasClosed) return;
        try
        {
            if (unacknowledged != 0) await AcknowledgeAsync(unacknowledged, CancellationToken.None).ConfigureAwait(false);
            await messages.SendAsync(new ControlMessage { Picture = new PictureRequest { On = false } }, CancellationToken.None).ConfigureAwait(false);
        }
        catch (ChannelException)
        {
            // The session's receiver reports how the channel ended; a reader that leaves anyway has nothing to add.
            return;
        }
    }

    private uint Decode(ReadOnlySpan<byte> encoded, PictureUpdate update, uint staleEpoch, ref bool complete, out bool changed)
    {
        changed = false;
        if (PictureHeader.TryRead(encoded, out PictureHeader header) && header.Epoch <= staleEpoch) return header.IsLastBand ? header.Sequence : 0;
        header = decoder.Decode(encoded, framebuffer);
        if (!header.IsLastBand) return 0;
        update.Sequence = header.Sequence;
        update.CapturedAt = TimeSpan.FromMicroseconds(header.CapturedAtMicroseconds);
        complete = changed = true;
        return header.Sequence;
    }

    private async ValueTask TryAcknowledgeAsync(uint sequence, CancellationToken cancellationToken)
    {
        try
        {
            await AcknowledgeAsync(sequence, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelException)
        {
            // The session's receiver ends for the true reason, of which this is a consequence, and tells the reader in a moment.
            return;
        }
    }

    private ValueTask AcknowledgeAsync(uint sequence, CancellationToken cancellationToken) =>
        messages.SendAsync(new ControlMessage { PictureAck = new PictureAck { Sequence = sequence } }, cancellationToken);

    private static ScreenLayout Read(Screen screen)
    {
        if (screen.Monitors.Count is 0 or > MaxMonitors) throw new ChannelException(ChannelError.Malformed, "The computer described an impossible number of monitors.");
        var size = new PixelSize(Pixels(screen.Width), Pixels(screen.Height));
        return new ScreenLayout(size, [.. screen.Monitors.Select(Read)]);
    }

    private static MonitorArea Read(Transport.Wire.Monitor monitor)
    {
        if (!PlainText.IsAcceptable(monitor.Name, MaxMonitorNameBytes)) throw new ChannelException(ChannelError.Malformed, "The computer named a monitor with something that is not plain text.");
        if (Math.Abs((long)monitor.X) > ushort.MaxValue || Math.Abs((long)monitor.Y) > ushort.MaxValue) throw Impossible();
        return new MonitorArea(monitor.Name, new PixelRect(monitor.X, monitor.Y, Pixels(monitor.Width), Pixels(monitor.Height)), monitor.Primary);
    }

    private static int Pixels(uint value) => value is > 0 and <= ushort.MaxValue ? (int)value : throw Impossible();

    private static ChannelException Impossible() => new(ChannelError.Malformed, "The computer described an impossible screen.");

    private static CursorState Read(CursorMessage cursor, CursorState before)
    {
        switch (cursor.KindCase)
        {
            case CursorMessage.KindOneofCase.Position:
                return before with { X = cursor.Position.X, Y = cursor.Position.Y };
            case CursorMessage.KindOneofCase.Hidden:
                return before with { Shape = null };
            case CursorMessage.KindOneofCase.Image:
                CursorImage image = cursor.Image;
                if (image.Width is 0 or > MaxCursorSide || image.Height is 0 or > MaxCursorSide || image.HotX >= image.Width || image.HotY >= image.Height
                    || image.PremultipliedBgra.Length != image.Width * image.Height * 4)
                    throw new ChannelException(ChannelError.Malformed, "The computer sent an impossible cursor.");
                var shape = new CursorShape(new PixelSize((int)image.Width, (int)image.Height), (int)image.HotX, (int)image.HotY, image.PremultipliedBgra.Memory);
                return new CursorState(image.X, image.Y, shape);
            default:
                return before;
        }
    }
}
