using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>user32: windows, where they stand and who is above them.</summary>
internal static unsafe partial class User32Window
{
    public const string File = "user32";
    public const uint Popup = 0x80000000, TopMost = 0x8, AppWindow = 0x40000, Transparent = 0x20, ToolWindow = 0x80, Layered = 0x80000, NeverActive = 0x8000000;
    /// <summary>Caption and system menu; with a sizing frame and both boxes too.</summary>
    public const uint Captioned = 0x00C80000, Overlapped = 0x00CF0000;
    public const int StyleIndex = -16, ExtendedStyleIndex = -20;
    public const int ShowWithoutFocus = 4, Show = 5, Restore = 9;
    public const uint NoSize = 0x1, NoMove = 0x2, SameOrder = 0x4, NoActivate = 0x10, FrameChanged = 0x20, ShowIt = 0x40;
    public const uint Above = 3, ParentOf = 1;
    public const nint OnTop = -1;
    /// <summary>WDA_MONITOR: on the screen, and black in every picture of it.</summary>
    public const uint OnMonitorOnly = 1;
    public const nint Arrow = 32512;
    public const uint AlphaOfAll = 2;
    public const uint ChordAlt = 1, ChordControl = 2, ChordShift = 4, ChordOnce = 0x4000;

    [LibraryImport(File, SetLastError = true)] public static partial ushort RegisterClassExW(WindowClass* description);

    [LibraryImport(File, SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    public static partial nint CreateWindowExW(uint extendedStyle, nint windowClass, string title, uint style, int x, int y, int width, int height, nint parent, nint menu, nint instance, nint parameter);

    [LibraryImport(File)] public static partial nint DefWindowProcW(nint window, uint message, nuint first, nint second);
    [LibraryImport(File)] public static partial int DestroyWindow(nint window);
    [LibraryImport(File)] public static partial nint LoadCursorW(nint instance, nint name);
    [LibraryImport(File)] public static partial int ShowWindow(nint window, int how);
    [LibraryImport(File)] public static partial int EnableWindow(nint window, int isEnabled);
    [LibraryImport(File)] public static partial int SetWindowPos(nint window, nint behind, int x, int y, int width, int height, uint flags);
    [LibraryImport(File)] public static partial int SetWindowRgn(nint window, nint region, int redraws);
    [LibraryImport(File)] public static partial int GetWindowRgnBox(nint window, Rectangle* box);
    [LibraryImport(File)] public static partial int GetWindowRect(nint window, Rectangle* area);
    [LibraryImport(File)] public static partial nint GetWindowLongPtrW(nint window, int index);
    [LibraryImport(File)] public static partial nint SetWindowLongPtrW(nint window, int index, nint value);
    [LibraryImport(File)] public static partial int IsWindowVisible(nint window);
    [LibraryImport(File)] public static partial nint GetWindow(nint window, uint which);
    [LibraryImport(File)] public static partial nint GetAncestor(nint window, uint which);
    [LibraryImport(File)] public static partial nint GetDesktopWindow();
    [LibraryImport(File)] public static partial int SetForegroundWindow(nint window);
    [LibraryImport(File)] public static partial nint GetFocus();
    [LibraryImport(File)] public static partial nint SetFocus(nint window);
    [LibraryImport(File)] public static partial nint SetCapture(nint window);
    [LibraryImport(File)] public static partial int ReleaseCapture();
    [LibraryImport(File)] public static partial int IsWindow(nint window);
    [LibraryImport(File)] public static partial int IsIconic(nint window);
    [LibraryImport(File)] public static partial nint WindowFromPoint(Point point);
    [LibraryImport(File)] public static partial int GetClientRect(nint window, Rectangle* area);
    [LibraryImport(File)] public static partial int ClientToScreen(nint window, Point* point);
    [LibraryImport(File)] public static partial int AdjustWindowRectExForDpi(Rectangle* area, uint style, int hasMenu, uint extendedStyle, uint dpi);
    [LibraryImport(File)] public static partial uint GetDpiForWindow(nint window);
    [LibraryImport(File)] public static partial int SetLayeredWindowAttributes(nint window, uint key, byte alpha, uint flags);
    [LibraryImport(File, SetLastError = true)] public static partial int RegisterHotKey(nint window, int id, uint modifiers, uint key);
    [LibraryImport(File)] public static partial int UnregisterHotKey(nint window, int id);
    [LibraryImport(File)] public static partial int SetWindowDisplayAffinity(nint window, uint affinity);
    [LibraryImport(File)] public static partial int ValidateRect(nint window, Rectangle* area);
}
