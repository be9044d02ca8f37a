using RemoteAccess.Interop;

namespace RemoteAccess.Picture;

/// <summary>The one pixel format that is shared exactly: 32 bits in memory as B, G, R, unused.</summary>
internal static unsafe class RootFormat
{
    /// <exception cref="DesktopException"><see cref="DesktopError.UnsupportedFormat"/> when the root window has another.</exception>
    public static void Demand(XConnection connection)
    {
        int depth = LibX11.XDefaultDepth(connection.Display, connection.Screen);
        int bits = BitsPerPixel(connection, depth);
        Visual* visual = LibX11.XDefaultVisual(connection.Display, connection.Screen);
        bool fits = depth is 24 or 32 && bits == 32 && visual->Class == LibX11.TrueColor
            && visual->Red == 0xff0000 && visual->Green == 0xff00 && visual->Blue == 0xff
            && LibX11.XImageByteOrder(connection.Display) == LibX11.LsbFirst && BitConverter.IsLittleEndian;
        if (!fits)
            throw new DesktopException(DesktopError.UnsupportedFormat, $"The display has {depth} bits of colour in {bits} bits a pixel (visual class {visual->Class}, red mask {visual->Red:x}); only 24-bit true colour in 32-bit little-endian pixels can be shared exactly. Set the X server's depth to 24.");
    }

    private static int BitsPerPixel(XConnection connection, int depth)
    {
        PixmapFormat* formats = LibX11.XListPixmapFormats(connection.Display, out int count);
        int bits = 0;
        for (int i = 0; formats != null && i < count; i++)
        {
            if (formats[i].Depth == depth) bits = formats[i].BitsPerPixel;
        }
        if (formats != null) _ = LibX11.XFree(formats);
        return bits;
    }
}
