using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>libXi: XInput2, which tells the device an input came from.</summary>
internal static unsafe partial class LibXi
{
    public const string File = "libXi.so.6";
    public const int AllDevices = 0, AllMasterDevices = 1;
    public const int HierarchyChanged = 11, RawKeyPress = 13, RawKeyRelease = 14, RawButtonPress = 15, RawButtonRelease = 16, RawMotion = 17;
    public const int RawTouchBegin = 22, RawTouchUpdate = 23, RawTouchEnd = 24;

    [LibraryImport(File)] public static partial int XIQueryVersion(nint display, ref int major, ref int minor);
    [LibraryImport(File)] public static partial int XISelectEvents(nint display, nuint window, EventMask* masks, int count);

    [LibraryImport(File)]
    public static partial int XIGetProperty(nint display, int device, nuint property, nint offset, nint length, int delete, nuint wantedType,
        out nuint type, out int format, out nuint count, out nuint bytesAfter, out byte* data);
}
