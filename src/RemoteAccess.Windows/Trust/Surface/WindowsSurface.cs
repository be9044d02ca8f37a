using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>
/// What the customer sees and can do, on the desktop of this process: a strip and a frame on every monitor while somebody is connected, an icon in the
/// notification area with balloons and a menu, a window with status, block, revoke, history, report and notices, what is to be known after a session, and
/// a tour at the first run. It cannot be told to hide anything. What lets anybody in again is taken from a person's devices only; stopping and blocking
/// from everybody. Needs Windows 10 1703 or later, and a process in the person's own session. Thread-safe.
/// </summary>
public sealed class WindowsSurface
{
    private readonly WindowsSurfaceOptions options;

    /// <summary>Touches no desktop yet.</summary>
    /// <param name="options">Default: in the scale, contrast and language that the person has set.</param>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public WindowsSurface(WindowsSurfaceOptions? options = null)
    {
        this.options = options ?? new WindowsSurfaceOptions();
        this.options.Validate();
    }

    /// <summary>
    /// Shows everything until it is cancelled, or until the agent is gone: then it says so for 30 s, or until that is closed. Calls
    /// <see cref="ISurfaceAgent.ReportShown"/> at least five times a second, from the thread that draws and with what it sees on the screen, and with null at the end.
    /// </summary>
    /// <param name="agent">The agent; it stays the caller's.</param>
    /// <param name="cancellationToken">Takes everything away; not an error.</param>
    /// <exception cref="DesktopException">There is no desktop that a person sees, or it was lost.</exception>
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
    /// <param name="connect">Finds the agent; a <see cref="SurfaceException"/> means that there is none yet. What it gives is disposed here.</param>
    /// <param name="cancellationToken">Takes everything away; not an error.</param>
    /// <exception cref="DesktopException">There is no desktop that a person sees, or it was lost.</exception>
    public async Task RunAsync(Func<CancellationToken, Task<ISurfaceAgent>> connect, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connect);
        await new OneAgentAfterAnother(RunAsync, connect, options.TimeProvider).RunAsync(cancellationToken).ConfigureAwait(false);
    }
}
