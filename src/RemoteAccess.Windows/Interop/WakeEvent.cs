namespace RemoteAccess.Interop;

/// <summary>What makes a thread of a desktop look up. <see cref="Signal"/> may come from any thread, also after disposal.</summary>
internal sealed class WakeEvent : IDisposable
{
    private readonly Lock closing = new();
    private readonly AutoResetEvent signal = new(false);
    private bool isClosed;

    public void Signal()
    {
        lock (closing)
        {
            if (!isClosed) signal.Set();
        }
    }

    /// <summary>Waits for the signal or the time. Only the thread that is woken, and not after disposal.</summary>
    /// <param name="milliseconds">Negative: for ever.</param>
    /// <returns>Whether it was the signal.</returns>
    public bool Wait(int milliseconds) => signal.WaitOne(milliseconds < 0 ? Timeout.Infinite : milliseconds);

    /// <summary>Waits for the signal, the time, or a message that the calling thread has to read or to answer. As <see cref="Wait"/>.</summary>
    public void WaitForMessages(TimeSpan limit)
    {
        ReadOnlySpan<nint> handle = [signal.SafeWaitHandle.DangerousGetHandle()];
        _ = User32Message.MsgWaitForMultipleObjectsEx(1, handle, (uint)limit.TotalMilliseconds, User32Message.AllInput, User32Message.InputAvailable);
    }

    public void Dispose()
    {
        lock (closing)
        {
            isClosed = true;
            signal.Dispose();
        }
    }
}
