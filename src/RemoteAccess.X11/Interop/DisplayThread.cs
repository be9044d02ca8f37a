namespace RemoteAccess.Interop;

/// <summary>
/// A thread with its own connection to the X server, which nobody else touches, so that no X call needs a lock and none blocks a
/// caller. <see cref="Work"/> runs until <see cref="IsStopping"/>; disposal awaits its end.
/// </summary>
internal abstract class DisplayThread : IAsyncDisposable
{
    /// <summary>How long a server that does not answer may hold up disposal.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly string? displayName;
    private readonly Thread thread;
    private readonly TaskCompletionSource opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WakeSignal wake = new();
    private XConnection? connection;
    private volatile bool stopping;

    protected DisplayThread(string? displayName, string name)
    {
        this.displayName = displayName;
        thread = new Thread(Run) { IsBackground = true, Name = name };
    }

    /// <summary>Only on the thread.</summary>
    protected XConnection Connection => connection ?? throw new InvalidOperationException("The display thread has not begun.");

    protected bool IsStopping => stopping;

    /// <summary>Starts the thread and returns when it is ready.</summary>
    /// <exception cref="DesktopException">There is no usable display.</exception>
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

    /// <summary>Starts the thread and blocks until it is ready. When that fails it has ended by itself.</summary>
    /// <exception cref="DesktopException">There is no usable display.</exception>
    public void Start()
    {
        thread.Start();
        opened.Task.GetAwaiter().GetResult();
    }

    public async ValueTask DisposeAsync()
    {
        Stop();
        try
        {
            await ended.Task.WaitAsync(Patience).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            Volatile.Read(ref connection)?.Sever();
            await ended.Task.ConfigureAwait(false);
        }
        wake.Dispose();
    }

    /// <summary>Asks the thread to end and does not wait.</summary>
    protected void Stop()
    {
        stopping = true;
        wake.Signal();
    }

    /// <summary>Waits for the end of the thread; for the end of the process only.</summary>
    protected bool WaitForEnd(TimeSpan limit) => ended.Task.Wait(limit);

    /// <summary>Makes <see cref="WaitForActivity"/> return. Any thread; on this one, which is not waiting, nothing.</summary>
    protected void Wake()
    {
        if (Thread.CurrentThread != thread) wake.Signal();
    }

    /// <summary>Waits until the server has something to say, <see cref="Wake"/>, or the time is up (negative: never).</summary>
    protected void WaitForActivity(int timeoutMilliseconds)
    {
        if (LibX11.XPending(Connection.Display) > 0) return;
        Connection.ThrowIfLost();
        wake.Wait(Connection.Descriptor, timeoutMilliseconds);
    }

    /// <summary>Waits for <see cref="Wake"/> or the time alone.</summary>
    protected void WaitForWake(int timeoutMilliseconds) => wake.Wait(-1, timeoutMilliseconds);

    /// <summary>On the thread, once: checks and prepares the display.</summary>
    protected abstract void Prepare();

    /// <summary>On the thread: works until <see cref="IsStopping"/>.</summary>
    protected abstract void Work();

    /// <summary>On the thread: <see cref="Work"/> has failed; every present and future call must be answered with this.</summary>
    protected abstract void Fail(Exception error);

    /// <summary>On the thread, last: the connection is still open, but the server may be gone.</summary>
    protected abstract void CleanUp();

    private void Run()
    {
        try
        {
            Volatile.Write(ref connection, XConnection.Open(displayName));
            Prepare();
            Connection.ThrowIfLost();
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
            if (connection is not null) CleanUp();
        }
        catch (Exception error) when (error is DesktopException or IOException or UnauthorizedAccessException)
        {
            Fail(error);
        }
        finally
        {
            connection?.Dispose();
            ended.TrySetResult();
        }
    }
}
