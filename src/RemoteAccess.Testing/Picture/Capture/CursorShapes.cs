namespace RemoteAccess.Picture;

/// <summary>The cursors of the virtual desktop, drawn for this project: '#' is black, 'o' white, anything else clear.</summary>
internal static class CursorShapes
{
    /// <summary>Over everything but text.</summary>
    public static CursorShape Arrow { get; } = Make(hotX: 1, hotY: 0,
        ".#",
        ".##",
        ".#o#",
        ".#oo#",
        ".#ooo#",
        ".#oooo#",
        ".#ooooo#",
        ".#oooooo#",
        ".#ooooooo#",
        ".#oooooooo#",
        ".#ooooooooo#",
        ".#oooooo####",
        ".#ooo#oo#",
        ".#oo##oo#",
        ".#o#..#oo#",
        ".##...#oo#",
        ".#.....#oo#",
        ".......#oo#",
        "........##");

    /// <summary>Over the text field.</summary>
    public static CursorShape IBeam { get; } = Make(hotX: 4, hotY: 8,
        ".###.###.",
        "#ooo#ooo#",
        ".###o###.",
        "...#o#...",
        "...#o#...",
        "...#o#...",
        "...#o#...",
        "...#o#...",
        "...#o#...",
        "...#o#...",
        "...#o#...",
        "...#o#...",
        "...#o#...",
        "...#o#...",
        ".###o###.",
        "#ooo#ooo#",
        ".###.###.");

    private static CursorShape Make(int hotX, int hotY, params string[] art)
    {
        int width = art.Max(row => row.Length);
        var pixels = new byte[width * art.Length * 4];
        for (int y = 0; y < art.Length; y++)
        {
            for (int x = 0; x < art[y].Length; x++)
            {
                Span<byte> pixel = pixels.AsSpan((y * width + x) * 4, 4);
                if (art[y][x] == 'o') pixel.Fill(0xFF);
                else if (art[y][x] == '#') pixel[3] = 0xFF;
            }
        }

        return new CursorShape(new PixelSize(width, art.Length), hotX, hotY, pixels);
    }
}
