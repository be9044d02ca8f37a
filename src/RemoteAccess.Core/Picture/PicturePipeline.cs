using System.Buffers;
using System.Runtime.CompilerServices;
using Google.Protobuf;
using RemoteAccess.Sessions;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess.Picture;

/// <summary>
/// The picture flow on the customer's computer:
/// <code>
///   1 room      wait until the viewer can take a frame: at most two are unacknowledged
///   2 capture   the newest frame, not the next one; waits until something changed or is due
///   3 layout    monitors first, and a new epoch when the desktop's size changed
///   4 cursor    its own message, never part of the picture
///   5 plan      damage, motion, classes, budget; or, when nothing changes, what settles (FramePlan)
///   6 encode    part by part, each sent on the picture stream while the next is encoded
///   7 keep      the frame just sent is what the next one is compared with
///   8 prove     once all has settled: a hash of the pixels, which the viewer answers with its own
/// </code>
/// Stops on the permit's withdrawal or the token, and gives back in reverse: kept frame, capture.
/// </summary>
internal sealed class PicturePipeline : IDisposable
{
    /// <summary>A step of settling on a slow link, in bytes; on a faster one, what it carries in half a round trip.</summary>
    private const int LeastStep = 16 * 1024, MostStep = 256 * 1024;

    /// <summary>How long a capture is given to come with something new before a step of settling is sent instead.</summary>
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(2);

    /// <summary>When tiles put off are tried again, and whether a proof is due is looked at.</summary>
    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(50);

    private readonly IDesktop desktop;
    private readonly MessageChannel channel;
    private readonly TimeProvider time;
    private readonly InputTimes inputs;
    private readonly PictureEncoder encoder = new();
    private readonly FramePlan plan = new();
    private readonly VideoStream video;
    private readonly FramesInFlight flight;
    private readonly PictureProof proof = new();
    private readonly ArrayBufferWriter<byte> message = new();
    private readonly Lock gate = new();
    private CancellationTokenSource interrupt;
    private PictureWish wish = new(false, LossyQuality.Q75_420, null, PictureHeader.MaxCacheBits);
    private PictureWish used;
    private bool epochWanted, descriptionWanted;
    private byte[]? proven;
    private uint provenSequence;
    private uint epoch;

    /// <param name="desktop">What is captured.</param>
    /// <param name="inputs">When inputs were carried out, for the header of each frame.</param>
    /// <param name="channel">Where frames go.</param>
    /// <param name="time">The agent's clock.</param>
    public PicturePipeline(IDesktop desktop, InputTimes inputs, MessageChannel channel, TimeProvider time)
    {
        this.desktop = desktop;
        this.inputs = inputs;
        this.channel = channel;
        this.time = time;
        used = wish;
        video = new VideoStream(desktop.Video);
        flight = new FramesInFlight(time);
        interrupt = NewInterrupt();
    }

