using System.Runtime.InteropServices;
using RemoteAccess.Interop;

namespace RemoteAccess.Tests;

/// <summary>A client of the tests' own: draws, moves windows and the pointer, receives input, reads the root window and the keyboard.</summary>
internal sealed unsafe partial class XClient : IDisposable
{
    private const string X11 = "libX11.so.6";
    private readonly XConnection connection;
    private readonly nint graphics;

    public XClient(XServer server)
    {
        connection = XConnection.Open(server.Display);
        graphics = XCreateGC(connection.Display, connection.Root, 0, 0);
        _ = XSetSubwindowMode(connection.Display, graphics, 1);
    }

    public nint Display => connection.Display;

    public nuint Root => connection.Root;

    public void Sync() => Assert.Equal(0, connection.Sync());

    public void Fill(int x, int y, int width, int height, uint colour)
    {
        _ = XSetForeground(Display, graphics, colour);
        _ = XFillRectangle(Display, Root, graphics, x, y, (uint)width, (uint)height);
    }

    public void Copy(int x, int y, int width, int height, int toX, int toY) =>
        _ = XCopyArea(Display, Root, Root, graphics, x, y, (uint)width, (uint)height, toX, toY);

    public nuint ShowWindow(int x, int y, int width, int height, uint colour)
    {
        nuint window = XCreateSimpleWindow(Display, Root, x, y, (uint)width, (uint)height, 1, 0xff00ff, colour);
        _ = XMapRaised(Display, window);
        return window;
    }

    public void Move(nuint window, int x, int y) => _ = XMoveWindow(Display, window, x, y);

    public void Destroy(nuint window) => _ = XDestroyWindow(Display, window);

    public void WarpPointer(int x, int y)
    {
        _ = XWarpPointer(Display, 0, Root, 0, 0, 0, 0, x, y);
        Sync();
    }

    public void SetRootCursor(uint shape)
    {
        _ = XDefineCursor(Display, Root, XCreateFontCursor(Display, shape));
        Sync();
    }

    public (int X, int Y, uint Mask) QueryPointer()
    {
        _ = LibX11.XQueryPointer(Display, Root, out _, out _, out int x, out int y, out _, out _, out uint mask);
        return (x, y, mask);
    }

    /// <summary>The root window by XGetImage, all bits but the unused byte.</summary>
    public uint[] ReadRoot(PixelSize size)
    {
        XImage* image = LibX11.XGetImage(Display, Root, 0, 0, (uint)size.Width, (uint)size.Height, LibX11.AllPlanes, LibX11.ZPixmap);
        Assert.True(image != null);
        uint[] pixels = new ReadOnlySpan<uint>(image->Data, (int)size.Area).ToArray();
        _ = LibX11.XDestroyImage(image);
        foreach (ref uint pixel in pixels.AsSpan()) pixel &= 0xffffff;
        return pixels;
    }

    public byte[] ReadKeymap()
    {
        byte[] keys = new byte[32];
        fixed (byte* data = keys) _ = LibX11Keyboard.XQueryKeymap(Display, data);
        return keys;
    }

    public bool IsAnyKeyDown => ReadKeymap().Any(bits => bits != 0);

    public ulong[] ReadMapping()
    {
        _ = LibX11Keyboard.XDisplayKeycodes(Display, out int min, out int max);
        nuint* symbols = LibX11Keyboard.XGetKeyboardMapping(Display, (byte)min, max - min + 1, out int width);
        ulong[] mapping = new ulong[1 + ((max - min + 1) * width)];
        mapping[0] = (ulong)width;
        for (int i = 1; i < mapping.Length; i++) mapping[i] = symbols[i - 1];
        _ = LibX11.XFree(symbols);
        return mapping;
    }

    public XkbState ReadKeyboardState()
    {
        _ = LibX11Keyboard.XkbGetState(Display, LibX11Keyboard.UseCoreKeyboard, out XkbState state);
        return state;
    }

    public void LockModifiers(uint mask) => _ = LibX11Keyboard.XkbLockModifiers(Display, LibX11Keyboard.UseCoreKeyboard, 0xff, mask);

    public void FakeKey(byte keycode, bool isDown)
    {
        _ = LibXtst.XTestFakeKeyEvent(Display, keycode, isDown ? 1 : 0, 0);
        Sync();
    }

    /// <summary>A window that receives keys and buttons.</summary>
    public nuint ShowInputWindow(int x, int y, int width, int height)
    {
        nuint window = ShowWindow(x, y, width, height, 0xffffff);
        const nint KeysAndButtons = 1 | 2 | 4 | 8;
        _ = LibX11.XSelectInput(Display, window, KeysAndButtons);
        Sync();
        return window;
    }

    /// <summary>Events that have arrived: kind (2 key press, 3 key release, 4 button press, 5 button release), keycode or button, modifiers.</summary>
    public List<(int Kind, uint Detail, uint State)> ReadInput()
    {
        List<(int, uint, uint)> events = [];
        XEvent xevent;
        while (LibX11.XPending(Display) > 0)
        {
            _ = LibX11.XNextEvent(Display, &xevent);
            if (xevent.Type is >= 2 and <= 5) events.Add((xevent.Type, *(uint*)((byte*)&xevent + 84), *(uint*)((byte*)&xevent + 80)));
        }
        return events;
    }

    public void Dispose() => connection.Dispose();

    [LibraryImport(X11)] private static partial nint XCreateGC(nint display, nuint drawable, nuint mask, nint values);
    [LibraryImport(X11)] private static partial int XSetSubwindowMode(nint display, nint gc, int mode);
    [LibraryImport(X11)] private static partial int XSetForeground(nint display, nint gc, nuint colour);
    [LibraryImport(X11)] private static partial int XFillRectangle(nint display, nuint drawable, nint gc, int x, int y, uint width, uint height);
    [LibraryImport(X11)] private static partial int XCopyArea(nint display, nuint from, nuint to, nint gc, int x, int y, uint width, uint height, int toX, int toY);
    [LibraryImport(X11)] private static partial nuint XCreateSimpleWindow(nint display, nuint parent, int x, int y, uint width, uint height, uint border, nuint borderColour, nuint background);
    [LibraryImport(X11)] private static partial int XMapRaised(nint display, nuint window);
    [LibraryImport(X11)] private static partial int XMoveWindow(nint display, nuint window, int x, int y);
    [LibraryImport(X11)] private static partial int XDestroyWindow(nint display, nuint window);
    [LibraryImport(X11)] private static partial int XWarpPointer(nint display, nuint from, nuint to, int x, int y, uint width, uint height, int toX, int toY);
    [LibraryImport(X11)] private static partial nuint XCreateFontCursor(nint display, uint shape);
    [LibraryImport(X11)] private static partial int XDefineCursor(nint display, nuint window, nuint cursor);
}
