using System.Numerics;
using System.Runtime.Intrinsics;
using RemoteAccess.Transport;

namespace RemoteAccess.Picture;

/// <summary>Decodes what <see cref="LossyTileEncoder"/> writes. The same bytes give the same pixels everywhere. Not thread-safe.</summary>
/// <param name="vectors">False takes the scalar path, which gives the same pixels.</param>
internal sealed class LossyTileDecoder(bool vectors)
{
    private const int MaxBlocks = 12;

    private readonly LossyContext[] contexts = [new(), new(), new()];
    private readonly TilePlanes planes = new(vectors);
    /// <summary>Of all blocks of a macroblock: they are transformed after all are read, as loading in vectors what was just stored one by one has to wait.</summary>
    private readonly int[] coefficients = new int[MaxBlocks * 64];
    private readonly (int Component, int Start, bool IsFlat)[] blocks = new (int, int, bool)[MaxBlocks];
    private int blockCount;

    public LossyTileDecoder() : this(Vector256.IsHardwareAccelerated)
    {
    }

    /// <param name="bits">Begins with the tile; ends behind it.</param>
    /// <param name="tile">64 rows of 64 pixels. Written: the coded macroblocks, also beyond the tile's edge, where the values mean nothing.</param>
    /// <param name="width">Pixels, 1 to 64.</param>
    /// <param name="height">Pixels, 1 to 64.</param>
    /// <param name="macroblocks">Which of the 4×4 are coded (bit = row × 4 + column); none that has no pixel in the tile.</param>
    /// <param name="quality">What the encoder was told.</param>
    /// <exception cref="ChannelException"><see cref="ChannelError.Malformed"/>: not the bits of such a tile; the tile's pixels mean nothing.</exception>
    public void Decode(ref BitReader bits, Span<uint> tile, int width, int height, ushort macroblocks, LossyQuality quality)
    {
        foreach (LossyContext context in contexts) context.Reset();
        // A tile that was refused may have left some.
        coefficients.AsSpan().Clear();
        bool half = Quantisation.HalvesColour(quality);
        Quantisation luma = Quantisation.Of(quality, chroma: false), chroma = Quantisation.Of(quality, chroma: true);
        for (uint left = macroblocks; left != 0; left &= left - 1)
        {
            int macroblock = BitOperations.TrailingZeroCount(left);
            (int column, int row) = (macroblock & 3, macroblock >> 2);
            int across = (Math.Min(16, width - column * 16) + 7) >> 3, down = (Math.Min(16, height - row * 16) + 7) >> 3;
            blockCount = 0;
            Component(ref bits, 0, luma, column * 2, row * 2, across, down);
            if (half) (across, down) = (1, 1);
            else (column, row) = (column * 2, row * 2);
            Component(ref bits, 1, chroma, column, row, across, down);
            Component(ref bits, 2, chroma, column, row, across, down);
            Transform();
        }

        bits.DemandInside();
        planes.Paint(tile, macroblocks, half);
    }

    private void Component(ref BitReader bits, int component, Quantisation quantisation, int firstColumn, int firstRow, int across, int down)
    {
        LossyContext context = contexts[component];
        for (int row = firstRow; row < firstRow + down; row++)
            for (int column = firstColumn; column < firstColumn + across; column++)
            {
                context.At(column, row, component > 0, out int lowest, out int lowestTable, out int othersTable);
                int others = LossyBlockReader.Read(ref bits, coefficients.AsSpan(blockCount * 64, 64), quantisation.Steps, ref lowest, lowestTable, othersTable);
                context.Set(column, row, lowest, others);
                blocks[blockCount++] = (component, TilePlanes.Start + row * 8 * TilePlanes.Pitch + column * 8, others == 0);
            }
    }

    private void Transform()
    {
        for (int block = 0; block < blockCount; block++)
        {
            (int component, int start, bool isFlat) = blocks[block];
            Span<byte> samples = planes.Component(component).AsSpan(start);
            Span<int> levels = coefficients.AsSpan(block * 64, 64);
            if (isFlat) InverseTransform.Flat(levels, samples, TilePlanes.Pitch);
            else InverseTransform.Samples(levels, samples, TilePlanes.Pitch, vectors);
        }
    }
}
