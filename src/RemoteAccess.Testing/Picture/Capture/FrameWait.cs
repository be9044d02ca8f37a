using System.Threading.Tasks.Sources;

namespace RemoteAccess.Picture;

/// <summary>
/// Lets one caller wait for a frame, again and again, without allocating. The frame is taken when the caller goes on, not when it is
/// woken, so that it is the newest. <see cref="Arm"/> and <see cref="Wake"/> are called under one lock.
/// </summary>
internal sealed class FrameWait(Func<ScreenFrame> take) : IValueTaskSource<ScreenFrame>
{
    private enum State
    {
        Idle,
        Waiting,
        Woken,
    }

    // Continuations run elsewhere: whoever wakes holds the lock.
    private ManualResetValueTaskSourceCore<bool> core = new() { RunContinuationsAsynchronously = true };
    private volatile State state;

    /// <summary>Begins to wait; the result must be awaited once.</summary>
    public ValueTask<ScreenFrame> Arm()
    {
        switch (state)
        {
            case State.Idle:
                core.Reset();
                state = State.Waiting;
                return new ValueTask<ScreenFrame>(this, core.Version);
            case State.Waiting or State.Woken:
                throw new InvalidOperationException("This capture is already waiting for a frame. It serves one caller at a time.");
            default:
                throw new InvalidOperationException($"Unknown state {state}.");
        }
    }

    /// <summary>Ends the waiting, if anybody waits.</summary>
    public void Wake()
    {
        if (state != State.Waiting) return;
        state = State.Woken;
        core.SetResult(true);
    }

    ScreenFrame IValueTaskSource<ScreenFrame>.GetResult(short token)
    {
        core.GetResult(token);
        state = State.Idle;
        return take();
    }

    ValueTaskSourceStatus IValueTaskSource<ScreenFrame>.GetStatus(short token) => core.GetStatus(token);

    void IValueTaskSource<ScreenFrame>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        core.OnCompleted(continuation, state, token, flags);
}