    /// <summary>Sends pictures until <paramref name="cancellationToken"/> or the permit's withdrawal. Begins with a new epoch; may be run again afterwards.</summary>
    /// <exception cref="AccessRefusedException">The permit was withdrawn.</exception>
    /// <exception cref="DesktopException">The display cannot be captured.</exception>
    public async Task RunAsync(OperationPermit permit, CancellationToken cancellationToken)
    {
        lock (gate) epochWanted = true;
        flight.Forget();
        using CancellationTokenRegistration stopping = cancellationToken.UnsafeRegister(static self => ((PicturePipeline)self!).Interrupt(), this);
        IScreenCapture capture = await desktop.OpenCaptureAsync(permit, cancellationToken).ConfigureAwait(false);
        await using ConfiguredAsyncDisposable closing = capture.ConfigureAwait(false);
        ScreenFrame? kept = null;
        ScreenLayout? layout = null;
        CursorState? cursor = null;
        try
        {
            while (true)
            {
                await flight.WaitForRoomAsync(cancellationToken).ConfigureAwait(false);
                ScreenFrame frame = await CaptureAsync(capture, kept, cancellationToken).ConfigureAwait(false);
                permit.Demand();
                if (TakeDescriptionRequest()) (layout, cursor) = (null, null);
                if (!ReferenceEquals(layout, frame.Layout)) await channel.SendAsync(CaptureMessages.Describe(layout = frame.Layout), cancellationToken).ConfigureAwait(false);
                if (cursor != frame.Cursor)
                {
                    await channel.SendAsync(CaptureMessages.Describe(cursor, frame.Cursor), cancellationToken).ConfigureAwait(false);
                    cursor = frame.Cursor;
                }

                bool newEpoch = TakeEpochRequest() || kept is null || kept.Size != frame.Size;
                bool isStill = ReferenceEquals(kept, frame) && !newEpoch;
                bool send = Plan(newEpoch ? null : kept, frame, isStill);
                if (!ReferenceEquals(kept, frame)) kept?.Dispose();
                kept = frame;
                if (send) await SendAsync(frame, newEpoch, permit, cancellationToken).ConfigureAwait(false);
                else if (isStill) await TryProveAsync(frame, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            kept?.Dispose();
        }
    }

    /// <summary>The whole picture is sent at once, as wished from now on: the viewer begins, lost its state, or wants something else. Thread-safe.</summary>
    public void RequestEpoch(PictureWish wanted)
    {
        lock (gate)
        {
            wish = wanted;
            epochWanted = true;
        }

        Interrupt();
    }

    /// <summary>Everything is sent once more, as wished last, with monitors and cursor: whoever begins to read here has it all. Thread-safe.</summary>
    public void Repeat()
    {
        lock (gate) epochWanted = descriptionWanted = true;
        Interrupt();
    }

    /// <summary>The viewer presented every frame up to <paramref name="sequence"/>. Thread-safe.</summary>
    /// <exception cref="ChannelException">It acknowledges what was never sent.</exception>
    public void Acknowledge(uint sequence, TimeSpan presenting) => flight.Acknowledge(sequence, presenting);

    /// <summary>The viewer's own hash of its picture. When it is not the computer's, a new epoch begins; false then. Thread-safe.</summary>
    public bool CheckProof(uint sequence, ReadOnlySpan<byte> hash)
    {
        PictureWish again;
        lock (gate)
        {
            if (proven is null || sequence != provenSequence || hash.SequenceEqual(proven)) return true;
            again = wish;
        }

        RequestEpoch(again);
        return false;
    }

    public void Dispose()
    {
        interrupt.Dispose();
        encoder.Dispose();
        video.Dispose();
        proof.Dispose();
    }

    private CancellationTokenSource NewInterrupt() => new(Timeout.InfiniteTimeSpan, time);

    /// <summary>Makes the pipeline look up from whatever it waits for. Outside the lock, as the wait may go on inside the call.</summary>
    private void Interrupt()
    {
        CancellationTokenSource current;
        lock (gate) current = interrupt;
        current.Cancel();
        flight.Wake();
    }

    /// <summary>The newest frame; the kept one when something else is due before anything changes.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ScreenFrame> CaptureAsync(IScreenCapture capture, ScreenFrame? kept, CancellationToken cancellationToken)
    {
        CancellationToken interrupted;
        lock (gate)
        {
            if (epochWanted && kept is not null) return kept;
            // One that was cancelled is left to the collector: somebody may be about to cancel it once more.
            if (!interrupt.TryReset()) interrupt = NewInterrupt();

            if (kept is not null && NextLook(kept.Size) is { } wait) interrupt.CancelAfter(wait);
            interrupted = interrupt.Token;
        }

        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return await capture.CaptureAsync(interrupted).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (kept is not null) return kept;
            // Interrupted before there was a first frame: nothing to send yet, ask again.
            return await CaptureAsync(capture, kept, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>When the pipeline must look again even if nothing changes; null when it need not.</summary>
    private TimeSpan? NextLook(PixelSize size)
    {
        PictureRegion region = PictureRegion.Of(size, used.Region);
        if (plan.SettlingDueIn(encoder.Inexact, region, Microseconds()) is { } due)
        {
            TimeSpan settling = TimeSpan.FromMicroseconds(due);
            return settling > Glance ? plan.HasPutOff && settling > Again ? Again : settling : Glance;
        }

        return plan.HasLost ? Again : null;
    }

    private bool TakeDescriptionRequest()
    {
        lock (gate)
        {
            bool wanted = descriptionWanted;
            descriptionWanted = false;
            return wanted;
        }
    }

    private bool TakeEpochRequest()
    {
        lock (gate)
        {
            bool wanted = epochWanted;
            epochWanted = false;
            if (wanted) used = wish.VideoFormat == (desktop.Video?.Name ?? "") ? wish : wish with { VideoFormat = "" };
            return wanted;
        }
    }

    private bool Plan(ScreenFrame? kept, ScreenFrame frame, bool isStill)
    {
        PictureRegion region = PictureRegion.Of(frame.Size, used.Region);
        if (plan.Prepare(kept, frame, used, region, encoder.Inexact, flight.BudgetFor(FramePlan.Interval), Microseconds())) return true;
        return isStill && plan.PrepareSettling(frame, region, encoder.Inexact, SettlingStep(), Microseconds());
    }

    private int SettlingStep() =>
        flight.Rate is { } rate && flight.RoundTrip is { } roundTrip ? (int)Math.Clamp(rate * roundTrip.TotalSeconds / 2, LeastStep, MostStep) : LeastStep;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendAsync(ScreenFrame frame, bool newEpoch, OperationPermit permit, CancellationToken cancellationToken)
    {
        long began = time.GetTimestamp();
        if (newEpoch)
        {
            epoch++;
            video.End();
        }

        ReadOnlyMemory<byte> unit = default;
        video.Follow(plan.VideoArea);
        if (plan.HasVideo) unit = video.Encode(frame, flight.BudgetFor(FramePlan.Interval));
        uint sequence = flight.Begin(frame.CapturedAt);
        encoder.Begin(frame, plan.Classes, plan.Tiles, plan.Vectors, new PictureHeader
        {
            Epoch = epoch,
            Sequence = sequence,
            IsFirstPart = true,
            IsLastPart = false,
            IsNewEpoch = newEpoch,
            Quality = plan.Quality,
            CapturedAtMicroseconds = (long)time.GetElapsedTime(0, frame.CapturedAt).TotalMicroseconds,
            Inputs = inputs.CountUntil(frame.CapturedAt),
            Size = frame.Size,
            CacheBits = used.CacheBits,
            VideoArea = plan.HasVideo ? plan.VideoArea : default,
            IsVideoStart = video.IsStart,
        }, unit);
        TimeSpan encoding = time.GetElapsedTime(began);
        int bytes = 0;
        while (true)
        {
            began = time.GetTimestamp();
            message.ResetWrittenCount();
            if (!encoder.TryEncodeNext(message)) break;
            encoding += time.GetElapsedTime(began);
            permit.Demand();
            bytes += message.WrittenCount;
            flight.Add(message.WrittenCount);
            await channel.SendAsync(MessageStream.Picture, message.WrittenMemory, cancellationToken).ConfigureAwait(false);
        }

        plan.Learn(encoder.LossyBytes, encoder.LosslessBytes);
        PictureMetrics.Encoding.Record(encoding.TotalMilliseconds);
        PictureMetrics.FrameBytes.Record(bytes);
    }

    /// <summary>Once everything that was lossy has settled and was presented, the hash of the picture goes to the viewer.</summary>
    private async ValueTask TryProveAsync(ScreenFrame frame, CancellationToken cancellationToken)
    {
        PictureRegion region = PictureRegion.Of(frame.Size, used.Region);
        if (!plan.HasLost || !flight.IsEmpty || !region.IsExact(encoder.Inexact)) return;
        byte[] hash = new byte[PictureProof.Length];
        proof.Compute(frame.Pixels, frame.Stride, region.Pixels(frame.Size), hash);
        lock (gate) (proven, provenSequence) = (hash, flight.LastSent);
        plan.ForgetLoss();
        await channel.SendAsync(new ControlMessage { Proof = new Transport.Wire.PictureProof { Sequence = provenSequence, Sha256 = ByteString.CopyFrom(hash) } }, cancellationToken).ConfigureAwait(false);
    }

    private long Microseconds() => (long)time.GetElapsedTime(0, time.GetTimestamp()).TotalMicroseconds;
}
