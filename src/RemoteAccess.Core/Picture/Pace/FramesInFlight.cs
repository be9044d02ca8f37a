using System.Runtime.CompilerServices;
using RemoteAccess.Transport;

namespace RemoteAccess.Picture;

/// <summary>
/// The frames sent and not acknowledged: at most two, so that the next one captured is the newest. Acknowledgements come from the session's
/// receiver on any thread; one pipeline sends.
/// </summary>
internal sealed class FramesInFlight(TimeProvider time)
{
    /// <summary>The most frames without an acknowledgement.</summary>
    public const int Most = 2;

    private readonly Lock gate = new();
    private readonly WakeSignal acknowledgements = new(inline: false);
    private readonly Sent[] frames = new Sent[Most];
    private readonly DeliveryEstimate estimate = new(time);
    private uint sent;
    private uint acknowledged;

    /// <summary>The number of the frame sent last.</summary>
    public uint LastSent
    {
        get
        {
            lock (gate) return sent;
        }
    }

    /// <summary>Whether everything sent was presented.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (gate) return sent == acknowledged;
        }
    }

    /// <summary>The way's least round trip; null before the first acknowledgement.</summary>
    public TimeSpan? RoundTrip
    {
        get
        {
            lock (gate) return estimate.RoundTrip;
        }
    }

    /// <summary>Bytes a second that the way carries; null while not known.</summary>
    public double? Rate
    {
        get
        {
            lock (gate) return estimate.Rate;
        }
    }

    /// <summary>Waits until another frame may be sent.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            lock (gate)
                if (sent - acknowledged < Most) return;
            await acknowledgements.WaitAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Makes the waiting sender look again, at a cancellation for instance.</summary>
    public void Wake() => acknowledgements.Set();

    /// <summary>The next frame's number.</summary>
    public uint Begin(long capturedAt)
    {
        lock (gate)
        {
            sent++;
            frames[sent % Most] = new Sent(time.GetTimestamp(), capturedAt, 0);
            return sent;
        }
    }

    /// <summary>More of the frame begun last was handed over.</summary>
    public void Add(int bytes)
    {
        lock (gate) frames[sent % Most].Bytes += bytes;
    }

    /// <summary>The viewer presented every frame up to <paramref name="sequence"/>; <paramref name="presenting"/> is its own time for the last of them.</summary>
    /// <exception cref="ChannelException">It acknowledges what was never sent.</exception>
    public void Acknowledge(uint sequence, TimeSpan presenting)
    {
        lock (gate)
        {
            if (sequence > sent) throw new ChannelException(ChannelError.OutOfOrder, "The viewer acknowledged a picture that was not sent.");
            if (sequence <= acknowledged) return;
            Sent frame = frames[sequence % Most];
            long now = time.GetTimestamp();
            estimate.Learn(frame.Bytes, frame.At, now, presenting);
            TimeSpan back = (estimate.RoundTrip ?? TimeSpan.Zero) / 2;
            TimeSpan shown = time.GetElapsedTime(frame.CapturedAt, now) - back;
            PictureMetrics.CaptureToPresent.Record(Math.Max(0, shown.TotalMilliseconds));
            acknowledged = sequence;
        }

        acknowledgements.Set();
    }

    /// <summary>A frame that the end of a run cut short is never acknowledged; its room must not be lost for ever.</summary>
    public void Forget()
    {
        lock (gate) acknowledged = sent;
    }

    /// <summary>Bytes that the next frame may take so that another can follow after <paramref name="interval"/>.</summary>
    public double BudgetFor(TimeSpan interval)
    {
        lock (gate)
        {
            long waiting = 0;
            for (uint sequence = acknowledged + 1; sequence <= sent; sequence++) waiting += frames[sequence % Most].Bytes;
            return estimate.BudgetFor(interval, waiting);
        }
    }

    private record struct Sent(long At, long CapturedAt, int Bytes);
}
