namespace RemoteAccess.Picture;

/// <summary>Which corners of a panel are round.</summary>
[Flags]
internal enum RoundCorners
{
    Top = 1,
    Bottom = 2,
    All = 3,
}

/// <summary>Panels with smooth round corners and soft shadows.</summary>
internal static class RoundedPanel
{
    /// <summary>How far a shadow reaches beyond its panel, in pixels.</summary>
    public const int ShadowReach = 18;

    private const int ShadowDrop = 5;
    private static readonly byte[] ShadowByDistance = MakeShadow();
    private static readonly byte[][] CornerByRadius = [.. Enumerable.Range(0, 19).Select(MakeCorner)];

    /// <summary>Everything that a panel and its shadow may cover.</summary>
    public static PixelRect WithShadow(PixelRect panel) => new(
        panel.X - ShadowReach, panel.Y - ShadowReach + ShadowDrop, panel.Width + 2 * ShadowReach, panel.Height + 2 * ShadowReach);

    /// <summary>Fills a panel; the radius is 0 to 18.</summary>
    public static void Fill(PixelCanvas canvas, PixelRect panel, int radius, uint colour, RoundCorners corners = RoundCorners.All)
    {
        int top = corners.HasFlag(RoundCorners.Top) ? radius : 0, bottom = corners.HasFlag(RoundCorners.Bottom) ? radius : 0;
        canvas.Fill(panel with { Y = panel.Y + top, Height = panel.Height - top - bottom }, colour);
        byte[] coverage = CornerByRadius[radius];
        for (int row = 0; row < radius; row++)
        {
            if (top > 0) FillCornerRow(canvas, panel, panel.Y + row, coverage.AsSpan(row * radius, radius), colour);
            if (bottom > 0) FillCornerRow(canvas, panel, panel.Bottom - 1 - row, coverage.AsSpan(row * radius, radius), colour);
        }
    }

    /// <summary>Darkens what lies around a panel, not under it.</summary>
    public static void Shadow(PixelCanvas canvas, PixelRect panel)
    {
        PixelRect around = WithShadow(panel).Intersect(canvas.Clip), lit = panel with { Y = panel.Y + ShadowDrop };
        // The panel's round corners let a few of its own pixels show through, so only its inside is left out.
        PixelRect hidden = new(panel.X + 8, panel.Y + 8, panel.Width - 16, panel.Height - 16);
        for (int y = around.Y; y < around.Bottom; y++)
        {
            int dy = Math.Max(0, Math.Max(lit.Y - y, y - lit.Bottom + 1));
            for (int x = around.X; x < around.Right; x++)
            {
                if (y >= hidden.Y && y < hidden.Bottom && x >= hidden.X && x < hidden.Right)
                {
                    x = hidden.Right - 1;
                    continue;
                }

                int dx = Math.Max(0, Math.Max(lit.X - x, x - lit.Right + 1));
                int squared = dx * dx + dy * dy;
                if (squared < ShadowByDistance.Length) canvas.Blend(x, y, 0, ShadowByDistance[squared]);
            }
        }
    }

    private static void FillCornerRow(PixelCanvas canvas, PixelRect panel, int y, ReadOnlySpan<byte> coverage, uint colour)
    {
        canvas.Fill(new PixelRect(panel.X + coverage.Length, y, panel.Width - 2 * coverage.Length, 1), colour);
        for (int i = 0; i < coverage.Length; i++)
        {
            canvas.Blend(panel.X + i, y, colour, coverage[i]);
            canvas.Blend(panel.Right - 1 - i, y, colour, coverage[i]);
        }
    }

    private static byte[] MakeCorner(int radius)
    {
        var coverage = new byte[radius * radius];
        for (int i = 0; i < coverage.Length; i++)
        {
            double dx = radius - i % radius - 0.5, dy = radius - i / radius - 0.5;
            coverage[i] = (byte)(255 * Math.Clamp(radius - Math.Sqrt(dx * dx + dy * dy) + 0.5, 0, 1));
        }

        return coverage;
    }

    private static byte[] MakeShadow()
    {
        var alpha = new byte[ShadowReach * ShadowReach];
        for (int squared = 0; squared < alpha.Length; squared++)
        {
            double nearness = 1 - Math.Sqrt(squared) / ShadowReach;
            alpha[squared] = (byte)(90 * nearness * nearness);
        }

        return alpha;
    }
}
