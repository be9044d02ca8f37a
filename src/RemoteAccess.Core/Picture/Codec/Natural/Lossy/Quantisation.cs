namespace RemoteAccess.Picture;

/// <summary>
/// Step sizes of the 64 frequencies at one quality, in the order they are stored: horizontal frequency × 8 + vertical frequency.
/// The transforms leave out a factor of each frequency, which is in here too.
/// </summary>
internal sealed class Quantisation
{
    /// <summary>Binary places below 1 of what the inverse transform works in.</summary>
    public const int Places = 5;

    /// <summary>Steps at quality 50, row by row from the lowest frequency: ITU-T T.81, annex K.1.</summary>
    private static ReadOnlySpan<byte> LumaAtFifty =>
    [
        16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
        18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
    ];

    private static ReadOnlySpan<byte> ChromaAtFifty =>
    [
        17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
    ];

    /// <summary>By stored place: a magnitude is rounded up from 1 less this. The nearest, 0.5, costs more bits than it is worth. The decoder need not know.</summary>
    public static readonly float[] Rounding = Thresholds();

    private static readonly Quantisation[] Ladder =
        [new(LumaAtFifty, 100), new(ChromaAtFifty, 100), new(LumaAtFifty, 50), new(ChromaAtFifty, 50), new(LumaAtFifty, 50), new(ChromaAtFifty, 50), new(LumaAtFifty, 20), new(ChromaAtFifty, 20)];

    private Quantisation(ReadOnlySpan<byte> atFifty, int percent)
    {
        for (int place = 0; place < 64; place++)
        {
            (int horizontal, int vertical) = (place >> 3, place & 7);
            int step = Math.Max(1, (atFifty[vertical * 8 + horizontal] * percent + 50) / 100);
            double factor = Factor(horizontal) * Factor(vertical);
            Steps[place] = (int)Math.Round(step * factor * (1 << Places), MidpointRounding.AwayFromZero);
            Inverse[place] = (float)(1 / (8 * step * factor));
        }
    }

    /// <summary>What a level is multiplied with for the inverse transform.</summary>
    public int[] Steps { get; } = new int[64];

    /// <summary>What the forward transform's result is multiplied with for a level.</summary>
    public float[] Inverse { get; } = new float[64];

    public static Quantisation Of(LossyQuality quality, bool chroma) => Ladder[(int)quality * 2 + (chroma ? 1 : 0)];

    public static bool HalvesColour(LossyQuality quality) => quality is LossyQuality.Q50_420 or LossyQuality.Q75_420;

    private static float[] Thresholds()
    {
        float[] thresholds = new float[64];
        for (int place = 0; place < 64; place++) thresholds[place] = 0.41f + 0.004f * ((place >> 3) + (place & 7));
        thresholds[0] = 0.5f;
        return thresholds;
    }

    /// <summary>√2 cos(kπ/16), 1 for k = 0: what the transforms of Arai, Agui and Nakajima leave out.</summary>
    private static double Factor(int frequency) => frequency == 0 ? 1 : Math.Sqrt(2) * Math.Cos(frequency * Math.PI / 16);
}
