using RemoteAccess.Interop;

namespace RemoteAccess.Trust;

/// <summary>The figure as an icon of Windows. On one thread.</summary>
internal static unsafe class TrayPicture
{
    private const uint Opaque = 0xff000000;

    /// <returns>To be destroyed; 0 when the system makes none.</returns>
    public static nint Make(Palette colours, FigureKind kind, int side)
    {
        using Canvas canvas = new(0, side, side);
        TrayFigure.Draw(canvas, colours, kind);
        _ = Gdi32.GdiFlush();
        uint[] pixels = new uint[side * side];
        for (int i = 0; i < pixels.Length; i++) pixels[i] = ((uint*)canvas.Pixels)[i] | Opaque;
        // A mask of zeros: nothing shows through. Its rows are whole words.
        byte[] mask = new byte[(side + 15) / 16 * 2 * side];
        fixed (uint* colour = pixels)
        fixed (byte* none = mask)
        {
            IconInfo description = new() { IsIcon = 1, Mask = Gdi32Drawing.CreateBitmap(side, side, 1, 1, none), Colour = Gdi32Drawing.CreateBitmap(side, side, 1, 32, colour) };
            nint icon = User32Menu.CreateIconIndirect(&description);
            _ = Gdi32.DeleteObject(description.Mask);
            _ = Gdi32.DeleteObject(description.Colour);
            return icon;
        }
    }
}
