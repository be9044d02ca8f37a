namespace RemoteAccess.Picture;

/// <summary>What neighbours say about how a colour goes on.</summary>
internal static class ContextGradient
{
    /// <summary>The median of W, N and W + N - NW for each channel.</summary>
    public static uint Median(uint west, uint north, uint northWest)
    {
        uint median = 0;
        for (int shift = 0; shift < 24; shift += 8)
        {
            int w = Channel(west, shift), n = Channel(north, shift);
            median |= (uint)Math.Clamp(w + n - Channel(northWest, shift), Math.Min(w, n), Math.Max(w, n)) << shift;
        }

        return median;
    }

    /// <summary>Two classes of difference, 8 · W–NW + N–NW.</summary>
    public static int Flatness(in ContextNeighbours around) =>
        Class(Difference(around.West, around.NorthWest)) * 8 + Class(Difference(around.North, around.NorthWest));

    private static int Difference(uint a, uint b) =>
        Math.Abs(Channel(a, 16) - Channel(b, 16)) + Math.Abs(Channel(a, 8) - Channel(b, 8)) + Math.Abs(Channel(a, 0) - Channel(b, 0));

    private static int Class(int difference) => difference switch
    {
        0 => 0,
        < 3 => 1,
        < 6 => 2,
        < 12 => 3,
        < 24 => 4,
        < 48 => 5,
        < 96 => 6,
        _ => 7,
    };

    private static int Channel(uint colour, int shift) => (int)(colour >> shift) & 255;
}
