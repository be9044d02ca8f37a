using System.Globalization;
using System.Runtime.InteropServices;
using RemoteAccess.Interop;
using RemoteAccess.Picture;

namespace RemoteAccess.Trust;

/// <summary>Where on the desktop a window of ours stands, and how large its letters are.</summary>
internal static unsafe class DesktopPlace
{
    /// <summary>The monitor with the pointer, or the primary one.</summary>
    public static PixelRect Monitor(XConnection connection)
    {
        IReadOnlyList<MonitorArea> monitors = new LayoutSource(connection).Current.Monitors;
        _ = LibX11.XQueryPointer(connection.Display, connection.Root, out _, out _, out int x, out int y, out _, out _, out _);
        foreach (MonitorArea monitor in monitors)
        {
            if (!monitor.Area.Intersect(new PixelRect(x, y, 1, 1)).IsEmpty) return monitor.Area;
        }
        return monitors[0].Area;
    }

    /// <summary>The option, or the desktop's Xft.dpi over 96; 1 to 3.</summary>
    public static double Scale(XConnection connection, double? option)
    {
        if (option is { } chosen) return chosen;
        nint text = LibX11Window.XGetDefault(connection.Display, "Xft", "dpi");
        bool isKnown = double.TryParse(Marshal.PtrToStringUTF8(text), NumberStyles.Float, CultureInfo.InvariantCulture, out double dpi);
        return isKnown ? Math.Clamp(dpi / 96, 1, 3) : 1;
    }

    /// <summary>The option, or whether the desktop's theme is one of high contrast.</summary>
    public static bool IsHighContrast(bool? option) =>
        option ?? (Environment.GetEnvironmentVariable("GTK_THEME") ?? "").Replace("-", "", StringComparison.Ordinal).Contains("highcontrast", StringComparison.OrdinalIgnoreCase);
}
