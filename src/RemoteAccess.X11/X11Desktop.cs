using RemoteAccess.Interop;
using RemoteAccess.Picture;
using RemoteAccess.Sessions;
using RemoteAccess.Trust;
using Tmds.DBus.Protocol;

namespace RemoteAccess;

/// <summary>
/// The desktop of an X server: XDamage and MIT-SHM for the picture, XTEST for input, the CLIPBOARD selection. Thread-safe. Each capture and each input has its
/// own connection and outlives the desktop object that opened it.
/// </summary>
public sealed class X11Desktop : IDesktop
{
    private readonly X11Options options;
    private readonly PhysicalInputWatch physicalInput;
    private readonly X11Clipboard clipboard;
    private readonly LogindPower power;

    private X11Desktop(X11Options options, PhysicalInputWatch physicalInput)
    {
        this.options = options;
        this.physicalInput = physicalInput;
        clipboard = new X11Clipboard(options.Display);
        power = new LogindPower(DBusAddress.System, options.TimeProvider, options.Logger);
    }

    /// <summary>
    /// Connects to the display, and puts right what an agent that was killed there left behind: keys held down, keyboard mapping changed.
    /// Blocks until the X server answers.
    /// </summary>
    /// <exception cref="DesktopException">There is no such display, its pixels have another format than 24-bit true colour, or a system library is missing.</exception>
    public static X11Desktop Open(X11Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        using (XConnection connection = XConnection.Open(options.Display))
        {
            RootFormat.Demand(connection);
            LeftoverInput.PutRight(connection);
        }
        PhysicalInputWatch watch = new(options.Display, options.TimeProvider);
        watch.Start();
        return new X11Desktop(options, watch);
    }

    /// <inheritdoc/>
    public TimeSpan PhysicalIdleTime => physicalInput.IdleTime;

    /// <inheritdoc/>
    public async ValueTask<IScreenCapture> OpenCaptureAsync(OperationPermit permit, CancellationToken cancellationToken)
    {
        Check(permit, Operations.ViewScreen);
        XDamageCapture capture = new(options.Display, permit, options.TimeProvider, options.UseSharedMemory);
        await capture.StartAsync(cancellationToken).ConfigureAwait(false);
        return capture;
    }

    /// <inheritdoc/>
    public async ValueTask<IInputInjector> OpenInputAsync(OperationPermit permit, CancellationToken cancellationToken)
    {
        Check(permit, Operations.ControlInput);
        XTestInjector injector = new(options.Display, permit);
        await injector.StartAsync(cancellationToken).ConfigureAwait(false);
        return injector;
    }

    /// <inheritdoc/>
    /// <remarks>A text that was put there is gone from it when this is disposed, unless a program of the customer's has taken it.</remarks>
    public IClipboard Clipboard => clipboard;

    /// <inheritdoc/>
    /// <remarks>By systemd's logind, or another one that answers in its name; there is no safe mode.</remarks>
    public IPowerControl Power => power;

    /// <summary>Stops watching for physical input, and lets go of the clipboard. Captures and input that are open go on until they are disposed themselves.</summary>
    public async ValueTask DisposeAsync()
    {
        await physicalInput.DisposeAsync().ConfigureAwait(false);
        await clipboard.DisposeAsync().ConfigureAwait(false);
        await power.DisposeAsync().ConfigureAwait(false);
    }

    private static void Check(OperationPermit permit, Operations operation)
    {
        ArgumentNullException.ThrowIfNull(permit);
        if (permit.Operation != operation) throw new ArgumentException($"This needs a permit for {operation}, not {permit.Operation}.", nameof(permit));
        permit.Demand();
    }
}
