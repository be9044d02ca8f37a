using RemoteAccess.Interop;
using RemoteAccess.Picture;
using RemoteAccess.Sessions;
using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>
/// The desktop of whoever sits before the computer, seen from a service: screen, keyboard, mouse and clipboard are served by the session helper, which <see cref="WindowsService"/> keeps
/// running there. Sessions outlive a change of Windows sessions: meanwhile the screen is black and input is refused. Thread-safe.
/// </summary>
public sealed class SessionDesktop : IDesktop
{
    private readonly Action<ISessionProcess> attention;

    /// <param name="home">Where the helper is.</param>
    /// <param name="power">The computer's.</param>
    /// <param name="attention">Makes Ctrl+Alt+Delete in a helper's session; quick.</param>
    /// <param name="screen">The session that has the screen.</param>
    /// <param name="time">The clock.</param>
    internal SessionDesktop(HelperHome home, IPowerControl power, Action<ISessionProcess> attention, Func<uint?> screen, TimeProvider time) =>
        (Home, Power, Clipboard, Screen, Time, this.attention) = (home, power, new HelperClipboard(home, time), screen, time, attention);

    /// <summary>As the helper said last, which is at most half a second ago; zero while there is none.</summary>
    public TimeSpan PhysicalIdleTime => Home.IdleTime;

    /// <summary>The computer's, by the service itself. Safe mode only when it runs as a service: nothing else would come up there.</summary>
    public IPowerControl Power { get; }

    /// <summary>Of the session that has the screen. What was opened is over when the helper there ends, as when another user's session has it.</summary>
    public IClipboard Clipboard { get; }

    /// <summary>Starts programs in the service's own session and account, each in a job, which holds what it starts and ends with the service.</summary>
    public IProgramStarter Programs { get; } = new JobPrograms();

    /// <summary>By the name that Windows has for an open file.</summary>
    public IFilePlaces Places { get; } = new FinalPaths();

    internal HelperHome Home { get; }

    /// <summary>The session that has the screen; null while that changes.</summary>
    internal Func<uint?> Screen { get; }

    internal TimeProvider Time { get; }

    internal HelperHeld Held { get; } = new();

    /// <inheritdoc/>
    public ValueTask<IScreenCapture> OpenCaptureAsync(OperationPermit permit, CancellationToken cancellationToken)
    {
        Check(permit, Operations.ViewScreen);
        return ValueTask.FromResult<IScreenCapture>(new HelperCapture(Home, permit, Time));
    }

    /// <inheritdoc/>
    public async ValueTask<IInputInjector> OpenInputAsync(OperationPermit permit, CancellationToken cancellationToken)
    {
        Check(permit, Operations.ControlInput);
        return await HelperInput.OpenAsync(Home, permit, Held, attention, Time, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Nothing to do: the service ends the helper.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static void Check(OperationPermit permit, Operations operation)
    {
        ArgumentNullException.ThrowIfNull(permit);
        if (permit.Operation != operation) throw new ArgumentException($"This needs a permit for {operation}, not {permit.Operation}.", nameof(permit));
        permit.Demand();
    }
}
