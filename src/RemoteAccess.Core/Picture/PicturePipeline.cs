using System.Buffers;
using System.Runtime.CompilerServices;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess.Picture;

/// <summary>
/// The picture flow on the customer's computer:
/// <code>
///   1 credit    wait until the viewer can take a frame: at most two are unacknowledged
///   2 capture   the newest frame, not the next one; waits until something changed
///   3 layout    monitors first, and a new epoch when the desktop's size changed
///   4 cursor    its own message, never part of the picture
///   5 damage    8×8 blocks that differ from the frame sent last
///   6 encode    behind the codec seam
///   7 send      on the picture stream; input and control pass between its records
///   8 keep      the frame just sent is what the next one is compared with
/// </code>
/// Stops on the permit's withdrawal or the token, and gives back in reverse: kept frame, capture.
/// </summary>
internal sealed class PicturePipeline : IDisposable
{
    private const int MaxUnacknowledged = 2;

    private readonly IDesktop desktop;
    private readonly MessageChannel channel;
    private readonly TimeProvider time;
    private readonly IPictureEncoder encoder;
    private readonly BlockMap damage = new();
    private readonly ArrayBufferWriter<byte> message = new();
    private readonly SemaphoreSlim credit = new(MaxUnacknowledged, MaxUnacknowledged);
    private readonly Lock gate = new();
    private CancellationTokenSource refresh = new();
    private bool epochWanted;
    private uint sent;
    private uint acknowledged;
    private uint epoch;

    public PicturePipeline(IDesktop desktop, IPictureEncoder encoder, MessageChannel channel, TimeProvider time)
    {
        this.encoder = encoder;
        this.desktop = desktop;
        this.channel = channel;
        this.time = time;
    }

