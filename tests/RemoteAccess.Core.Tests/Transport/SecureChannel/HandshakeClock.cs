namespace RemoteAccess.Tests;

/// <summary>Time that stands still until the test moves it; timers fire on the thread that moves it.</summary>
internal sealed class HandshakeClock(DateTimeOffset startsAt) : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<ClockTimer> timers = [];
    private DateTimeOffset start = startsAt;
    private TimeSpan elapsed;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => start + elapsed;

    public override long GetTimestamp() => elapsed.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ClockTimer(this, callback, state);
        timer.Change(dueTime, period);
        lock (gate) timers.Add(timer);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        TimeSpan target = elapsed + by;
        while (NextDue(target) is { } timer)
        {
            elapsed = timer.Due!.Value;
            timer.Fire();
        }

        elapsed = target;
    }

    /// <summary>Another time of day; nothing elapses.</summary>
    public void Set(DateTimeOffset now) => start = now - elapsed;

    private ClockTimer? NextDue(TimeSpan until)
    {
        lock (gate) return timers.Where(timer => timer.Due <= until).MinBy(timer => timer.Due);
    }

    private sealed class ClockTimer(HandshakeClock clock, TimerCallback callback, object? state) : ITimer
    {
        public TimeSpan? Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            if (period != Timeout.InfiniteTimeSpan) throw new NotSupportedException("Only timers that fire once.");
            Due = dueTime == Timeout.InfiniteTimeSpan ? null : clock.elapsed + dueTime;
            return true;
        }

        public void Fire()
        {
            Due = null;
            callback(state);
        }

        public void Dispose()
        {
            lock (clock.gate) clock.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
