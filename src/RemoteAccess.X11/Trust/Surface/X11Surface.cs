using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>
/// What the customer sees and can do, on an X display: a strip on every monitor while somebody is connected, an icon in the system tray, a window with
/// status, block, revoke, history, report and notices, what is to be known after a session, and a tour at the first run. It cannot be told to hide
/// anything. It needs XInput 2.2, libXft and a font; a system tray and a window manager are used when there are any. Thread-safe.
/// </summary>
public sealed class X11Surface
{
    private readonly X11SurfaceOptions options;

    /// <summary>Touches no display yet.</summary>
    /// <param name="options">Default: <c>$DISPLAY</c> in the desktop's own scale and the process's language.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public X11Surface(X11SurfaceOptions? options = null)
    {
        this.options = options ?? new X11SurfaceOptions();
        this.options.Validate();
    }

    /// <summary>
    /// Shows everything until it is cancelled, or until the agent is gone: then it says so for 30 s, or until that is closed. Calls
    /// <see cref="ISurfaceAgent.ReportShown"/> at least five times a second, from the thread that draws and with what it sees on the screen, and with null at the end.
    /// </summary>
    /// <param name="agent">The agent; it stays the caller's.</param>
    /// <param name="cancellationToken">Takes everything away; not an error.</param>
    /// <exception cref="DesktopException">The display cannot show it or was lost, or a library is missing.</exception>
    public async Task RunAsync(ISurfaceAgent agent, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(agent);
        if (cancellationToken.IsCancellationRequested) return;
        await SurfaceLife.RunAsync(new SurfaceThread(agent, options), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// The same for one agent after another, until it is cancelled: for a surface that is started when the person logs on, and stays. When an agent is gone
    /// that is said as above, and taken back as soon as there is one again, which is tried twice a second.
    /// </summary>
    /// <param name="connect">Finds the agent, for example by <see cref="SurfaceConnection.OpenAsync(string, CancellationToken)"/>; a <see cref="SurfaceException"/> means that there is none yet. What it gives is disposed here.</param>
    /// <param name="cancellationToken">Takes everything away; not an error.</param>
    /// <exception cref="DesktopException">The display cannot show it or was lost, or a library is missing.</exception>
    public async Task RunAsync(Func<CancellationToken, Task<ISurfaceAgent>> connect, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connect);
        await new OneAgentAfterAnother(RunAsync, connect, options.TimeProvider).RunAsync(cancellationToken).ConfigureAwait(false);
    }
}
