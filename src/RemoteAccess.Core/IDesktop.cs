using RemoteAccess.Picture;
using RemoteAccess.Sessions;
using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>
/// The seam to the operating system: the screen, keyboard and mouse in front of the customer. One per platform package.
/// Thread-safe; everything it opens is owned by the caller and may be used from any one thread at a time.
/// </summary>
public interface IDesktop : IAsyncDisposable
{
    /// <summary>Begins to capture. Each open capture is independent; it must ask <paramref name="permit"/> before every frame.</summary>
    /// <param name="permit">A live permit for <see cref="Operations.ViewScreen"/>.</param>
    /// <param name="cancellationToken">Cancels the opening only.</param>
    /// <exception cref="DesktopException">There is no usable display.</exception>
    /// <exception cref="AccessRefusedException">The permit is withdrawn.</exception>
    ValueTask<IScreenCapture> OpenCaptureAsync(OperationPermit permit, CancellationToken cancellationToken);

    /// <summary>Begins to inject input. Disposing it releases every key and button it still holds down.</summary>
    /// <param name="permit">A live permit for <see cref="Operations.ControlInput"/>.</param>
    /// <param name="cancellationToken">Cancels the opening only.</param>
    /// <exception cref="DesktopException">There is no usable display.</exception>
    /// <exception cref="AccessRefusedException">The permit is withdrawn.</exception>
    ValueTask<IInputInjector> OpenInputAsync(OperationPermit permit, CancellationToken cancellationToken);

    /// <summary>Time since the last input of a person at the computer; injected input does not count. Zero when it cannot be told.</summary>
    TimeSpan PhysicalIdleTime { get; }

    /// <summary>
    /// Whether somebody can sit before this screen, who must then be shown who is connected: an agent that shares it demands a choice of
    /// <see cref="TrustOptions.Surface"/>. True, the default, for every real screen; false only for one that is merely drawn.
    /// </summary>
    bool HasPerson => true;

    /// <summary>A video encoder of the operating system, for areas that change like video; null, the default, where there is none.</summary>
    VideoEncoding? Video => null;

    /// <summary>The clipboard of the session in front of the customer; null, the default, where there is none.</summary>
    IClipboard? Clipboard => null;

    /// <summary>What restarts the computer; null, the default, where nothing does.</summary>
    IPowerControl? Power => null;

    /// <summary>
    /// What starts the programs of a technician who may run commands; null, the default, for the framework's own way, which an agent that is killed leaves running.
    /// </summary>
    IProgramStarter? Programs => null;

    /// <summary>What says where an open file of a shared folder is in truth; null, the default, where that is known without (Linux) or not at all.</summary>
    IFilePlaces? Places => null;
}
