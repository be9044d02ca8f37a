namespace RemoteAccess.Picture;

/// <summary>
/// The logistic function and its inverse in integers, so that every implementation mixes the same bits. Probabilities are in units of 2^-16,
/// the logistic domain in units of 2^-8 from -2047 to 2047.
/// </summary>
internal static class ContextLogistic
{
    public const int Limit = 2047;

    /// <summary>2^16 / (1 + e^(-x/2)) for x = -16 … 16, rounded.</summary>
    private static ReadOnlySpan<ushort> Knots =>
    [
        22, 36, 60, 98, 162, 267, 439, 720, 1179, 1921, 3108, 4971, 7812, 11955, 17625, 24743,
        32768, 40793, 47911, 53581, 57724, 60565, 62428, 63615, 64357, 64816, 65097, 65269, 65374, 65438, 65476, 65500, 65514,
    ];

    /// <summary>The logistic function at each of -2047 … 2047, at index 2047 + x.</summary>
    public static readonly ushort[] Squash = FillSquash();

    /// <summary>For each of 4096 equal parts of the probabilities the smallest x whose function value lies in it or above.</summary>
    public static readonly short[] Stretch = FillStretch();

    private static ushort[] FillSquash()
    {
        var squash = new ushort[2 * Limit + 1];
        for (int x = -Limit; x <= Limit; x++)
        {
            int knot = (x >> 7) + 16;
            int weight = x & 127;
            squash[Limit + x] = (ushort)((Knots[knot] * (128 - weight) + Knots[knot + 1] * weight + 64) >> 7);
        }

        return squash;
    }

    private static short[] FillStretch()
    {
        var stretch = new short[4096];
        int part = 0;
        for (int x = -Limit; x <= Limit; x++)
            while (part <= Squash[Limit + x] >> 4) stretch[part++] = (short)x;
        while (part < stretch.Length) stretch[part++] = Limit;
        return stretch;
    }
}
