using RemoteAccess.Interop;

namespace RemoteAccess.Trust;

/// <summary>A picture that is drawn out of sight and copied to its window in one piece, so that it never flickers. On one thread.</summary>
internal sealed unsafe class Canvas : IDisposable
{
    private readonly nint window, context, bitmap, before;

    /// <exception cref="DesktopException">The system has no memory for it.</exception>
    public Canvas(nint window, int width, int height)
    {
        this.window = window;
        (Width, Height) = (width, height);
        context = Gdi32.CreateCompatibleDC(0);
        BitmapHeader header = BitmapHeader.TopDown(new PixelSize(width, height));
        void* pixels;
        bitmap = Gdi32.CreateDIBSection(context, &header, Gdi32.RgbColours, &pixels, 0, 0);
        if (bitmap == 0)
        {
            _ = Gdi32.DeleteDC(context);
            throw new DesktopException(DesktopError.UnsupportedFormat, $"There is no memory for a picture of {width}x{height} pixels.");
        }
        Pixels = (nint)pixels;
        before = Gdi32.SelectObject(context, bitmap);
        _ = Gdi32.SelectObject(context, Gdi32Drawing.GetStockObject(Gdi32Drawing.BrushOfContext));
        _ = Gdi32Drawing.SetBkMode(context, Gdi32Drawing.Transparent);
        _ = Gdi32Drawing.SetTextAlign(context, Gdi32Drawing.BaseLine);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>The picture itself, to read from after <see cref="Show"/>: rows of 0x..RRGGBB without slack, top to bottom.</summary>
    public nint Pixels { get; }

    public void Fill(PixelRect area, uint colour)
    {
        if (area.Width <= 0 || area.Height <= 0) return;
        _ = Gdi32Drawing.SetDCBrushColor(context, Gdi32Drawing.Colour(colour));
        _ = Gdi32Drawing.PatBlt(context, area.X, area.Y, area.Width, area.Height, Gdi32Drawing.FillWithBrush);
    }

    /// <summary>From the left end of the base line.</summary>
    public void Write(Lettering letters, string text, LetterStyle style, uint colour, int x, int baseline) => letters.Draw(context, text, style, colour, x, baseline);

    /// <summary>Copies what was drawn last.</summary>
    public void Show()
    {
        nint screen = User32Screen.GetDC(window);
        if (screen == 0) return;
        _ = Gdi32.BitBlt(screen, 0, 0, Width, Height, context, 0, 0, Gdi32.SourceCopy);
        _ = User32Screen.ReleaseDC(window, screen);
        _ = Gdi32.GdiFlush();
    }

    /// <summary>Takes what the screen shows at a place, to be read.</summary>
    /// <returns>Whether the screen could be read.</returns>
    public bool TakeScreen(int x, int y)
    {
        nint screen = User32Screen.GetDC(0);
        if (screen == 0) return false;
        bool isTaken = Gdi32.BitBlt(context, 0, 0, Width, Height, screen, x, y, Gdi32.SourceCopy) != 0;
        _ = User32Screen.ReleaseDC(0, screen);
        _ = Gdi32.GdiFlush();
        return isTaken;
    }

    public void Dispose()
    {
        _ = Gdi32.SelectObject(context, before);
        _ = Gdi32.DeleteDC(context);
        _ = Gdi32.DeleteObject(bitmap);
    }
}
