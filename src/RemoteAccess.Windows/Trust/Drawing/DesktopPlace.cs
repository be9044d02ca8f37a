using RemoteAccess.Interop;

namespace RemoteAccess.Trust;

/// <summary>Where on the desktop a window of ours stands, and how large its letters are. On a thread whose pixels are physical ones.</summary>
internal static unsafe class DesktopPlace
{
    private const double UsualDpi = 96;

    /// <summary>The monitor with the pointer, or the nearest; 0 without any.</summary>
    public static nint Monitor()
    {
        Point pointer = default;
        _ = User32Screen.GetCursorPos(&pointer);
        return User32Desktop.MonitorFromPoint(pointer, User32Desktop.Nearest);
    }

    /// <summary>What the taskbar leaves of a monitor.</summary>
    /// <exception cref="DesktopException">There is no monitor.</exception>
    public static PixelRect WorkArea(nint monitor)
    {
        MonitorInfo place = new() { Size = (uint)sizeof(MonitorInfo) };
        if (User32Screen.GetMonitorInfoW(monitor, &place) == 0) throw new DesktopException(DesktopError.NoDisplay, "The desktop has no monitor, so nobody can be shown anything.");
        return place.Work.ToPixels();
    }

    /// <summary>The option, or the monitor's dots per inch over 96; 1 to 3.</summary>
    public static double Scale(nint monitor, double? option)
    {
        if (option is { } chosen) return chosen;
        bool isKnown = Shcore.GetDpiForMonitor(monitor, Shcore.Effective, out uint across, out _) == 0;
        return isKnown ? Math.Clamp(across / UsualDpi, 1, 3) : 1;
    }

    /// <summary>The option, or whether the person has set high contrast.</summary>
    public static bool IsHighContrast(bool? option)
    {
        if (option is { } chosen) return chosen;
        ContrastScheme scheme = new() { Size = sizeof(ContrastScheme) };
        return User32Desktop.SystemParametersInfo(User32Desktop.GetHighContrast, (uint)scheme.Size, &scheme, 0) != 0 && (scheme.Flags & ContrastScheme.On) != 0;
    }
}
