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

    /// <summary>
    /// The product's service, which is allowed in safe mode when a technician asks for it, and undoes it at its start (<see cref="WindowsSafeMode.UndoAtStart"/>). Default: null, and the computer is
    /// restarted as usual only.
    /// </summary>
    public string? ServiceName { get; init; }
}
