using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>libXfixes: regions and the cursor's picture.</summary>
internal static unsafe partial class LibXfixes
{
    public const string File = "libXfixes.so.3";
    public const int CursorNotify = 1;
    public const nuint DisplayCursorNotifyMask = 1;

    [LibraryImport(File)] public static partial int XFixesQueryExtension(nint display, out int firstEvent, out int firstError);
    [LibraryImport(File)] public static partial int XFixesQueryVersion(nint display, out int major, out int minor);
    [LibraryImport(File)] public static partial nuint XFixesCreateRegion(nint display, XRectangle* rectangles, int count);
    [LibraryImport(File)] public static partial XRectangle* XFixesFetchRegion(nint display, nuint region, out int count);
    [LibraryImport(File)] public static partial void XFixesSelectCursorInput(nint display, nuint window, nuint mask);
    [LibraryImport(File)] public static partial CursorImage* XFixesGetCursorImage(nint display);
}
