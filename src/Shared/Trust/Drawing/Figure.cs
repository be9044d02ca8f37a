namespace RemoteAccess.Trust;

/// <summary>What a figure says.</summary>
internal enum FigureKind
{
    /// <summary>A padlock: nobody is connected.</summary>
    Nobody,
    /// <summary>Head and shoulders: somebody is connected.</summary>
    Person,
    /// <summary>A crossed circle: everybody is kept out.</summary>
    Blocked,
}

/// <summary>The three figures of the surface, of discs and rectangles, at any size.</summary>
internal static class Figure
{
    /// <summary>Draws into a square.</summary>
    public static void Draw(Canvas canvas, FigureKind kind, int x, int y, int side, uint ink, uint paper)
    {
        PixelRect Part(double left, double top, double width, double height) =>
            new(x + (int)Math.Round(left * side), y + (int)Math.Round(top * side), Math.Max(1, (int)Math.Round(width * side)), Math.Max(1, (int)Math.Round(height * side)));
        switch (kind)
        {
            case FigureKind.Person:
                canvas.Disc(Part(0.29, 0.06, 0.42, 0.42), ink, paper);
                canvas.Disc(Part(0.09, 0.54, 0.82, 0.8), ink, paper, isHalf: true);
                break;
            case FigureKind.Blocked:
                canvas.Disc(Part(0.06, 0.06, 0.88, 0.88), ink, paper);
                canvas.Fill(Part(0.22, 0.42, 0.56, 0.16), paper);
                break;
            default:
                canvas.Disc(Part(0.25, 0.06, 0.5, 0.6), ink, paper);
                canvas.Disc(Part(0.36, 0.18, 0.28, 0.4), paper, ink);
                canvas.Fill(Part(0.14, 0.44, 0.72, 0.5), ink);
                canvas.Fill(Part(0.45, 0.58, 0.1, 0.22), paper);
                break;
        }
    }
}
