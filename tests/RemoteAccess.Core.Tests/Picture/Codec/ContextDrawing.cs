namespace RemoteAccess.Tests;

/// <summary>What screens are made of, by seed.</summary>
internal static class ContextDrawing
{
    public static readonly string[] Kinds = ["flat", "noise", "text", "smooth", "lines", "mixed"];

    public static void Draw(ContextScreen screen, string kind, Random random)
    {
        for (int y = 0; y < screen.Height; y++)
            for (int x = 0; x < screen.Width; x++)
                screen[y][x] = kind switch
                {
                    "flat" => 0xFFFFFF,
                    "noise" => (uint)random.Next(1 << 24),
                    "text" => Glyph(x, y, random.Next(8)),
                    "smooth" => Grey(x * 3 + y * 2 + random.Next(2)),
                    "lines" => y % 7 == 3 ? 0xC0C0C0u : x % 31 == 5 ? 0x336699u : 0xF4F4F4,
                    "mixed" => random.Next(40) == 0 ? (uint)random.Next(1 << 24) : x > 0 && random.Next(6) > 0 ? screen[y][x - 1] : Glyph(x, y, 0),
                    _ => throw new ArgumentOutOfRangeException(nameof(kind)),
                };
        if (kind == "text") DrawText(screen, random);
    }

    /// <summary>Rows of a made-up font in three colours: each of sixteen letters always looks the same.</summary>
    public static void DrawText(ContextScreen screen, Random random)
    {
        for (int y = 0; y < screen.Height; y++) screen[y].Fill(0xFFFFFF);
        for (int line = 0; line + 10 <= screen.Height; line += 12)
            for (int x = 2; x + 7 <= screen.Width; x += 7)
            {
                int letter = random.Next(20);
                if (letter >= 16) continue;
                for (int v = 0; v < 9; v++)
                    for (int u = 0; u < 6; u++) screen[line + v][x + u] = Glyph(u, v, letter);
            }
    }

    private static uint Glyph(int u, int v, int letter)
    {
        uint hash = (uint)(letter * 131 + v * 17 + u) * 2654435761u >> 28;
        return hash < 8 ? 0xFFFFFFu : hash < 13 ? 0x202020u : 0x808890u;
    }

    private static uint Grey(int level) => (uint)Math.Min(level & 255, 255) * 0x010101;
}
