using System.Threading.Tasks.Sources;

namespace RemoteAccess.Transport;

/// <summary>
/// Lets one loop sleep on a <see cref="TimeProvider"/> and go on inside the timer's callback, so that with a fake clock everything happens
/// in one order. <c>Task.Delay</c> would round to milliseconds.
/// </summary>
internal sealed class Alarm : IValueTaskSource, IDisposable
{
    private readonly TimeProvider time;
    private readonly long start;
    private readonly ITimer timer;
    private ManualResetValueTaskSourceCore<bool> source;
    private int isSleeping;
    private volatile bool stopped;

    public Alarm(TimeProvider time)
    {
        this.time = time;
        start = time.GetTimestamp();
        timer = time.CreateTimer(static alarm => ((Alarm)alarm!).Ring(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Since the alarm was made.</summary>
    public TimeSpan Now => time.GetElapsedTime(start);

    /// <summary>True when <paramref name="when"/> has come, false when the alarm was disposed meanwhile.</summary>
    public async ValueTask<bool> SleepUntilAsync(TimeSpan when)
    {
        while (!stopped)
        {
            TimeSpan left = when - Now;
            if (left <= TimeSpan.Zero) return true;
            await SleepAsync(left).ConfigureAwait(false);
        }
        return false;
    }

    /// <summary>Until it is disposed.</summary>
    public ValueTask SleepForeverAsync() => SleepAsync(Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        stopped = true;
        timer.Dispose();
        Ring();
    }

    void IValueTaskSource.GetResult(short token) => source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        source.OnCompleted(continuation, state, token, flags);

    private ValueTask SleepAsync(TimeSpan span)
    {
        source.Reset();
        short version = source.Version;
        Volatile.Write(ref isSleeping, 1);
        if (stopped) Ring();
        else timer.Change(span, Timeout.InfiniteTimeSpan);
        return new ValueTask(this, version);
    }

    private void Ring()
    {
        if (Interlocked.Exchange(ref isSleeping, 0) == 1) source.SetResult(true);
    }
}
