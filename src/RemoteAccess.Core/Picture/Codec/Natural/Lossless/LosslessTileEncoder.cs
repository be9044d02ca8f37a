using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>Codes 8×8 blocks of a tile without loss; docs/picture-natural.md, "Lossless". Not thread-safe.</summary>
/// <param name="vectors">False takes the scalar path, which gives the same bits.</param>
internal sealed class LosslessTileEncoder(bool vectors)
{
    private const int Side = 64;

    private readonly LosslessRows rows = new();
    private readonly LosslessSymbols symbols = new(vectors);
    private readonly uint[] pixelRow = new uint[Side];
    private readonly ushort[][] tile = [new ushort[Side * Side], new ushort[Side * Side], new ushort[Side * Side]];
    private readonly StateWriter states = new();

    public LosslessTileEncoder() : this(Vector256.IsHardwareAccelerated)
    {
    }

    /// <param name="bits">Takes the tile's bits.</param>
    /// <param name="pixels">From the tile's first pixel: B, G, R and a byte without meaning.</param>
    /// <param name="stride">Bytes from one row to the next.</param>
    /// <param name="width">Pixels, 1 to 64.</param>
    /// <param name="height">Pixels, 1 to 64.</param>
    /// <param name="blocks">Which of the 8×8 are coded (bit = row × 8 + column); none that has no pixel in the tile.</param>
    public void Encode(BitWriter bits, ReadOnlySpan<byte> pixels, int stride, int width, int height, ulong blocks)
    {
        if (blocks == 0) return;
        int first = BitOperations.TrailingZeroCount(blocks);
        uint colour = MemoryMarshal.Read<uint>(pixels[((first >> 3) * 8 * stride + (first & 7) * 32)..]) & 0xFFFFFF;
        rows.Begin(colour, width);
        int count = 0;
        for (int y = 0; y < height; y++)
        {
            byte coded = (byte)(blocks >> (y >> 3) * 8);
            if (coded == 0)
            {
                y |= 7;
                continue;
            }

            rows.Advance();
            pixels.Slice(y * stride, width * 4).CopyTo(MemoryMarshal.AsBytes(pixelRow.AsSpan()));
            symbols.Take(rows, pixelRow, width, coded);
            count = Gather(coded, width, count);
        }

        bits.Write(colour, 24);
        states.Write(bits, tile[0], tile[1], tile[2], count);
    }

    private int Gather(byte coded, int width, int count)
    {
        for (int column = 0; column * 8 < width; column++)
        {
            if ((coded >> column & 1) == 0) continue;
            int pixels = Math.Min(8, width - column * 8);
            for (int component = 0; component < LosslessRows.Components; component++)
                symbols.Row(component).AsSpan(column * 8, pixels).CopyTo(tile[component].AsSpan(count));
            count += pixels;
        }

        return count;
    }
}
