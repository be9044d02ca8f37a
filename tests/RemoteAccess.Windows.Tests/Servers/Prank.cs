using System.Runtime.InteropServices;
using RemoteAccess.Interop;

namespace RemoteAccess.Tests;

/// <summary>What a program, or a technician through one, can do to a window that is not its own: user32 as it is for everybody.</summary>
internal static unsafe partial class Prank
{
    public const uint Char = 0x102, Command = 0x111, ButtonClick = 0xF5, KeyUp = 0x101, Quit = 0x12;
    public const int Hide = 0, Minimise = 6;

    /// <summary>SendInput of a key, down and up.</summary>
    public static void Key(ushort key)
    {
        Span<Input> inputs = [new Input { Kind = User32Input.Keyboard, Key = key }, new Input { Kind = User32Input.Keyboard, Key = key, KeyFlags = User32Input.KeyUp }];
        Send(inputs);
    }

    /// <summary>SendInput of a key that goes down, and stays there.</summary>
    public static void Hold(ushort key) => Send([new Input { Kind = User32Input.Keyboard, Key = key }]);

    public static void LetGo(ushort key) => Send([new Input { Kind = User32Input.Keyboard, Key = key, KeyFlags = User32Input.KeyUp }]);

    /// <summary>SendInput of a motion to a place of a screen of so many pixels.</summary>
    public static void Move(int x, int y)
    {
        int width = User32Screen.GetSystemMetrics(0), height = User32Screen.GetSystemMetrics(1);
        Span<Input> inputs = [new Input { Kind = User32Input.Mouse, X = ((x * 65536) + 32768) / width, Y = ((y * 65536) + 32768) / height, MouseFlags = User32Input.Move | User32Input.Absolute }];
        Send(inputs);
    }

    /// <summary>SendInput of the left button, down and up.</summary>
    public static void Click()
    {
        Span<Input> inputs = [new Input { Kind = User32Input.Mouse, MouseFlags = User32Input.LeftDown }, new Input { Kind = User32Input.Mouse, MouseFlags = User32Input.LeftUp }];
        Send(inputs);
    }

    public static Point Pointer()
    {
        Point place;
        _ = User32Screen.GetCursorPos(&place);
        return place;
    }

    [LibraryImport("user32.dll")] public static partial int PostMessageW(nint window, uint message, nuint first, nint second);
    [LibraryImport("user32.dll")] public static partial nint SendMessageW(nint window, uint message, nuint first, nint second);
    [LibraryImport("user32.dll")] public static partial int PostThreadMessageW(uint thread, uint message, nuint first, nint second);
    [LibraryImport("user32.dll")] public static partial int SetCursorPos(int x, int y);
    [LibraryImport("user32.dll")] public static partial int SetLayeredWindowAttributes(nint window, uint key, byte alpha, uint flags);
    [LibraryImport("user32.dll")] public static partial int IsWindow(nint window);
    [LibraryImport("user32.dll")] public static partial uint GetGuiResources(nint process, int kind);
    [LibraryImport("gdi32.dll")] public static partial nint CreateRectRgn(int left, int top, int right, int bottom);
    [LibraryImport("kernel32.dll")] public static partial nint GetCurrentProcess();

    private static void Send(Span<Input> inputs)
    {
        fixed (Input* first = inputs) _ = User32Input.SendInput((uint)inputs.Length, first, sizeof(Input));
    }
}
