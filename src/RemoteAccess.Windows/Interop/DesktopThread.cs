namespace RemoteAccess.Interop;

/// <summary>
/// A thread of its own that sees physical pixels of every monitor and can follow the desktop that has the keyboard, so that neither changes
/// for the host application's threads and nothing blocks a caller. <see cref="Work"/> runs until <see cref="IsStopping"/>; disposal awaits its end.
/// </summary>
internal abstract class DesktopThread : IAsyncDisposable
{
    private readonly Thread thread;
    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool stopping;

    protected DesktopThread(string name) => thread = new Thread(Run) { IsBackground = true, Name = name };

    /// <summary>Ends a wait of the thread; the sources of frames wait for it too.</summary>
    protected WakeEvent Signal { get; } = new();

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
        Signal.Dispose();
    }

    /// <summary>Asks the thread to end and does not wait.</summary>
    protected void Stop()
    {
        stopping = true;
        Signal.Signal();
    }

    /// <summary>Waits for the end of the thread; for the end of the process only.</summary>
    protected bool WaitForEnd(TimeSpan limit) => ended.Task.Wait(limit);

    /// <summary>Makes the thread look up. Any thread; on this one, which is not waiting, nothing.</summary>
    protected void Wake()
    {
        if (Thread.CurrentThread != thread) Signal.Signal();
    }

    /// <summary>On the thread, once.</summary>
    protected abstract void Prepare();

    /// <summary>On the thread: works until <see cref="IsStopping"/>.</summary>
    protected abstract void Work();

    /// <summary>On the thread: <see cref="Work"/> has failed; every present and future call must be answered with this.</summary>
    protected abstract void Fail(Exception error);

    /// <summary>On the thread, last.</summary>
    protected abstract void CleanUp();

    private void Run()
    {
        try
        {
            // Zero before Windows 10 1703: then the process' own awareness holds.
            _ = User32Screen.SetThreadDpiAwarenessContext(User32Screen.PerMonitorAwareV2);
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
            End();
        }
    }

    private void End()
    {
        try
        {
            CleanUp();
        }
        catch (DesktopException error)
        {
            Fail(error);
        }
        finally
        {
            ended.TrySetResult();
        }
    }
}
