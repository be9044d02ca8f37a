namespace RemoteAccess.Picture;

/// <summary>
/// Finds what differs between two pictures where the system does not tell: bands of rows that differ at all, in them columns of 64 pixels that
/// do, each neighbouring stretch of those as one rectangle between its first and last differing row.
/// </summary>
internal static class FrameComparison
{
    public const int BandRows = 32, ColumnWidth = 64;

    /// <summary>Both pictures are of the damage's size, rows without slack.</summary>
    public static void Find(ReadOnlySpan<uint> before, ReadOnlySpan<uint> now, PixelSize size, DamageList damage)
    {
        for (int y = 0; y < size.Height; y += BandRows)
        {
            int rows = Math.Min(BandRows, size.Height - y), at = y * size.Width, count = rows * size.Width;
            ReadOnlySpan<uint> bandBefore = before.Slice(at, count), bandNow = now.Slice(at, count);
            if (!bandBefore.SequenceEqual(bandNow)) FindInBand(bandBefore, bandNow, y, size, damage);
        }
    }

    private static void FindInBand(ReadOnlySpan<uint> before, ReadOnlySpan<uint> now, int top, PixelSize size, DamageList damage)
    {
        PixelRect bounds = new(0, 0, size.Width, size.Height), open = default;
        for (int x = 0; x < size.Width; x += ColumnWidth)
        {
            int width = Math.Min(ColumnWidth, size.Width - x);
            (int first, int end) = DifferingRows(before, now, x, width, size.Width);
            if (end > first)
            {
                open = open.Union(new PixelRect(x, top + first, width, end - first));
                continue;
            }
            damage.Add(open, bounds);
            open = default;
        }
        damage.Add(open, bounds);
    }

    /// <summary>From the first differing row to behind the last; (0, 0) when none differs.</summary>
    private static (int First, int End) DifferingRows(ReadOnlySpan<uint> before, ReadOnlySpan<uint> now, int x, int width, int stride)
    {
        int first = 0, end = before.Length / stride;
        while (first < end && IsSameRow(before, now, (first * stride) + x, width)) first++;
        if (first == end) return (0, 0);
        while (IsSameRow(before, now, ((end - 1) * stride) + x, width)) end--;
        return (first, end);
    }

    private static bool IsSameRow(ReadOnlySpan<uint> before, ReadOnlySpan<uint> now, int at, int width) => before.Slice(at, width).SequenceEqual(now.Slice(at, width));
}
