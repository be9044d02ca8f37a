namespace RemoteAccess.Interop;

/// <summary>
/// A thread with windows of its own, whose messages it reads. <see cref="Work"/> runs until <see cref="IsStopping"/>; disposal awaits its end. Pixels
/// are physical ones on it.
/// </summary>
internal abstract class WindowThread : IAsyncDisposable
{
    private readonly Thread thread;
    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock closing = new();
    private readonly AutoResetEvent wake = new(initialState: false);
    private bool isClosed;
    private volatile bool stopping;

    protected WindowThread(string name) => thread = new Thread(Run) { IsBackground = true, Name = name };

    protected bool IsStopping => stopping;

    /// <summary>Starts the thread and returns when it is ready.</summary>
    /// <exception cref="DesktopException">There is no usable desktop.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        thread.Start();
        try
        {
            await opened.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception)
        {
            await DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Stop();
        await ended.Task.ConfigureAwait(false);
        lock (closing)
        {
            isClosed = true;
            wake.Dispose();
        }
    }

    /// <summary>Asks the thread to end and does not wait. Any thread, also after disposal.</summary>
    protected void Stop()
    {
        stopping = true;
        lock (closing)
        {
            if (!isClosed) wake.Set();
        }
    }

    /// <summary>Waits until there is a message to read or to answer, <see cref="Stop"/>, or the time is up.</summary>
    protected void WaitForMessages(TimeSpan limit)
    {
        ReadOnlySpan<nint> handle = [wake.SafeWaitHandle.DangerousGetHandle()];
        _ = User32Message.MsgWaitForMultipleObjectsEx(1, handle, (uint)limit.TotalMilliseconds, User32Message.AllInput, User32Message.InputAvailable);
    }

    /// <summary>On the thread, once: makes the windows.</summary>
    protected abstract void Prepare();

    /// <summary>On the thread: works until <see cref="IsStopping"/>.</summary>
    protected abstract void Work();

    /// <summary>On the thread: <see cref="Prepare"/> or <see cref="Work"/> has failed.</summary>
    protected abstract void Fail(Exception error);

    /// <summary>On the thread, last, also when preparing failed half way.</summary>
    protected abstract void CleanUp();

    private void Run()
    {
        try
        {
            _ = User32Desktop.SetThreadDpiAwarenessContext(User32Desktop.PerMonitor);
            Prepare();
            opened.TrySetResult();
            Work();
        }
        catch (Exception error)
        {
            // The owner's next call gets it: nothing may escape from a thread's start.
            opened.TrySetException(error);
            Fail(error);
        }
        finally
        {
            try
            {
                CleanUp();
            }
            finally
            {
                ended.TrySetResult();
            }
        }
    }
}
