namespace RemoteAccess.Picture;

/// <summary>
/// Fits a frame's lossy tiles into what the link carries: a lower quality first, then fewer tiles. Text is not its business. Learns from each
/// frame what a macroblock costs at each quality. Not thread-safe.
/// </summary>
internal sealed class NaturalBudget
{
    private static readonly double[] FirstGuess = [26, 40, 56, 92];

    private readonly double[] bytesPerMacroblock = [.. FirstGuess];

    public void Reset() => FirstGuess.CopyTo(bytesPerMacroblock, 0);

    /// <summary>The best quality at which <paramref name="macroblocks"/> fit, not above <paramref name="best"/>; the lowest when none does.</summary>
    public LossyQuality Choose(int macroblocks, double budget, LossyQuality best)
    {
        LossyQuality quality = best;
        while (quality > LossyQuality.Q50_420 && macroblocks * bytesPerMacroblock[(int)quality] > budget) quality--;
        return quality;
    }

    /// <summary>Macroblocks that fit at a quality.</summary>
    public int Fitting(double budget, LossyQuality quality) => (int)Math.Min(int.MaxValue, budget / bytesPerMacroblock[(int)quality]);

    public void Learn(LossyQuality quality, int macroblocks, int bytes)
    {
        if (macroblocks < 16) return;
        ref double known = ref bytesPerMacroblock[(int)quality];
        known += ((double)bytes / macroblocks - known) / 4;
        // A lower quality takes no more, tried or not.
        for (int lower = 0; lower < (int)quality; lower++) bytesPerMacroblock[lower] = Math.Min(bytesPerMacroblock[lower], known);
    }
}
