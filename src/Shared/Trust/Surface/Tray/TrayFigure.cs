namespace RemoteAccess.Trust;

/// <summary>The figure as an icon, the same in every kind of tray. On one thread.</summary>
internal static class TrayFigure
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
}
