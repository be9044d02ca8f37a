namespace RemoteAccess.Picture;

/// <summary>The order in which a block's 64 levels are coded: the zigzag of ITU-T T.81, figure 5.</summary>
internal static class ScanOrder
{
    /// <summary>From a place in the scan to the place where it is stored: horizontal frequency × 8 + vertical frequency.</summary>
    public static readonly byte[] Stored = Zigzag();

    /// <summary>From the place where a level is stored to its place in the scan.</summary>
    public static readonly byte[] Scanned = Inverse(Stored);

    private static byte[] Zigzag()
    {
        byte[] stored = new byte[64];
        int place = 0;
        for (int diagonal = 0; diagonal < 15; diagonal++)
            for (int step = Math.Max(0, diagonal - 7); step <= Math.Min(7, diagonal); step++)
            {
                // Odd diagonals run down and to the left, even ones up and to the right.
                int vertical = (diagonal & 1) != 0 ? step : diagonal - step;
                stored[place++] = (byte)((diagonal - vertical) * 8 + vertical);
            }

        return stored;
    }

    private static byte[] Inverse(byte[] order)
    {
        byte[] inverse = new byte[64];
        for (int at = 0; at < 64; at++) inverse[order[at]] = (byte)at;
        return inverse;
    }
}
