using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>libXext: MIT-SHM.</summary>
internal static unsafe partial class LibXext
{
    public const string File = "libXext.so.6";

    [LibraryImport(File)] public static partial int XShmQueryExtension(nint display);
    [LibraryImport(File)] public static partial int XShmAttach(nint display, ShmSegmentInfo* info);
    [LibraryImport(File)] public static partial int XShmDetach(nint display, ShmSegmentInfo* info);

    [LibraryImport(File)]
    public static partial XImage* XShmCreateImage(nint display, Visual* visual, uint depth, int format, byte* data, ShmSegmentInfo* info, uint width, uint height);

    [LibraryImport(File)]
    public static partial int XShmGetImage(nint display, nuint drawable, XImage* image, int x, int y, nuint planes);
}