    /// <summary>Sends pictures until <paramref name="cancellationToken"/> or the permit's withdrawal. Begins with a new epoch; may be run again afterwards.</summary>
    /// <exception cref="AccessRefusedException">The permit was withdrawn.</exception>
    /// <exception cref="DesktopException">The display cannot be captured.</exception>
    public async Task RunAsync(OperationPermit permit, CancellationToken cancellationToken)
    {
        RequestEpoch();
        ForgetUnacknowledged();
        IScreenCapture capture = await desktop.OpenCaptureAsync(permit, cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable closing = capture.ConfigureAwait(false);
        ScreenFrame? kept = null;
        ScreenLayout? layout = null;
        CursorState? cursor = null;
        try
        {
            while (true)
            {
                await credit.WaitAsync(cancellationToken).ConfigureAwait(false);
                bool used = false;
                try
                {
                    ScreenFrame frame = await CaptureAsync(capture, kept, cancellationToken).ConfigureAwait(false);
                    permit.Demand();
                    if (!ReferenceEquals(layout, frame.Layout)) await SendAsync(layout = frame.Layout, cancellationToken).ConfigureAwait(false);
                    if (cursor != frame.Cursor)
                    {
                        await channel.SendAsync(Describe(cursor, frame.Cursor), cancellationToken).ConfigureAwait(false);
                        cursor = frame.Cursor;
                    }

                    bool newEpoch = TakeEpochRequest() || kept is null || kept.Size != frame.Size;
                    bool changed = FindDamage(kept, frame, newEpoch);
                    if (!ReferenceEquals(kept, frame)) kept?.Dispose();
                    kept = frame;
                    if (!changed) continue;
                    used = true;
                    await SendAsync(frame, newEpoch, permit, cancellationToken).ConfigureAwait(false);
                }
                finally
                {
                    if (!used) credit.Release();
                }
            }
        }
        finally
        {
            kept?.Dispose();
        }
    }

    /// <summary>The decoder needs a new beginning: the whole picture is sent at once. Thread-safe.</summary>
    public void RequestEpoch()
    {
        lock (gate)
        {
            epochWanted = true;
            refresh.Cancel();
        }
    }

    /// <summary>The viewer presented every frame up to <paramref name="sequence"/>. Thread-safe.</summary>
    /// <exception cref="ChannelException">It acknowledges what was never sent.</exception>
    public void Acknowledge(uint sequence)
    {
        lock (gate)
        {
            if (sequence > sent) throw new ChannelException(ChannelError.OutOfOrder, "The viewer acknowledged a picture that was not sent.");
            if (sequence <= acknowledged) return;
            credit.Release((int)(sequence - acknowledged));
            acknowledged = sequence;
        }
    }

    /// <summary>A frame that the end of the last run cut short is never acknowledged; its credit must not be lost for ever.</summary>
    private void ForgetUnacknowledged()
    {
        lock (gate)
        {
            if (sent == acknowledged) return;
            credit.Release((int)(sent - acknowledged));
            acknowledged = sent;
        }
    }

    public void Dispose()
    {
        refresh.Dispose();
        credit.Dispose();
    }

    private async ValueTask<ScreenFrame> CaptureAsync(IScreenCapture capture, ScreenFrame? kept, CancellationToken cancellationToken)
    {
        CancellationToken wanted;
        lock (gate)
        {
            if (epochWanted && kept is not null) return kept;
            if (refresh.IsCancellationRequested)
            {
                refresh.Dispose();
                refresh = new CancellationTokenSource();
            }

            wanted = refresh.Token;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, wanted);
        try
        {
            return await capture.CaptureAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && kept is not null)
        {
            return kept;
        }
    }

    private bool TakeEpochRequest()
    {
        lock (gate)
        {
            bool wanted = epochWanted;
            epochWanted = false;
            return wanted;
        }
    }

    private bool FindDamage(ScreenFrame? kept, ScreenFrame frame, bool newEpoch)
    {
        damage.Reset(frame.Size);
        if (!newEpoch) return !ReferenceEquals(kept, frame) && DamageScan.Compare(kept!, frame, damage);
        damage.SetAll();
        return true;
    }

    private async ValueTask SendAsync(ScreenFrame frame, bool newEpoch, OperationPermit permit, CancellationToken cancellationToken)
    {
        if (newEpoch) epoch++;
        uint sequence;
        lock (gate) sequence = ++sent;
        encoder.Begin(frame, damage, new PictureHeader
        {
            Size = frame.Size,
            Sequence = sequence,
            Epoch = epoch,
            IsNewEpoch = newEpoch,
            CapturedAtMicroseconds = (long)time.GetElapsedTime(0, frame.CapturedAt).TotalMicroseconds,
            FirstBlockRow = 0,
            BlockRows = 0,
            IsLastBand = false,
        });
        message.ResetWrittenCount();
        while (encoder.TryEncodeNext(message))
        {
            permit.Demand();
            await channel.SendAsync(MessageStream.Picture, message.WrittenMemory, cancellationToken).ConfigureAwait(false);
            message.ResetWrittenCount();
        }
    }

    private ValueTask SendAsync(ScreenLayout layout, CancellationToken cancellationToken)
    {
        var screen = new Screen { Width = (uint)layout.Size.Width, Height = (uint)layout.Size.Height };
        foreach (MonitorArea monitor in layout.Monitors)
            screen.Monitors.Add(new Transport.Wire.Monitor
            {
                Name = monitor.Name,
                X = monitor.Area.X,
                Y = monitor.Area.Y,
                Width = (uint)monitor.Area.Width,
                Height = (uint)monitor.Area.Height,
                Primary = monitor.IsPrimary,
            });
        return channel.SendAsync(new ControlMessage { Screen = screen }, cancellationToken);
    }

    private static CursorMessage Describe(CursorState? before, CursorState now)
    {
        if (now.Shape is not { } shape) return new CursorMessage { Hidden = new CursorHidden() };
        if (ReferenceEquals(before?.Shape, shape)) return new CursorMessage { Position = new CursorPosition { X = now.X, Y = now.Y } };
        return new CursorMessage
        {
            Image = new CursorImage
            {
                Width = (uint)shape.Size.Width,
                Height = (uint)shape.Size.Height,
                HotX = (uint)shape.HotX,
                HotY = (uint)shape.HotY,
                PremultipliedBgra = Google.Protobuf.ByteString.CopyFrom(shape.Pixels.Span),
                X = now.X,
                Y = now.Y,
            },
        };
    }
}
