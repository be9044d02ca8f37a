using RemoteAccess.Interop;

namespace RemoteAccess.Trust;

/// <summary>One size of the icon, as the session bus wants it: 4 bytes a pixel, alpha, red, green, blue, rows from the top.</summary>
internal sealed record IconPicture(int Side, byte[] Pixels);

/// <summary>The figure as an icon, the same in every kind of tray. On the thread of the stage's connection.</summary>
internal static unsafe class TrayFigure
{
    public static void Draw(Canvas canvas, Palette colours, FigureKind kind)
    {
        (uint paper, uint ink) = kind switch
        {
            FigureKind.Person => (colours.Watched, colours.OnWatched),
            FigureKind.Blocked => (colours.BadPaper, colours.Bad),
            _ => (colours.Unwatched, colours.OnUnwatched),
        };
        canvas.Fill(new PixelRect(0, 0, canvas.Width, canvas.Height), paper);
        int side = Math.Min(canvas.Width, canvas.Height), inset = Math.Max(1, side / 10), inner = side - (2 * inset);
        Figure.Draw(canvas, kind, (canvas.Width - inner) / 2, (canvas.Height - inner) / 2, inner, ink, paper);
    }

    public static IconPicture Picture(SurfaceStage stage, FigureKind kind, int side)
    {
        nint display = stage.Connection.Display;
        using Canvas canvas = new(stage.Connection, stage.Connection.Root, side, side);
        Draw(canvas, stage.Colours, kind);
        byte[] pixels = new byte[side * side * 4];
        XImage* image = LibX11.XGetImage(display, canvas.Pixels, 0, 0, (uint)side, (uint)side, LibX11.AllPlanes, LibX11.ZPixmap);
        _ = stage.Connection.TakeError();
        stage.Connection.ThrowIfLost();
        if (image == null) return new IconPicture(side, pixels);
        for (int y = 0, at = 0; y < side; y++)
        {
            uint* row = (uint*)(image->Data + ((nint)y * image->BytesPerLine));
            for (int x = 0; x < side; x++, at += 4) (pixels[at], pixels[at + 1], pixels[at + 2], pixels[at + 3]) = (0xff, (byte)(row[x] >> 16), (byte)(row[x] >> 8), (byte)row[x]);
        }
        _ = LibX11.XDestroyImage(image);
        return new IconPicture(side, pixels);
    }
}
