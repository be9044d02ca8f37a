using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace RemoteAccess;

/// <summary>Where and how <see cref="X11Surface"/> shows itself. Immutable.</summary>
public sealed record X11SurfaceOptions
{
    /// <summary>Name of the display, for example <c>:0</c>. Default: null, the value of the environment variable DISPLAY.</summary>
    public string? Display { get; init; }

    /// <summary>How large everything is, 1 to 3. Default: null, the desktop's Xft.dpi divided by 96, within that range.</summary>
    public double? Scale { get; init; }

    /// <summary>White on black with thick lines. Default: null, when the environment variable GTK_THEME names a high-contrast theme.</summary>
    public bool? HighContrast { get; init; }

    /// <summary>The person's language; words exist in English, German, Spanish, French and Japanese, and every other one gets English. Default: that of the process.</summary>
    public CultureInfo Culture { get; init; } = CultureInfo.CurrentUICulture;

    /// <summary>In which times are shown, and whose midnight ends a block. Default: the computer's.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Local;

    /// <summary>For times that are shown and waited for. Default: the system's clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// A file that exists once the first-run tour was seen; its folder is made when missing. Default: null,
    /// <c>remoteaccess/surface-tour-seen</c> in <c>$XDG_STATE_HOME</c>, or in <c>~/.local/state</c>.
    /// </summary>
    public string? TourFile { get; init; }

    /// <summary>Where reports are saved. Default: null, the person's folder for documents.</summary>
    public string? ReportFolder { get; init; }

    /// <summary>Whether the window opens at the start. It opens without this when there is no system tray. Default: false.</summary>
    public bool OpenWindow { get; init; }

    /// <summary>Where it is said when there is no icon on the session bus, and why. Default: nowhere.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

    /// <summary>The session bus's address. Null: that of the process's environment; empty: none.</summary>
    internal string? SessionBus { get; init; }

    /// <exception cref="ArgumentException">A value is outside its range.</exception>
    internal void Validate()
    {
        if (Scale is { } scale && scale is not (>= 1 and <= 3)) throw new ArgumentException($"{nameof(Scale)} must be 1 to 3, not {scale}.");
        ArgumentNullException.ThrowIfNull(Culture);
        ArgumentNullException.ThrowIfNull(Zone);
        ArgumentNullException.ThrowIfNull(TimeProvider);
        ArgumentNullException.ThrowIfNull(Logger);
    }
}
