using System.Runtime.InteropServices;

namespace RemoteAccess.Tests;

/// <summary>user32, gdi32 and kernel32 as an application uses them.</summary>
internal static unsafe partial class Win32
{
    public const uint Paint = 0x0F, Close = 0x10, Destroy = 0x02, KeyDown = 0x100, KeyUp = 0x101, Char = 0x102, SysKeyDown = 0x104, SysKeyUp = 0x105, SetText = 0x0C, GetText = 0x0D,
        MouseMove = 0x200, LeftDown = 0x201, LeftUp = 0x202, RightDown = 0x204, RightUp = 0x205, MiddleDown = 0x207, MiddleUp = 0x208, Wheel = 0x20A,
        XDown = 0x20B, XUp = 0x20C, HorizontalWheel = 0x20E, SetCursorMessage = 0x20, App = 0x8000;
    public const uint Popup = 0x80000000, Visible = 0x10000000, TopMost = 0x8, NoActivate = 0x8000000;
    public const int GdiObjects = 0, UserObjects = 1;

    [LibraryImport("user32")] public static partial ushort RegisterClassExW(WindowClass* description);
    [LibraryImport("user32", StringMarshalling = StringMarshalling.Utf16)]
    public static partial nint CreateWindowExW(uint extended, string name, string title, uint style, int x, int y, int width, int height, nint parent, nint menu, nint instance, nint data);
    [LibraryImport("ntdll")] public static partial int NtSuspendProcess(nint process);
    [LibraryImport("user32")] public static partial int DestroyWindow(nint window);
    [LibraryImport("user32")] public static partial nint DefWindowProcW(nint window, uint message, nint w, nint l);
    [LibraryImport("user32")] public static partial int GetMessageW(Message* message, nint window, uint first, uint last);
    [LibraryImport("user32")] public static partial int TranslateMessage(Message* message);
    [LibraryImport("user32")] public static partial nint DispatchMessageW(Message* message);
    [LibraryImport("user32")] public static partial void PostQuitMessage(int code);
    [LibraryImport("user32")] public static partial nint SendMessageW(nint window, uint message, nint w, nint l);
    [LibraryImport("user32")] public static partial int PostMessageW(nint window, uint message, nint w, nint l);
    [LibraryImport("user32")] public static partial nint GetMessageExtraInfo();
    [LibraryImport("user32")] public static partial int SetForegroundWindow(nint window);
    [LibraryImport("user32")] public static partial nint GetForegroundWindow();
    [LibraryImport("user32")] public static partial nint SetFocus(nint window);
    [LibraryImport("user32")] public static partial nint SetCapture(nint window);
    [LibraryImport("user32")] public static partial nint LoadCursorW(nint instance, nint name);
    [LibraryImport("user32")] public static partial nint CreateCursor(nint instance, int hotX, int hotY, int width, int height, byte* and, byte* xor);
    [LibraryImport("user32")] public static partial int DestroyCursor(nint cursor);
    [LibraryImport("user32")] public static partial nint SetCursor(nint cursor);
    [LibraryImport("user32")] public static partial nint GetDC(nint window);
    [LibraryImport("user32")] public static partial int ReleaseDC(nint window, nint context);
    [LibraryImport("user32")] public static partial int FillRect(nint context, Area* area, nint brush);
    [LibraryImport("user32")] public static partial int MoveWindow(nint window, int x, int y, int width, int height, int repaint);
    [LibraryImport("user32")] public static partial int ValidateRect(nint window, nint area);
    [LibraryImport("user32")] public static partial uint GetGuiResources(nint process, int kind);
    [LibraryImport("user32")] public static partial short GetAsyncKeyState(int key);
    [LibraryImport("user32", StringMarshalling = StringMarshalling.Utf16)] public static partial nint FindWindowW(string? name, string? title);
    [LibraryImport("user32", StringMarshalling = StringMarshalling.Utf16)] public static partial nint FindWindowExW(nint parent, nint after, string? name, string? title);
    [LibraryImport("user32")] public static partial uint GetWindowThreadProcessId(nint window, uint* process);
    [LibraryImport("user32")] public static partial int GetCursorPos(Place* position);
    [LibraryImport("gdi32")] public static partial nint CreateSolidBrush(uint colour);
    [LibraryImport("gdi32")] public static partial int DeleteObject(nint item);
    [LibraryImport("gdi32")] public static partial int GdiFlush();
    [LibraryImport("kernel32")] public static partial nint GetModuleHandleW(nint name);
    [LibraryImport("kernel32")] public static partial nint GetCurrentProcess();

    [StructLayout(LayoutKind.Sequential)]
    internal struct WindowClass
    {
        public uint Size, Style;
        public delegate* unmanaged<nint, uint, nint, nint, nint> Procedure;
        public int ClassExtra, WindowExtra;
        public nint Instance, Icon, Cursor, Background;
        public char* Menu, Name;
        public nint SmallIcon;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct Message
    {
        public nint Window;
        public uint Kind;
        public nint W, L;
        public uint Time;
        public int X, Y, Private;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct Area
    {
        public int Left, Top, Right, Bottom;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct Place
    {
        public int X, Y;
    }
}
