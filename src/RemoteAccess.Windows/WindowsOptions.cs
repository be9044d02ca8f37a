using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace RemoteAccess;

/// <summary>How the screen, keyboard and mouse of a Windows session are shared. Immutable.</summary>
public sealed record WindowsOptions
{
    /// <summary>Where the time of a frame comes from. Default: the system's clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// Whether frames may come by Desktop Duplication. Default: true. Without it, and where the system refuses it (the reason is logged), they come
    /// by GDI, which reads the whole screen at each look.
    /// </summary>
    public bool UseDesktopDuplication { get; init; } = true;

    /// <summary>Told which way the screen is captured and why, and of Ctrl+Alt+Delete. Never pixels or keys. Default: nobody.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;
}
