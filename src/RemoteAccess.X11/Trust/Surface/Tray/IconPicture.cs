using RemoteAccess.Interop;

namespace RemoteAccess.Trust;

/// <summary>One size of the icon, as the session bus wants it: 4 bytes a pixel, alpha, red, green, blue, rows from the top.</summary>
internal sealed record IconPicture(int Side, byte[] Pixels)
{
    /// <summary>On the thread of the stage's connection.</summary>
    public static unsafe IconPicture Of(SurfaceStage stage, FigureKind kind, int side)
    {
        nint display = stage.Connection.Display;
        using Canvas canvas = new(stage.Connection, stage.Connection.Root, side, side);
        TrayFigure.Draw(canvas, stage.Style.Colours, kind);
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
