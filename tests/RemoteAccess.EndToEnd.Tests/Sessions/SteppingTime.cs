namespace RemoteAccess.Tests;

/// <summary>The system's clock with steps: wall clock and monotonic clock jump, timers run in real time. Thread-safe.</summary>
internal sealed class SteppingTime : TimeProvider
{
    private long ahead;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Step(TimeSpan by) => Interlocked.Add(ref ahead, by.Ticks);

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref ahead));

    public override long GetTimestamp() => System.GetElapsedTime(0).Ticks + Interlocked.Read(ref ahead);
}
