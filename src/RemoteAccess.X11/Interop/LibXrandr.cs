using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>libXrandr: monitors and changes of the desktop's size.</summary>
internal static unsafe partial class LibXrandr
{
    public const string File = "libXrandr.so.2";
    public const int ScreenChangeMask = 1, CrtcChangeMask = 2, OutputChangeMask = 4, ResourceChangeMask = 64;

    [LibraryImport(File)] public static partial int XRRQueryExtension(nint display, out int firstEvent, out int firstError);
    [LibraryImport(File)] public static partial int XRRQueryVersion(nint display, out int major, out int minor);
    [LibraryImport(File)] public static partial void XRRSelectInput(nint display, nuint window, int mask);
    [LibraryImport(File)] public static partial MonitorInfo* XRRGetMonitors(nint display, nuint window, int activeOnly, out int count);
    [LibraryImport(File)] public static partial void XRRFreeMonitors(MonitorInfo* monitors);
}
