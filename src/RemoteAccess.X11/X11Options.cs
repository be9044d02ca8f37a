using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace RemoteAccess;

/// <summary>Which X display is shared. Immutable.</summary>
public sealed record X11Options
{
    /// <summary>Name of the display, for example <c>:0</c>. Default: null, the value of the environment variable DISPLAY.</summary>
    public string? Display { get; init; }

    /// <summary>Where the time of a frame and the idle time come from. Default: the system's clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where it is said what a technician's restart of the computer met. Default: nowhere.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>
    /// Whether frames may come through memory shared with the X server (MIT-SHM). Default: true. Without it, and on another machine's
    /// display, they come through the socket, ten to twenty times slower.
    /// </summary>
    public bool UseSharedMemory { get; init; } = true;
}
