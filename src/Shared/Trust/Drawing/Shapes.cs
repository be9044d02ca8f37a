namespace RemoteAccess.Trust;

/// <summary>What rectangles make, on the canvas of whichever platform.</summary>
internal static class Shapes
{
    /// <summary>Lines inside the area.</summary>
    public static void Frame(this Canvas canvas, PixelRect area, uint colour, int thickness)
    {
        canvas.Fill(area with { Height = thickness }, colour);
        canvas.Fill(area with { Y = area.Y + area.Height - thickness, Height = thickness }, colour);
        canvas.Fill(area with { Width = thickness }, colour);
        canvas.Fill(area with { X = area.X + area.Width - thickness, Width = thickness }, colour);
    }

    /// <summary>A filled disc, or its upper half, with a smooth edge on <paramref name="paper"/>.</summary>
    public static void Disc(this Canvas canvas, PixelRect area, uint ink, uint paper, bool isHalf = false)
    {
        for (int y = 0; y < (isHalf ? (area.Height + 1) / 2 : area.Height); y++)
        {
            for (int x = 0; x < area.Width;)
            {
                int covered = Covered(area, x, y), end = x + 1;
                while (end < area.Width && Covered(area, end, y) == covered) end++;
                if (covered > 0) canvas.Fill(new PixelRect(area.X + x, area.Y + y, end - x, 1), Mix(ink, paper, covered));
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
}
