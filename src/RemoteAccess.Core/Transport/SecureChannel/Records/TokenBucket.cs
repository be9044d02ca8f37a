namespace RemoteAccess.Transport;

/// <summary>Allows a burst of events at once and one more for each interval that passes. Not thread-safe.</summary>
internal sealed class TokenBucket
{
    private readonly int burst;
    private readonly TimeSpan interval;
    private readonly TimeProvider time;
    private int tokens;
    private long countedUpTo;

    public TokenBucket(int burst, TimeSpan interval, TimeProvider time)
    {
        this.burst = burst;
        this.interval = interval;
        this.time = time;
        tokens = burst;
        countedUpTo = time.GetTimestamp();
    }

    public bool TryTake()
    {
        Refill();
        if (tokens == 0) return false;
        tokens--;
        return true;
    }

    private void Refill()
    {
        long passed = time.GetElapsedTime(countedUpTo).Ticks / interval.Ticks;
        if (passed >= burst - tokens)
        {
            tokens = burst;
            countedUpTo = time.GetTimestamp();
        }
        else if (passed > 0)
        {
            tokens += (int)passed;
            countedUpTo += (long)(passed * interval.TotalSeconds * time.TimestampFrequency);
        }
    }
}
