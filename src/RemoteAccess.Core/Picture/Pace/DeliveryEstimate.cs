namespace RemoteAccess.Picture;

/// <summary>
/// What the way to the viewer can carry, learnt from acknowledgements: the least round trip of the last ten seconds, and the rate at which
/// bytes arrived. An acknowledgement of a frame tells the rate by the time its bytes took beyond that round trip and the viewer's own work,
/// or since the acknowledgement before it, when it stood behind that one. Not thread-safe.
/// </summary>
internal sealed class DeliveryEstimate(TimeProvider time)
{
    /// <summary>Frames smaller than this tell nothing of the rate.</summary>
    private const int TellingBytes = 4096;

    private static readonly TimeSpan RoundTripLife = TimeSpan.FromSeconds(10);

    /// <summary>Shorter times are the clock's and the scheduler's.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromMicroseconds(200);

    private long lastAcknowledged;
    private long roundTripSeen;

    /// <summary>Bytes a second; null until a frame of some size was acknowledged.</summary>
    public double? Rate { get; private set; }

    /// <summary>From a frame's first byte to its acknowledgement, without transfer and decoding; null before the first.</summary>
    public TimeSpan? RoundTrip { get; private set; }

    /// <summary>A frame was acknowledged.</summary>
    /// <param name="bytes">Its size.</param>
    /// <param name="sentAt">When its first byte was handed over.</param>
    /// <param name="now">When the acknowledgement came.</param>
    /// <param name="presenting">What the viewer says it took from the last byte to the presented picture.</param>
    public void Learn(int bytes, long sentAt, long now, TimeSpan presenting)
    {
        TimeSpan whole = time.GetElapsedTime(sentAt, now);
        TimeSpan way = whole > presenting ? whole - presenting : TimeSpan.Zero;
        if (RoundTrip is null || way <= RoundTrip || time.GetElapsedTime(roundTripSeen, now) > RoundTripLife)
        {
            RoundTrip = way;
            roundTripSeen = now;
        }

        if (bytes >= TellingBytes)
        {
            TimeSpan transfer = way - RoundTrip.Value;
            if (lastAcknowledged > sentAt && time.GetElapsedTime(lastAcknowledged, now) is var behind && behind < transfer) transfer = behind;
            double sample = bytes / Math.Max(transfer.TotalSeconds, Least.TotalSeconds);
            Rate = Rate is { } known ? known + (sample - known) / 4 : sample;
        }

        lastAcknowledged = now;
    }

    /// <summary>Bytes that a frame may take so that the next can follow after <paramref name="interval"/>, beside what is on its way beyond one round trip.</summary>
    public double BudgetFor(TimeSpan interval, long unacknowledgedBytes)
    {
        if (Rate is not { } rate || RoundTrip is not { } roundTrip) return double.PositiveInfinity;
        double queued = Math.Max(0, unacknowledgedBytes - rate * roundTrip.TotalSeconds);
        return Math.Max(0, rate * interval.TotalSeconds - queued);
    }
}
