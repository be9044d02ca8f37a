using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>libX11 and libXfixes: selections, and the properties they travel in (ICCCM, chapter 2).</summary>
internal static unsafe partial class LibX11Selection
{
    public const int PropertyNotify = 28, SelectionClear = 29, SelectionRequest = 30, SelectionNotify = 31;
    public const int PropertyDeleted = 1;
    public const nint PropertyChangeMask = 1 << 22;
    public const uint InputOnly = 2;
    public const nuint AtomInteger = 19;
    public const nuint AtomPrimary = 1;
    /// <summary>XFixes: the number of its event, and what asks for it.</summary>
    public const int OwnerChanged = 0;
    public const nuint OwnerChangedMask = 1;

    [LibraryImport(LibX11.File)] public static partial int XSetSelectionOwner(nint display, nuint selection, nuint owner, nuint time);
    [LibraryImport(LibX11.File)] public static partial int XConvertSelection(nint display, nuint selection, nuint target, nuint property, nuint requestor, nuint time);
    [LibraryImport(LibX11.File)] public static partial int XDeleteProperty(nint display, nuint window, nuint property);
    [LibraryImport(LibX11.File)] public static partial int XCheckTypedWindowEvent(nint display, nuint window, int type, XEvent* xevent);
    [LibraryImport(LibX11.File)] public static partial nint XMaxRequestSize(nint display);
    [LibraryImport(LibX11.File, StringMarshalling = StringMarshalling.Utf8)] public static partial int XStoreName(nint display, nuint window, string name);
    [LibraryImport(LibXfixes.File)] public static partial void XFixesSelectSelectionInput(nint display, nuint window, nuint selection, nuint mask);

    /// <summary>A window that nobody sees, for properties and events.</summary>
    public static nuint CreateWindow(XConnection connection, nint events)
    {
        WindowAttributes attributes = new() { EventMask = events, OverrideRedirect = 1 };
        nuint window = LibX11Window.XCreateWindow(connection.Display, connection.Root, -1, -1, 1, 1, 0, 0, InputOnly, null, LibX11Window.EventMaskBit | LibX11Window.OverrideRedirectBit, &attributes);
        _ = XStoreName(connection.Display, window, "RemoteAccess clipboard");
        return window;
    }
}
