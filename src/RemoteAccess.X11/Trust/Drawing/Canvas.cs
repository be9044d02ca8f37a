using RemoteAccess.Interop;

namespace RemoteAccess.Trust;

/// <summary>A picture that is drawn out of sight and copied to its window in one piece, so that it never flickers. On one thread.</summary>
internal sealed unsafe class Canvas : IDisposable
{
    private readonly XConnection connection;
    private readonly nuint window, pixmap;
    private readonly nint graphics, draw;

    public Canvas(XConnection connection, nuint window, int width, int height)
    {
        this.connection = connection;
        this.window = window;
        (Width, Height) = (width, height);
        nint display = connection.Display;
        pixmap = LibX11Window.XCreatePixmap(display, window, (uint)width, (uint)height, (uint)LibX11.XDefaultDepth(display, connection.Screen));
        graphics = LibX11Window.XCreateGC(display, pixmap, 0, null);
        draw = LibXft.XftDrawCreate(display, pixmap, LibX11.XDefaultVisual(display, connection.Screen), LibX11Window.XDefaultColormap(display, connection.Screen));
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>The picture itself, to read from.</summary>
    public nuint Pixels => pixmap;

    public void Fill(PixelRect area, uint colour)
    {
        if (area.Width <= 0 || area.Height <= 0) return;
        _ = LibX11Window.XSetForeground(connection.Display, graphics, colour);
        _ = LibX11Window.XFillRectangle(connection.Display, pixmap, graphics, area.X, area.Y, (uint)area.Width, (uint)area.Height);
    }

    /// <summary>Lines inside the area.</summary>
    public void Frame(PixelRect area, uint colour, int thickness)
    {
        Fill(area with { Height = thickness }, colour);
        Fill(area with { Y = area.Y + area.Height - thickness, Height = thickness }, colour);
        Fill(area with { Width = thickness }, colour);
        Fill(area with { X = area.X + area.Width - thickness, Width = thickness }, colour);
    }

    /// <summary>A filled disc, or its upper half, with a smooth edge on <paramref name="paper"/>.</summary>
    public void Disc(PixelRect area, uint ink, uint paper, bool isHalf = false)
    {
        for (int y = 0; y < (isHalf ? (area.Height + 1) / 2 : area.Height); y++)
        {
            for (int x = 0; x < area.Width;)
            {
                int covered = Covered(area, x, y), end = x + 1;
                while (end < area.Width && Covered(area, end, y) == covered) end++;
                if (covered > 0) Fill(new PixelRect(area.X + x, area.Y + y, end - x, 1), Mix(ink, paper, covered));
                x = end;
            }
        }
    }

    /// <summary>How many of a pixel's 16 points are on the disc.</summary>
    private static int Covered(PixelRect area, int x, int y)
    {
        int covered = 0;
        for (int i = 0; i < 16; i++)
        {
            double across = (2 * (x + (((i & 3) + 0.5) / 4)) / area.Width) - 1, down = (2 * (y + (((i >> 2) + 0.5) / 4)) / area.Height) - 1;
            if ((across * across) + (down * down) <= 1) covered++;
        }
        return covered;
    }

    private static uint Mix(uint ink, uint paper, int covered)
    {
        uint mixed = 0;
        for (int shift = 0; shift < 24; shift += 8)
            mixed |= ((((ink >> shift) & 0xff) * (uint)covered) + (((paper >> shift) & 0xff) * (uint)(16 - covered))) / 16 << shift;
        return mixed;
    }

    /// <summary>From the left end of the base line.</summary>
    public void Write(Lettering letters, string text, LetterStyle style, uint colour, int x, int baseline) => letters.Draw(draw, text, style, colour, x, baseline);

    /// <summary>Copies what was drawn last.</summary>
    public void Show()
    {
        _ = LibX11Window.XCopyArea(connection.Display, pixmap, window, graphics, 0, 0, (uint)Width, (uint)Height, 0, 0);
        _ = LibX11.XFlush(connection.Display);
    }

    public void Dispose()
    {
        LibXft.XftDrawDestroy(draw);
        _ = LibX11Window.XFreeGC(connection.Display, graphics);
        _ = LibX11Window.XFreePixmap(connection.Display, pixmap);
    }
}
