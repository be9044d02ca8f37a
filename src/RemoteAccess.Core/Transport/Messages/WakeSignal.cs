using System.Threading.Tasks.Sources;

namespace RemoteAccess.Transport;

/// <summary>Wakes one waiting loop. Signals before and between waits count as one. Any thread may set it; one loop waits. Allocates nothing.</summary>
internal sealed class WakeSignal : IValueTaskSource
{
    private const int Idle = 0;
    private const int Signalled = 1;
    private const int Waiting = 2;

    private readonly bool inline;
    private ManualResetValueTaskSourceCore<bool> source;
    private int state;

    /// <param name="inline">The loop always goes on inside <see cref="Set"/>, for tests in fake time; otherwise on the thread pool.</param>
    public WakeSignal(bool inline) => this.inline = inline;

    /// <summary>Not to be called under a lock that the loop takes.</summary>
    public void Set() => Signal(here: inline);

    /// <summary>The same; a loop that waits goes on inside this call until it waits again, for the next signal or for anything else.</summary>
    public void SetHere() => Signal(here: true);

    private void Signal(bool here)
    {
        while (true)
        {
            int seen = Volatile.Read(ref state);
            if (seen == Signalled) return;
            if (Interlocked.CompareExchange(ref state, seen == Idle ? Signalled : Idle, seen) != seen) continue;
            if (seen != Waiting) return;
            source.RunContinuationsAsynchronously = !here;
            source.SetResult(true);
            return;
        }
    }

    public ValueTask WaitAsync()
    {
        source.Reset();
        int seen = Interlocked.CompareExchange(ref state, Waiting, Idle);
        if (seen == Idle) return new ValueTask(this, source.Version);
        Volatile.Write(ref state, Idle);
        return ValueTask.CompletedTask;
    }

    void IValueTaskSource.GetResult(short token) => source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => source.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        source.OnCompleted(continuation, state, token, flags);
}
