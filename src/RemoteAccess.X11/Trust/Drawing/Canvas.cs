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
