using System.Threading.Tasks.Sources;

namespace RemoteAccess.Picture;

/// <summary>Lets one caller wait until something happens, again and again, without allocating. Everything but the awaiting is done under one lock.</summary>
internal sealed class WakeSignal : IValueTaskSource
{
    private enum State
    {
        Idle,
        Awaited,
        Woken,
    }

    // Continuations run elsewhere: whoever wakes holds the lock.
    private ManualResetValueTaskSourceCore<bool> core = new() { RunContinuationsAsynchronously = true };
    private volatile State state;

    /// <summary>Begins to wait; the result must be awaited once.</summary>
    public ValueTask Arm()
    {
        switch (state)
        {
            case State.Idle:
                core.Reset();
                state = State.Awaited;
                return new ValueTask(this, core.Version);
            case State.Awaited or State.Woken:
                throw new InvalidOperationException("This capture is already waiting for a frame. It serves one caller at a time.");
            default:
                throw new InvalidOperationException($"Unknown state {state}.");
        }
    }

    /// <summary>Ends the waiting, if anybody waits.</summary>
    public void Set()
    {
        if (state != State.Awaited) return;
        state = State.Woken;
        core.SetResult(true);
    }

    void IValueTaskSource.GetResult(short token)
    {
        core.GetResult(token);
        state = State.Idle;
    }

    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token) => core.GetStatus(token);

    void IValueTaskSource.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        core.OnCompleted(continuation, state, token, flags);
}
