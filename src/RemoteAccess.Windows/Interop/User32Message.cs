using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>user32: messages, where they come from, and hooks.</summary>
internal static unsafe partial class User32Message
{
    public const string File = "user32";
    public const uint Destroy = 0x2, Moved = 0x3, Sized = 0x5, Activated = 0x6, SetFocus = 0x7, KillFocus = 0x8, SetText = 0xC, GetObject = 0x3D, Paint = 0xF, Close = 0x10, Quit = 0x12, EraseBackground = 0x14, EndSession = 0x16;
    public const uint MouseActivate = 0x21, MinMaxInfo = 0x24, ContextMenu = 0x7B, DisplayChange = 0x7E, NonClientDestroy = 0x82, KeyFirst = 0x100, KeyDown = 0x100, SystemKeyDown = 0x104, KeyLast = 0x109;
    public const uint Command = 0x111, SystemCommand = 0x112, MouseFirst = 0x200, MouseMove = 0x200, LeftDown = 0x201, LeftUp = 0x202, Wheel = 0x20A, MouseLast = 0x20E;
    public const uint PointerUpdate = 0x245, PointerDown = 0x246, PointerUp = 0x247;
    public const uint DensityChanged = 0x2E0, HotKey = 0x312, Application = 0x8000, User = 0x400;
    public const uint SystemClose = 0xF060;
    public const nint NoActivate = 3;
    public const int WheelNotch = 120;
    public const uint AllInput = 0x4FF, InputAvailable = 0x4, Remove = 0x1;
    public const uint OriginHardware = 1, DeviceTouch = 4, DevicePen = 8;
    public const int KeyboardHook = 13, MouseHook = 14;

    [LibraryImport(File, EntryPoint = "PeekMessageW")] public static partial int PeekMessage(ThreadMessage* message, nint window, uint first, uint last, uint remove);
    [LibraryImport(File, EntryPoint = "DispatchMessageW")] public static partial nint DispatchMessage(ThreadMessage* message);
    [LibraryImport(File)] public static partial int TranslateMessage(ThreadMessage* message);
    [LibraryImport(File)] public static partial int PostMessageW(nint window, uint message, nuint first, nint second);
    [LibraryImport(File, StringMarshalling = StringMarshalling.Utf16)] public static partial uint RegisterWindowMessageW(string name);
    [LibraryImport(File)] public static partial nuint SetTimer(nint window, nuint id, uint milliseconds, delegate* unmanaged<nint, uint, nuint, uint, void> procedure);
    [LibraryImport(File)] public static partial int KillTimer(nint window, nuint id);
    [LibraryImport(File)] public static partial uint MsgWaitForMultipleObjectsEx(uint count, ReadOnlySpan<nint> handles, uint milliseconds, uint wakeMask, uint flags);
    [LibraryImport(File)] public static partial uint InSendMessageEx(nint reserved);
    [LibraryImport(File)] public static partial int GetCurrentInputMessageSource(InputMessageSource* source);
    [LibraryImport(File, SetLastError = true)] public static partial nint SetWindowsHookExW(int kind, delegate* unmanaged<int, nuint, nint, nint> procedure, nint module, uint thread);
    [LibraryImport(File)] public static partial int UnhookWindowsHookEx(nint hook);
    [LibraryImport(File)] public static partial nint CallNextHookEx(nint hook, int code, nuint first, nint second);
}
