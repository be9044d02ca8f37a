using System.Runtime.InteropServices;
using RemoteAccess.Interop;

namespace RemoteAccess.Tests;

/// <summary>A program on the display that wants the prompt to say yes.</summary>
internal sealed unsafe partial class PrankClient : IDisposable
{
    private const string X11 = "libX11.so.6";
    private readonly XConnection connection;
    private nuint bit;

    public PrankClient(XServer server) => connection = XConnection.Open(server.Display);

    public nuint Root => connection.Root;

    public void Sync() => connection.Sync();

    public void Key(nuint symbol, bool isDown) => _ = LibXtst.XTestFakeKeyEvent(connection.Display, XKeysymToKeycode(connection.Display, symbol), isDown ? 1 : 0, 0);

    public void Button(uint button, bool isDown) => _ = LibXtst.XTestFakeButtonEvent(connection.Display, button, isDown ? 1 : 0, 0);

    public void Move(int x, int y) => _ = LibXtst.XTestFakeMotionEvent(connection.Display, -1, x, y, 0);

    public void Warp(int x, int y) => _ = XWarpPointer(connection.Display, 0, connection.Root, 0, 0, 0, 0, x, y);

    /// <summary>A core event made by hand: 2 and 3 are keys, 4 and 5 buttons, 17 says that the window is destroyed, 18 that it is unmapped.</summary>
    public void Send(nuint window, int type, uint detail, int x, int y, nint mask)
    {
        byte* made = stackalloc byte[192];
        new Span<byte>(made, 192).Clear();
        *(int*)made = type;
        *(nuint*)(made + 32) = window;
        *(nuint*)(made + 40) = type is 17 or 18 ? window : connection.Root;
        (*(int*)(made + 64), *(int*)(made + 68)) = (x, y);
        (*(uint*)(made + 80), *(uint*)(made + 84), *(int*)(made + 88)) = (0, detail, 1);
        _ = XSendEvent(connection.Display, window, 0, mask, made);
    }

    public byte Keycode(nuint symbol) => XKeysymToKeycode(connection.Display, symbol);

    /// <summary>A window above everything, of which no window manager knows.</summary>
    public nuint Cover(int x, int y, int width, int height)
    {
        WindowAttributes attributes = new() { OverrideRedirect = 1 };
        nuint window = LibX11Window.XCreateWindow(connection.Display, connection.Root, x, y, (uint)width, (uint)height, 0, 0, 1, null, LibX11Window.OverrideRedirectBit, &attributes);
        _ = LibX11Window.XMapRaised(connection.Display, window);
        Sync();
        return window;
    }

    public void Raise(nuint window) => _ = LibX11Window.XRaiseWindow(connection.Display, window);

    public void TakeFocus(nuint window)
    {
        _ = XSetInputFocus(connection.Display, window, 0, 0);
        Sync();
    }

    public int TryGrabKeyboard() => XGrabKeyboard(connection.Display, connection.Root, 0, 1, 1, 0);

    public void Ungrab()
    {
        _ = XUngrabKeyboard(connection.Display, 0);
        Sync();
    }

    public void Move(nuint window, int x, int y) => _ = XMoveWindow(connection.Display, window, x, y);

    public void Unmap(nuint window) => _ = XUnmapWindow(connection.Display, window);

    public void Destroy(nuint window) => _ = LibX11Window.XDestroyWindow(connection.Display, window);

    public void Reparent(nuint window, nuint parent) => _ = XReparentWindow(connection.Display, window, parent, 0, 0);

    /// <summary>Gives a window the shape of nothing.</summary>
    public void CutAway(nuint window) => LibXext.XShapeCombineMask(connection.Display, window, LibXext.ShapeBounding, 4000, 4000, Bit(window), LibXext.ShapeSet);

    /// <summary>Draws into somebody else's window.</summary>
    public void Paint(nuint window, uint colour, int width, int height)
    {
        nint graphics = LibX11Window.XCreateGC(connection.Display, window, 0, null);
        _ = LibX11Window.XSetForeground(connection.Display, graphics, colour);
        _ = LibX11Window.XFillRectangle(connection.Display, window, graphics, 0, 0, (uint)width, (uint)height);
        _ = LibX11Window.XFreeGC(connection.Display, graphics);
    }

    /// <summary>The window of the root's children that is above all the others.</summary>
    public nuint Topmost()
    {
        _ = XQueryTree(connection.Display, connection.Root, out _, out _, out nuint* children, out uint count);
        nuint top = count == 0 ? 0 : children[count - 1];
        _ = LibX11.XFree(children);
        return top;
    }

    public (int X, int Y) Pointer()
    {
        _ = LibX11.XQueryPointer(connection.Display, connection.Root, out _, out _, out int x, out int y, out _, out _, out _);
        return (x, y);
    }

    private nuint Bit(nuint window) => bit != 0 ? bit : bit = LibX11Window.XCreatePixmap(connection.Display, window, 1, 1, 1);

    public void Dispose() => connection.Dispose();

    [LibraryImport(X11)] private static partial byte XKeysymToKeycode(nint display, nuint symbol);
    [LibraryImport(X11)] private static partial int XWarpPointer(nint display, nuint from, nuint to, int x, int y, uint width, uint height, int toX, int toY);
    [LibraryImport(X11)] private static partial int XSendEvent(nint display, nuint window, int propagate, nint mask, void* xevent);
    [LibraryImport(X11)] private static partial int XSetInputFocus(nint display, nuint window, int revert, nuint time);
    [LibraryImport(X11)] private static partial int XGrabKeyboard(nint display, nuint window, int ownerEvents, int pointerMode, int keyboardMode, nuint time);
    [LibraryImport(X11)] private static partial int XUngrabKeyboard(nint display, nuint time);
    [LibraryImport(X11)] private static partial int XMoveWindow(nint display, nuint window, int x, int y);
    [LibraryImport(X11)] private static partial int XReparentWindow(nint display, nuint window, nuint parent, int x, int y);
    [LibraryImport(X11)] private static partial int XUnmapWindow(nint display, nuint window);
    [LibraryImport(X11)] private static partial int XQueryTree(nint display, nuint window, out nuint root, out nuint parent, out nuint* children, out uint count);
}
