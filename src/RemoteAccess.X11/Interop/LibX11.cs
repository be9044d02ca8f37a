using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>libX11: connection, events, properties, root window. Names and types as in Xlib.h; XID and Atom are <c>unsigned long</c>.</summary>
internal static unsafe partial class LibX11
{
    public const string File = "libX11.so.6";

    public const int ConfigureNotify = 22, MappingNotify = 34, GenericEvent = 35;
    public const nint StructureNotifyMask = 1 << 17;
    public const int ZPixmap = 2, LsbFirst = 0, TrueColor = 4;
    public static readonly nuint AllPlanes = nuint.MaxValue;
    public const byte BadMatch = 8, BadDrawable = 9;
    public const int QueuedAlready = 0;
    public const int PropertyReplace = 0;
    public const nuint AtomCardinal = 6;

    [LibraryImport(File)] public static partial int XInitThreads();
    [LibraryImport(File, StringMarshalling = StringMarshalling.Utf8)] public static partial nint XOpenDisplay(string name);
    [LibraryImport(File)] public static partial int XCloseDisplay(nint display);
    [LibraryImport(File)] public static partial int XConnectionNumber(nint display);
    [LibraryImport(File)] public static partial int XDefaultScreen(nint display);
    [LibraryImport(File)] public static partial nuint XRootWindow(nint display, int screen);
    [LibraryImport(File)] public static partial int XDefaultDepth(nint display, int screen);
    [LibraryImport(File)] public static partial Visual* XDefaultVisual(nint display, int screen);
    [LibraryImport(File)] public static partial int XImageByteOrder(nint display);
    [LibraryImport(File)] public static partial PixmapFormat* XListPixmapFormats(nint display, out int count);
    [LibraryImport(File)] public static partial int XFree(void* data);
    [LibraryImport(File)] public static partial int XSync(nint display, int discard);
    [LibraryImport(File)] public static partial int XFlush(nint display);
    [LibraryImport(File)] public static partial int XPending(nint display);
    [LibraryImport(File)] public static partial int XEventsQueued(nint display, int mode);
    [LibraryImport(File)] public static partial int XNextEvent(nint display, XEvent* xevent);
    [LibraryImport(File)] public static partial int XGetEventData(nint display, XEvent* cookie);
    [LibraryImport(File)] public static partial void XFreeEventData(nint display, XEvent* cookie);
    [LibraryImport(File)] public static partial int XSelectInput(nint display, nuint window, nint mask);
    [LibraryImport(File, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int XQueryExtension(nint display, string name, out int opcode, out int firstEvent, out int firstError);

    [LibraryImport(File)]
    public static partial int XGetGeometry(nint display, nuint drawable, out nuint root, out int x, out int y, out uint width, out uint height, out uint border, out uint depth);

    [LibraryImport(File)]
    public static partial int XQueryPointer(nint display, nuint window, out nuint root, out nuint child, out int rootX, out int rootY, out int x, out int y, out uint mask);

    [LibraryImport(File)]
    public static partial XImage* XGetImage(nint display, nuint drawable, int x, int y, uint width, uint height, nuint planes, int format);

    [LibraryImport(File)] public static partial int XDestroyImage(XImage* image);

    [LibraryImport(File, StringMarshalling = StringMarshalling.Utf8)] public static partial nuint XInternAtom(nint display, string name, int onlyIfExists);
    [LibraryImport(File)] public static partial byte* XGetAtomName(nint display, nuint atom);

    [LibraryImport(File)]
    public static partial int XGetWindowProperty(nint display, nuint window, nuint property, nint offset, nint length, int delete, nuint wantedType,
        out nuint type, out int format, out nuint count, out nuint bytesAfter, out byte* data);

    [LibraryImport(File)]
    public static partial int XChangeProperty(nint display, nuint window, nuint property, nuint type, int format, int mode, byte* data, int count);

    [LibraryImport(File)] public static partial int XGrabServer(nint display);
    [LibraryImport(File)] public static partial int XUngrabServer(nint display);

    [LibraryImport(File)] public static partial delegate* unmanaged<nint, XErrorEvent*, int> XSetErrorHandler(delegate* unmanaged<nint, XErrorEvent*, int> handler);
    [LibraryImport(File)] public static partial delegate* unmanaged<nint, int> XSetIOErrorHandler(delegate* unmanaged<nint, int> handler);
    [LibraryImport(File)] public static partial delegate* unmanaged<nint, int> XSetAfterFunction(nint display, delegate* unmanaged<nint, int> procedure);
    [LibraryImport(File)] public static partial void XSetIOErrorExitHandler(nint display, delegate* unmanaged<nint, void*, void> handler, void* data);
}
