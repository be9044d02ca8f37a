using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>libX11: windows of our own, and drawing into them.</summary>
internal static unsafe partial class LibX11Window
{
    public const int CoreKeyPress = 2, Expose = 12, VisibilityNotify = 15, DestroyNotify = 17, UnmapNotify = 18, MapNotify = 19, ReparentNotify = 21, CirculateNotify = 26, ClientMessage = 33;
    public const nint ExposureMask = 1 << 15, VisibilityChangeMask = 1 << 16, SubstructureNotifyMask = 1 << 19, SubstructureRedirectMask = 1 << 20;
    public const nuint OverrideRedirectBit = 1 << 9, EventMaskBit = 1 << 11;
    public const nuint AtomAtom = 4, AtomString = 31, AtomWmHints = 35, AtomWmName = 39, AtomWmNormalHints = 40, AtomWmSizeHints = 41, AtomWmClass = 67;
    public const uint Shift = 1, CapsLock = 2, Control = 4, Alt = 8, NumLock = 16;
    public const int IsViewable = 2, GrabAsync = 1;

    [LibraryImport(LibX11.File)]
    public static partial nuint XCreateWindow(nint display, nuint parent, int x, int y, uint width, uint height, uint border, int depth, uint kind, Visual* visual, nuint mask, WindowAttributes* attributes);

    [LibraryImport(LibX11.File)] public static partial int XDestroyWindow(nint display, nuint window);
    [LibraryImport(LibX11.File)] public static partial int XMapRaised(nint display, nuint window);
    [LibraryImport(LibX11.File)] public static partial int XMapWindow(nint display, nuint window);
    [LibraryImport(LibX11.File)] public static partial int XUnmapWindow(nint display, nuint window);
    [LibraryImport(LibX11.File)] public static partial int XSendEvent(nint display, nuint window, int propagate, nint mask, XEvent* xevent);
    [LibraryImport(LibX11.File)] public static partial nuint XGetSelectionOwner(nint display, nuint selection);
    [LibraryImport(LibX11.File)] public static partial int XGrabKey(nint display, int keycode, uint modifiers, nuint window, int ownerEvents, int pointerMode, int keyboardMode);
    [LibraryImport(LibX11.File)] public static partial int XUngrabKey(nint display, int keycode, uint modifiers, nuint window);
    [LibraryImport(LibX11.File)] public static partial byte XKeysymToKeycode(nint display, nuint symbol);
    [LibraryImport(LibX11.File)] public static partial int XRaiseWindow(nint display, nuint window);
    [LibraryImport(LibX11.File)] public static partial int XMoveResizeWindow(nint display, nuint window, int x, int y, uint width, uint height);
    [LibraryImport(LibX11.File)] public static partial nuint XCreatePixmap(nint display, nuint drawable, uint width, uint height, uint depth);
    [LibraryImport(LibX11.File)] public static partial int XFreePixmap(nint display, nuint pixmap);
    [LibraryImport(LibX11.File)] public static partial nint XCreateGC(nint display, nuint drawable, nuint mask, void* values);
    [LibraryImport(LibX11.File)] public static partial int XFreeGC(nint display, nint gc);
    [LibraryImport(LibX11.File)] public static partial int XSetForeground(nint display, nint gc, nuint colour);
    [LibraryImport(LibX11.File)] public static partial int XFillRectangle(nint display, nuint drawable, nint gc, int x, int y, uint width, uint height);
    [LibraryImport(LibX11.File)] public static partial int XCopyArea(nint display, nuint from, nuint to, nint gc, int x, int y, uint width, uint height, int toX, int toY);
    [LibraryImport(LibX11.File)] public static partial nuint XDefaultColormap(nint display, int screen);
    [LibraryImport(LibX11.File)] public static partial nuint XkbKeycodeToKeysym(nint display, byte keycode, int group, int level);
    [LibraryImport(LibX11.File, StringMarshalling = StringMarshalling.Utf8)] public static partial nint XGetDefault(nint display, string program, string option);
}

/// <summary>XSetWindowAttributes.</summary>
[StructLayout(LayoutKind.Explicit, Size = 112)]
internal struct WindowAttributes
{
    [FieldOffset(72)] public nint EventMask;
    [FieldOffset(88)] public int OverrideRedirect;
}
