using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace RemoteAccess;

/// <summary>How <see cref="WindowsSurface"/> shows itself. Immutable.</summary>
public sealed record WindowsSurfaceOptions
{
    /// <summary>How large everything is, 1 to 3. Default: null, the scaling that is set for each monitor, within that range.</summary>
    public double? Scale { get; init; }

    /// <summary>White on black with thick lines. Default: null, when the person has set a contrast theme, also while it runs.</summary>
    public bool? HighContrast { get; init; }

    /// <summary>The person's language; words exist in English, German, Spanish, French and Japanese, and every other one gets English. Default: that of the process.</summary>
    public CultureInfo Culture { get; init; } = CultureInfo.CurrentUICulture;

    /// <summary>In which times are shown, and whose midnight ends a block. Default: the computer's.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Local;

    /// <summary>For times that are shown and waited for. Default: the system's clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>
    /// A file that exists once the first-run tour was seen; its folder is made when missing. Default: null,
    /// <c>RemoteAccess\surface-tour-seen</c> in the person's folder for local application data.
    /// </summary>
    public string? TourFile { get; init; }

    /// <summary>Where reports are saved. Default: null, the person's folder for documents.</summary>
    public string? ReportFolder { get; init; }

    /// <summary>Whether the window opens at the start. It opens without this when there is no icon in the notification area. Default: false.</summary>
    public bool OpenWindow { get; init; }

    /// <summary>Where it is said when there is no icon in the notification area, and why. Default: nowhere.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;

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
