namespace RemoteAccess.Tests;

/// <summary>
/// A clock that a test moves. Timers fire inside <see cref="Advance"/>, in the order they are due and at their own time, on the calling
/// thread and without a synchronisation context, so that code which waits on this clock alone runs in one order.
/// </summary>
internal sealed class FakeTime(DateTimeOffset? start = null, TimeSpan? uptime = null) : TimeProvider
{
    private static readonly DateTimeOffset DefaultStart = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    private readonly Lock gate = new();
    private readonly List<FakeTimer> timers = [];
    private readonly DateTimeOffset origin = start ?? DefaultStart;
    private readonly TimeSpan uptimeAtStart = uptime ?? TimeSpan.FromHours(1);
    private TimeSpan elapsed;
    private TimeSpan wallClockShift;
    private long order;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>Since the clock was made.</summary>
    public TimeSpan Elapsed
    {
        get
        {
            lock (gate) return elapsed;
        }
    }

    /// <summary>Timers that are set.</summary>
    public int PendingTimers
    {
        get
        {
            lock (gate) return timers.Count;
        }
    }

    /// <summary>Whether a timer is set for a moment, counted as <see cref="Elapsed"/>: what waits for it waits already, and its time can pass in one go.</summary>
    public bool HasTimerAt(TimeSpan moment)
    {
        lock (gate) return timers.Exists(timer => timer.Due == moment);
    }

    public override DateTimeOffset GetUtcNow() => origin + Elapsed + wallClockShift;

    public override long GetTimestamp() => (Elapsed + uptimeAtStart).Ticks;

    /// <summary>Moves the clock, firing what becomes due on the way.</summary>
    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        TimeSpan target = Elapsed + by;
        SynchronizationContext? context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            while (TakeDue(target) is { } due) due.Fire();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    /// <summary>Goes on by itself, no faster than the computer's own clock, until what is returned is disposed.</summary>
    public IAsyncDisposable Run() => new Running(this);

    /// <summary>Sets the computer's clock forward or back, as a person or NTP would; timers and timestamps take no notice.</summary>
    public void ShiftWallClock(TimeSpan by) => wallClockShift += by;

    /// <summary>Sets the computer's clock to a moment.</summary>
    public void SetWallClock(DateTimeOffset now) => wallClockShift = now - origin - Elapsed;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        FakeTimer timer = new(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private FakeTimer? TakeDue(TimeSpan target)
    {
        lock (gate)
        {
            FakeTimer? first = timers.MinBy(timer => (timer.Due, timer.Order));
            if (first is null || first.Due > target)
            {
                elapsed = target;
                return null;
            }
            if (first.Due > elapsed) elapsed = first.Due;
            if (first.Period is { } period) Set(first, first.Due + period, period);
            else timers.Remove(first);
            return first;
        }
    }

    private void Set(FakeTimer timer, TimeSpan due, TimeSpan? period)
    {
        timer.Due = due;
        timer.Period = period;
        timer.Order = order++;
        if (!timers.Contains(timer)) timers.Add(timer);
    }

    private sealed class Running : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private readonly Task going;

        public Running(FakeTime clock) => going = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await Task.Delay(10);
                clock.Advance(TimeSpan.FromMilliseconds(10));
            }
        });

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await going;
            stop.Dispose();
        }
    }

    private sealed class FakeTimer(FakeTime clock, TimerCallback callback, object? state) : ITimer
    {
        private bool disposed;

        public TimeSpan Due { get; set; }
        public TimeSpan? Period { get; set; }
        public long Order { get; set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.gate)
            {
                if (disposed) return false;
                if (dueTime == Timeout.InfiniteTimeSpan) clock.timers.Remove(this);
                else clock.Set(this, clock.elapsed + dueTime, period == Timeout.InfiniteTimeSpan || period == TimeSpan.Zero ? null : period);
                return true;
            }
        }

        public void Dispose()
        {
            lock (clock.gate)
            {
                disposed = true;
                clock.timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
