using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>user32: monitors, the screen's device context, the cursor, desktops, DPI. Names and types as in winuser.h; a BOOL is an int.</summary>
internal static unsafe partial class User32Screen
{
    public const string File = "user32";

    public const int XVirtualScreen = 76, YVirtualScreen = 77, CxVirtualScreen = 78, CyVirtualScreen = 79, SwapButton = 23;
    public const uint CursorShowing = 1;
    public const uint PrimaryMonitor = 1;
    public const int ObjectName = 2;
    /// <summary>Read, create windows, play back input (SendInput asks for it), enumerate, write, switch.</summary>
    public const uint DesktopAccess = 0x0001 | 0x0002 | 0x0020 | 0x0040 | 0x0080 | 0x0100;
    public const nint PerMonitorAwareV2 = -4;

    [LibraryImport(File)] public static partial int GetSystemMetrics(int index);
    [LibraryImport(File)] public static partial nint GetDC(nint window);
    [LibraryImport(File)] public static partial int ReleaseDC(nint window, nint context);
    [LibraryImport(File)] public static partial int EnumDisplayMonitors(nint context, Rectangle* clip, delegate* unmanaged<nint, nint, Rectangle*, nint, int> callback, nint data);
    [LibraryImport(File)] public static partial int GetMonitorInfoW(nint monitor, MonitorInfo* info);
    [LibraryImport(File)] public static partial int GetCursorInfo(CursorInfo* info);
    [LibraryImport(File)] public static partial int GetCursorPos(Point* position);
    [LibraryImport(File)] public static partial int GetIconInfo(nint icon, IconInfo* info);
    [LibraryImport(File)] public static partial nint SetThreadDpiAwarenessContext(nint context);
    [LibraryImport(File)] public static partial nint OpenInputDesktop(uint flags, int inherit, uint access);
    [LibraryImport(File)] public static partial nint GetThreadDesktop(uint thread);
    [LibraryImport(File)] public static partial int SetThreadDesktop(nint desktop);
    [LibraryImport(File)] public static partial int CloseDesktop(nint desktop);
    [LibraryImport(File)] public static partial int GetUserObjectInformationW(nint item, int index, void* information, uint length, uint* needed);
}

[StructLayout(LayoutKind.Sequential)]
internal struct Point
{
    public int X, Y;
}

/// <summary>RECT: right and bottom lie outside.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Rectangle
{
    public int Left, Top, Right, Bottom;

    public readonly PixelRect ToPixels() => new(Left, Top, Right - Left, Bottom - Top);
}

/// <summary>MONITORINFOEXW.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct MonitorInfo
{
    public uint Size;
    public Rectangle Monitor, Work;
    public uint Flags;
    public fixed char Device[32];
}

[StructLayout(LayoutKind.Sequential)]
internal struct CursorInfo
{
    public uint Size, Flags;
    public nint Cursor;
    public Point Position;
}

[StructLayout(LayoutKind.Sequential)]
internal struct IconInfo
{
    public int IsIcon;
    public uint HotX, HotY;
    public nint Mask, Colour;
}
