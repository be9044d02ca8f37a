using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>user32: messages, where they come from, and hooks.</summary>
internal static unsafe partial class User32Message
{
    public const string File = "user32";
    public const uint Destroy = 0x2, SetFocus = 0x7, KillFocus = 0x8, SetText = 0xC, Paint = 0xF, Close = 0x10, Quit = 0x12, EraseBackground = 0x14, EndSession = 0x16;
    public const uint DisplayChange = 0x7E, NonClientDestroy = 0x82, KeyFirst = 0x100, KeyDown = 0x100, SystemKeyDown = 0x104, KeyLast = 0x109;
    public const uint Command = 0x111, SystemCommand = 0x112, MouseFirst = 0x200, MouseMove = 0x200, LeftDown = 0x201, LeftUp = 0x202, MouseLast = 0x20E;
    public const uint PointerUpdate = 0x245, PointerDown = 0x246, PointerUp = 0x247;
    public const uint SystemClose = 0xF060;
    public const uint AllInput = 0x4FF, InputAvailable = 0x4, Remove = 0x1;
    public const uint OriginHardware = 1, DeviceTouch = 4, DevicePen = 8;
    public const int KeyboardHook = 13, MouseHook = 14;

    [LibraryImport(File, EntryPoint = "PeekMessageW")] public static partial int PeekMessage(ThreadMessage* message, nint window, uint first, uint last, uint remove);
    [LibraryImport(File, EntryPoint = "DispatchMessageW")] public static partial nint DispatchMessage(ThreadMessage* message);
    [LibraryImport(File)] public static partial uint MsgWaitForMultipleObjectsEx(uint count, ReadOnlySpan<nint> handles, uint milliseconds, uint wakeMask, uint flags);
    [LibraryImport(File)] public static partial uint InSendMessageEx(nint reserved);
    [LibraryImport(File)] public static partial int GetCurrentInputMessageSource(InputMessageSource* source);
    [LibraryImport(File, SetLastError = true)] public static partial nint SetWindowsHookExW(int kind, delegate* unmanaged<int, nuint, nint, nint> procedure, nint module, uint thread);
    [LibraryImport(File)] public static partial int UnhookWindowsHookEx(nint hook);
    [LibraryImport(File)] public static partial nint CallNextHookEx(nint hook, int code, nuint first, nint second);
}
