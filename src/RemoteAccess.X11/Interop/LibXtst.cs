using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>libXtst: XTEST, injected input.</summary>
internal static partial class LibXtst
{
    public const string File = "libXtst.so.6";

    [LibraryImport(File)] public static partial int XTestQueryExtension(nint display, out int firstEvent, out int firstError, out int major, out int minor);
    [LibraryImport(File)] public static partial int XTestGrabControl(nint display, int impervious);
    [LibraryImport(File)] public static partial int XTestFakeKeyEvent(nint display, uint keycode, int isDown, nuint delay);
    [LibraryImport(File)] public static partial int XTestFakeButtonEvent(nint display, uint button, int isDown, nuint delay);
    [LibraryImport(File)] public static partial int XTestFakeMotionEvent(nint display, int screen, int x, int y, nuint delay);
}
