using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>libXi: XInput2, which tells the device an input came from.</summary>
internal static unsafe partial class LibXi
{
    public const string File = "libXi.so.6";
    public const int AllDevices = 0, AllMasterDevices = 1;
    /// <summary>The ids of the first pair of masters, the same in every X server (xserver, dix).</summary>
    public const int FirstMasterPointer = 2, FirstMasterKeyboard = 3;
    public const int KeyPress = 2, KeyRelease = 3, ButtonPress = 4, ButtonRelease = 5, Motion = 6, Leave = 8;
    public const int KeyRepeat = 1 << 16, PointerEmulated = 1 << 16;
    public const int GrabAsync = 1, GrabSuccess = 0, NotifyNormal = 0;
    public const int HierarchyChanged = 11, RawKeyPress = 13, RawKeyRelease = 14, RawButtonPress = 15, RawButtonRelease = 16, RawMotion = 17;
    public const int RawTouchBegin = 22, RawTouchUpdate = 23, RawTouchEnd = 24;

    [LibraryImport(File)] public static partial int XIQueryVersion(nint display, ref int major, ref int minor);
    [LibraryImport(File)] public static partial int XISelectEvents(nint display, nuint window, EventMask* masks, int count);

    [LibraryImport(File)]
    public static partial int XIGetProperty(nint display, int device, nuint property, nint offset, nint length, int delete, nuint wantedType,
        out nuint type, out int format, out nuint count, out nuint bytesAfter, out byte* data);

    [LibraryImport(File)]
    public static partial int XIGrabDevice(nint display, int device, nuint window, nuint time, nuint cursor, int mode, int pairedMode, int ownerEvents, EventMask* mask);

    [LibraryImport(File)] public static partial int XIUngrabDevice(nint display, int device, nuint time);
}
