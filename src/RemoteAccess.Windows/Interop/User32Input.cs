using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>user32: injected input, keyboard layouts, the time of the last input. Names and types as in winuser.h.</summary>
internal static unsafe partial class User32Input
{
    public const string File = "user32";

    public const uint Mouse = 0, Keyboard = 1;
    public const uint Move = 0x1, LeftDown = 0x2, LeftUp = 0x4, RightDown = 0x8, RightUp = 0x10, MiddleDown = 0x20, MiddleUp = 0x40, XDown = 0x80, XUp = 0x100,
        Wheel = 0x800, HorizontalWheel = 0x1000, VirtualDesk = 0x4000, Absolute = 0x8000;
    public const uint Extended = 0x1, KeyUp = 0x2, Unicode = 0x4;
    public const uint KeyToScanCode = 0;

    [LibraryImport(File, SetLastError = true)] public static partial uint SendInput(uint count, Input* inputs, int size);
    [LibraryImport(File)] public static partial nint GetForegroundWindow();
    [LibraryImport(File)] public static partial uint GetWindowThreadProcessId(nint window, uint* process);
    [LibraryImport(File)] public static partial nint GetKeyboardLayout(uint thread);
    [LibraryImport(File)] public static partial short VkKeyScanExW(ushort character, nint layout);
    [LibraryImport(File)] public static partial uint MapVirtualKeyExW(uint code, uint kind, nint layout);
    [LibraryImport(File)] public static partial short GetKeyState(int key);
    [LibraryImport(File)] public static partial int GetKeyboardState(byte* states);
    [LibraryImport(File)] public static partial int ToUnicodeEx(uint key, uint scan, byte* states, char* made, int room, uint flags, nint layout);
    [LibraryImport(File)] public static partial int GetLastInputInfo(LastInputInfo* info);
}

/// <summary>INPUT for a 64-bit process: a union of mouse and keyboard behind its kind.</summary>
[StructLayout(LayoutKind.Explicit, Size = 40)]
internal struct Input
{
    [FieldOffset(0)] public uint Kind;
    [FieldOffset(8)] public int X;
    [FieldOffset(12)] public int Y;
    [FieldOffset(16)] public int Data;
    [FieldOffset(20)] public uint MouseFlags;
    [FieldOffset(32)] public nuint MouseTag;
    [FieldOffset(8)] public ushort Key;
    [FieldOffset(10)] public ushort ScanCode;
    [FieldOffset(12)] public uint KeyFlags;
    [FieldOffset(24)] public nuint KeyTag;
}

/// <summary>LASTINPUTINFO.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LastInputInfo
{
    public uint Size, Tick;
}
