namespace RemoteAccess.Tests;

/// <summary>
/// A clock that moves only when told. Timers fire inside <see cref="Advance"/>, in the order they are due, each at its own moment, on the calling
/// thread. The wall clock can be set without moving the monotonic one. Thread-safe.
/// </summary>
internal sealed class FakeTime : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<FakeTimer> timers = [];
    private TimeSpan monotonic;
    private TimeSpan wallOffset;
    private readonly DateTimeOffset origin;

    public FakeTime(DateTimeOffset? start = null, TimeSpan? uptime = null)
    {
        origin = start ?? new DateTimeOffset(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);
        monotonic = uptime ?? TimeSpan.FromHours(1);
        origin -= monotonic;
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate) return origin + monotonic + wallOffset;
    }

    public override long GetTimestamp()
    {
        lock (gate) return monotonic.Ticks;
    }

    /// <summary>Sets the wall clock as a person could; timers and timestamps do not notice.</summary>
    public void SetWallClock(DateTimeOffset now)
    {
        lock (gate) wallOffset = now - origin - monotonic;
    }

    /// <summary>Moves both clocks and fires every timer that becomes due on the way.</summary>
    public void Advance(TimeSpan by)
    {
        TimeSpan target;
        lock (gate) target = monotonic + by;
        while (true)
        {
            FakeTimer? next;
            lock (gate)
            {
                next = timers.Where(timer => timer.Due <= target).MinBy(timer => timer.Due);
                if (next is null)
                {
                    monotonic = target;
                    return;
                }
                if (next.Due > monotonic) monotonic = next.Due;
                next.Reschedule();
            }
            next.Fire();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class FakeTimer(FakeTime time, TimerCallback callback, object? state) : ITimer
    {
        private TimeSpan period = Timeout.InfiniteTimeSpan;

        public TimeSpan Due { get; private set; } = TimeSpan.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan newPeriod)
        {
            lock (time.gate)
            {
                time.timers.Remove(this);
                period = newPeriod;
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                Due = time.monotonic + dueTime;
                time.timers.Add(this);
                return true;
            }
        }

        /// <summary>Called under the gate.</summary>
        public void Reschedule()
        {
            if (period > TimeSpan.Zero) Due += period;
            else time.timers.Remove(this);
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (time.gate) time.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
