using System.Threading.Tasks.Sources;

namespace RemoteAccess.Interop;

/// <summary>
/// The one call a display thread may be working on, as a ValueTask that costs no allocation. Whoever finishes it first (the thread,
/// a cancelled token, a withdrawn permit) decides its outcome. Continuations run on the thread pool, except after <see cref="Complete"/>.
/// </summary>
internal sealed class PendingCall<T> : IValueTaskSource<T>, IValueTaskSource, IThreadPoolWorkItem
{
    private const int Idle = 0, Waiting = 1, Finished = 2;

    private ManualResetValueTaskSourceCore<T> core;
    private CancellationTokenRegistration registration;
    private CancellationToken token;
    private int state;
    private T? result;
    private Exception? error;

    public bool IsWaiting => Volatile.Read(ref state) == Waiting;

    /// <summary>Begins a call.</summary>
    /// <exception cref="InvalidOperationException">The previous one has not been awaited to its end.</exception>
    public short Begin(CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref state) != Idle) throw new InvalidOperationException("One call at a time: await the previous one first.");
        core.Reset();
        result = default;
        error = null;
        token = cancellationToken;
        Volatile.Write(ref state, Waiting);
        registration = cancellationToken.UnsafeRegister(static self => ((PendingCall<T>)self!).Cancel(), this);
        return core.Version;
    }

    /// <summary>Makes the caller the one who decides; <see cref="Complete"/> must follow.</summary>
    /// <returns>False when the call has another outcome already, or there is none.</returns>
    public bool TryClaim() => Interlocked.CompareExchange(ref state, Finished, Waiting) == Waiting;

    /// <summary>
    /// Answers the claimed call; whoever awaits it goes on in here, which spares two threads being woken for it, and may begin the next
    /// call before this returns.
    /// </summary>
    public void Complete(T outcome) => core.SetResult(outcome);

    /// <returns>False when the call has another outcome already, or there is none.</returns>
    public bool TryFinish(T outcome) => TryFinish(outcome, null);

    /// <inheritdoc cref="TryFinish(T)"/>
    public bool TryFail(Exception reason) => TryFinish(default, reason);

    private void Cancel() => TryFail(new OperationCanceledException(token));

    private bool TryFinish(T? outcome, Exception? reason)
    {
        if (!TryClaim()) return false;
        result = outcome;
        error = reason;
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        return true;
    }

    void IThreadPoolWorkItem.Execute()
    {
        if (error is null) core.SetResult(result!);
        else core.SetException(error);
    }

    public T GetResult(short token)
    {
        // Waits for a cancellation that is just running, so that it cannot hit the next call.
        registration.Dispose();
        registration = default;
        try
        {
            return core.GetResult(token);
        }
        finally
        {
            result = default;
            error = null;
            Volatile.Write(ref state, Idle);
        }
    }

    void IValueTaskSource.GetResult(short token) => GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => core.GetStatus(token);

    public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        core.OnCompleted(continuation, state, token, flags);
}
