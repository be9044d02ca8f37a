using RemoteAccess.Interop;
using RemoteAccess.Picture;
using RemoteAccess.Sessions;
using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>
/// The desktop of the Windows session this process runs in: Desktop Duplication or GDI for the picture, SendInput for input. Thread-safe. Each
/// capture and each input has its own thread and outlives the desktop object that opened it.
/// </summary>
public sealed class WindowsDesktop : IDesktop
{
    private readonly WindowsOptions options;
    private readonly PhysicalInput physicalInput = PhysicalInput.OfThisProcess;
    private readonly WindowsPower power;

    private WindowsDesktop(WindowsOptions options)
    {
        this.options = options;
        Clipboard = new WindowsClipboard(options.TimeProvider);
        power = new WindowsPower(options.ServiceName is { } service ? WindowsSafeMode.Of(service) : null, SystemRestart.Initiate, SystemRestart.Abort, options.TimeProvider, options.Logger);
    }

    /// <summary>Looks whether there is a screen to share. Changes nothing.</summary>
    /// <exception cref="DesktopException">This process is in a session without a screen, as a service's is.</exception>
    /// <exception cref="PlatformNotSupportedException">This is a 32-bit process.</exception>
    public static WindowsDesktop Open(WindowsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!Environment.Is64BitProcess) throw new PlatformNotSupportedException("The Windows desktop is shared by 64-bit processes only: build the program for x64 or arm64.");
        if (MonitorLayout.VirtualScreen().IsEmpty) throw NoScreen();
        return new WindowsDesktop(options);
    }

    /// <inheritdoc/>
    public TimeSpan PhysicalIdleTime => physicalInput.IdleTime;

    /// <inheritdoc/>
    public IClipboard Clipboard { get; }

    /// <inheritdoc/>
    public IPowerControl Power => power;

    /// <summary>Starts each program in a job, which holds what it starts and ends with this process.</summary>
    public IProgramStarter Programs { get; } = new JobPrograms();

    /// <summary>By the name that Windows has for an open file.</summary>
    public IFilePlaces Places { get; } = new FinalPaths();

    /// <inheritdoc/>
    public async ValueTask<IScreenCapture> OpenCaptureAsync(OperationPermit permit, CancellationToken cancellationToken)
    {
        Check(permit, Operations.ViewScreen);
        ScreenSources sources = new(options.UseDesktopDuplication, options.Logger, OutputDuplications.Open);
        ScreenCapture capture = new(permit, options.TimeProvider, sources.Open, static () => new InputDesktop());
        await capture.StartAsync(cancellationToken).ConfigureAwait(false);
        return capture;
    }

    /// <inheritdoc/>
    public async ValueTask<IInputInjector> OpenInputAsync(OperationPermit permit, CancellationToken cancellationToken)
    {
        Check(permit, Operations.ControlInput);
        SendInputInjector injector = new(permit, physicalInput, new SecureAttention(options.Logger, isService: false, new WindowsSecureAttention()));
        await injector.StartAsync(cancellationToken).ConfigureAwait(false);
        return injector;
    }

    /// <summary>Captures and input that are open go on until they are disposed themselves. A restart that is under way is not taken back any more.</summary>
    public ValueTask DisposeAsync() => power.DisposeAsync();

    internal static DesktopException NoScreen() =>
        new(DesktopError.NoDisplay, "There is no screen to share: this process is in no session with a desktop. Run the agent in the session of the user who is logged in.");

    private static void Check(OperationPermit permit, Operations operation)
    {
        ArgumentNullException.ThrowIfNull(permit);
        if (permit.Operation != operation) throw new ArgumentException($"This needs a permit for {operation}, not {permit.Operation}.", nameof(permit));
        permit.Demand();
    }
}
