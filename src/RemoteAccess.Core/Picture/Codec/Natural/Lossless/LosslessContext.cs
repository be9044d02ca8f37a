namespace RemoteAccess.Picture;

/// <summary>From the energy around a pixel to one of 16 contexts.</summary>
internal static class LosslessContext
{
    /// <summary>An energy above the n-th limit is at least in context n + 1.</summary>
    public static ReadOnlySpan<byte> Limits => [0, 1, 2, 3, 4, 6, 8, 11, 14, 18, 23, 30, 40, 55, 80];

    /// <summary>Every energy that can be: three differences of bytes, six weighted residuals and twice four times one, of four.</summary>
    private const int MaxEnergy = (3 * 255 + 12 * 128 + 8 * 128) / 4;

    public const int Count = 16;

    public static readonly byte[] OfEnergy = Build();

    private static byte[] Build()
    {
        byte[] contexts = new byte[MaxEnergy + 1];
        for (int energy = 0; energy <= MaxEnergy; energy++)
            foreach (byte limit in Limits)
                if (energy > limit) contexts[energy]++;
        return contexts;
    }
}
