using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>user32: popup menus and icons.</summary>
internal static unsafe partial class User32Menu
{
    public const string File = "user32";
    public const uint Text = 0, Grayed = 1, Submenu = 0x10, Separator = 0x800;
    public const uint RightButton = 0x2, NoNotify = 0x80, ReturnCommand = 0x100;
    public const int SmallIconWidth = 49;

    [LibraryImport(File)] public static partial nint CreatePopupMenu();
    [LibraryImport(File, StringMarshalling = StringMarshalling.Utf16)] public static partial int AppendMenuW(nint menu, uint flags, nuint item, string? text);
    [LibraryImport(File)] public static partial int TrackPopupMenuEx(nint menu, uint flags, int x, int y, nint window, nint parameters);
    [LibraryImport(File)] public static partial int DestroyMenu(nint menu);
    [LibraryImport(File)] public static partial int EndMenu();
    [LibraryImport(File)] public static partial nint CreateIconIndirect(IconInfo* description);
    [LibraryImport(File)] public static partial int DestroyIcon(nint icon);
}
