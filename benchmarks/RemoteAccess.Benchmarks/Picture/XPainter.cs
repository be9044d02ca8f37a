using System.Runtime.InteropServices;
using RemoteAccess.Interop;

namespace RemoteAccess.Benchmarks;

/// <summary>A program that draws on the root window.</summary>
internal sealed partial class XPainter : IDisposable
{
    private const string X11 = "libX11.so.6";
    private readonly XConnection connection;
    private readonly nint graphics;
    private uint colour = 0x204060;

    public XPainter(string display)
    {
        connection = XConnection.Open(display);
        graphics = XCreateGC(connection.Display, connection.Root, 0, 0);
    }

    /// <summary>Fills an area with a colour that it has not had before; the server has done it when this returns.</summary>
    public void Fill(PixelRect area)
    {
        colour = (colour * 1664525 + 1013904223) & 0xffffff;
        _ = XSetForeground(connection.Display, graphics, colour);
        _ = XFillRectangle(connection.Display, connection.Root, graphics, area.X, area.Y, (uint)area.Width, (uint)area.Height);
        if (connection.Sync() != 0) throw new InvalidOperationException("The X server refused to draw.");
    }

    /// <summary>Puts areas of a picture where they are in it; the server has done it when this returns.</summary>
    public unsafe void Put(ReadOnlySpan<byte> picture, int stride, ReadOnlySpan<PixelRect> areas)
    {
        const int zPixmap = 2, depth = 24, pad = 32;
        fixed (byte* pixels = picture)
        {
            nint image = XCreateImage(connection.Display, XDefaultVisual(connection.Display, connection.Screen), depth, zPixmap, 0, pixels, (uint)stride / 4, (uint)(picture.Length / stride), pad, stride);
            if (image == 0) throw new InvalidOperationException("Xlib makes no image.");
            foreach (PixelRect area in areas) _ = XPutImage(connection.Display, connection.Root, graphics, image, area.X, area.Y, area.X, area.Y, (uint)area.Width, (uint)area.Height);
            // The structure alone: the pixels are the caller's.
            _ = XFree(image);
        }

        if (connection.Sync() != 0) throw new InvalidOperationException("The X server refused to draw.");
    }

    public void Dispose() => connection.Dispose();

    [LibraryImport(X11)] private static partial nint XCreateGC(nint display, nuint drawable, nuint mask, nint values);
    [LibraryImport(X11)] private static unsafe partial nint XCreateImage(nint display, nint visual, uint depth, int format, int offset, byte* data, uint width, uint height, int pad, int stride);
    [LibraryImport(X11)] private static partial nint XDefaultVisual(nint display, int screen);
    [LibraryImport(X11)] private static partial int XFree(nint memory);
    [LibraryImport(X11)] private static partial int XPutImage(nint display, nuint drawable, nint gc, nint image, int fromX, int fromY, int x, int y, uint width, uint height);
    [LibraryImport(X11)] private static partial int XSetForeground(nint display, nint gc, nuint colour);
    [LibraryImport(X11)] private static partial int XFillRectangle(nint display, nuint drawable, nint gc, int x, int y, uint width, uint height);
}
