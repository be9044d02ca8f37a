using System.Numerics;
using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>Codes 16×16 macroblocks of a tile with an 8×8 DCT; docs/picture-natural.md, "Lossy". Not thread-safe.</summary>
/// <param name="vectors">False takes the scalar path, which gives the same bits.</param>
internal sealed class LossyTileEncoder(bool vectors)
{
    private const int BlocksAcross = 2;

    private readonly LossyContext[] contexts = [new(), new(), new()];
    private readonly MacroblockSamples samples = new(vectors);
    private readonly short[] levels = new short[64];
    private readonly short[] scanned = new short[64];

    public LossyTileEncoder() : this(Vector256.IsHardwareAccelerated)
    {
    }

    /// <param name="bits">Takes the tile's bits.</param>
    /// <param name="pixels">From the tile's first pixel: B, G, R and a byte without meaning.</param>
    /// <param name="stride">Bytes from one row to the next.</param>
    /// <param name="width">Pixels, 1 to 64.</param>
    /// <param name="height">Pixels, 1 to 64.</param>
    /// <param name="macroblocks">Which of the 4×4 are coded (bit = row × 4 + column); none that has no pixel in the tile.</param>
    /// <param name="quality">The decoder is told the same.</param>
    public void Encode(BitWriter bits, ReadOnlySpan<byte> pixels, int stride, int width, int height, ushort macroblocks, LossyQuality quality)
    {
        foreach (LossyContext context in contexts) context.Reset();
        bool half = Quantisation.HalvesColour(quality);
        Quantisation luma = Quantisation.Of(quality, chroma: false), chroma = Quantisation.Of(quality, chroma: true);
        for (uint left = macroblocks; left != 0; left &= left - 1)
        {
            int macroblock = BitOperations.TrailingZeroCount(left);
            (int column, int row) = (macroblock & 3, macroblock >> 2);
            int across = Math.Min(16, width - column * 16), down = Math.Min(16, height - row * 16);
            samples.Take(pixels[(row * 16 * stride + column * 64)..], stride, across, down, half);

            BitRun run = bits.Open(3 * BlocksAcross * BlocksAcross * LossyBlockWriter.MaxBytes);
            Component(ref run, 0, luma, column, row, (across + 7) >> 3, (down + 7) >> 3, BlocksAcross);
            Component(ref run, 1, chroma, column, row, half ? 1 : (across + 7) >> 3, half ? 1 : (down + 7) >> 3, half ? 1 : BlocksAcross);
            Component(ref run, 2, chroma, column, row, half ? 1 : (across + 7) >> 3, half ? 1 : (down + 7) >> 3, half ? 1 : BlocksAcross);
            bits.Close(run);
        }
    }

    private void Component(ref BitRun bits, int component, Quantisation quantisation, int column, int row, int across, int down, int perMacroblock)
    {
        LossyContext context = contexts[component];
        for (int y = 0; y < down; y++)
            for (int x = 0; x < across; x++)
            {
                ref float first = ref samples.Component(component)[y * 8 * MacroblockSamples.Pitch + x * 8];
                ulong coded;
                if (vectors)
                {
                    ulong mask = ForwardTransform.Levels(ref first, MacroblockSamples.Pitch, ref quantisation.Inverse[0], ref Quantisation.Rounding[0], ref levels[0]);
                    coded = ScanOrder.Scan(ref levels[0], mask, ref scanned[0]);
                }
                else
                {
                    ulong mask = ForwardTransformScalar.Levels(ref first, MacroblockSamples.Pitch, ref quantisation.Inverse[0], ref Quantisation.Rounding[0], ref levels[0]);
                    coded = ScanOrder.ScanOneByOne(ref levels[0], mask, ref scanned[0]);
                }

                scanned[0] = levels[0];
                (int blockColumn, int blockRow) = (column * perMacroblock + x, row * perMacroblock + y);
                context.At(blockColumn, blockRow, component > 0, out int prediction, out int lowestTable, out int othersTable);
                int others = LossyBlockWriter.Write(ref bits, ref scanned[0], coded, prediction, lowestTable, othersTable);
                context.Set(blockColumn, blockRow, levels[0], others);
            }
    }
}
