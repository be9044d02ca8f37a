using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>libXext: MIT-SHM, and windows of other shapes than rectangles.</summary>
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

    public const int ShapeBounding = 0, ShapeInput = 2, ShapeSet = 0, ShapeNotify = 0;
    public const nuint ShapeNotifyMask = 1;

    [LibraryImport(File)] public static partial int XShapeQueryExtension(nint display, out int firstEvent, out int firstError);
    [LibraryImport(File)] public static partial void XShapeSelectInput(nint display, nuint window, nuint mask);
    [LibraryImport(File)] public static partial void XShapeCombineMask(nint display, nuint window, int kind, int x, int y, nuint mask, int operation);
}
