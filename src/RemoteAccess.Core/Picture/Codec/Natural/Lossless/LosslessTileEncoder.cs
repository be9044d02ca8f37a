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
    private readonly LosslessResiduals row = new(vectors);
    private readonly uint[] pixelRow = new uint[Side];
    private readonly byte[] rowContexts = new byte[Side];
    private readonly ushort[] symbols = new ushort[Side * Side * LosslessRows.Components];
    private readonly StateWriter states = new();

    public LosslessTileEncoder() : this(Vector128.IsHardwareAccelerated)
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
        rows.Begin(colour, TileGrid.BlocksAcross(width));
        int count = 0;
        for (int y = 0; y < height; y++)
        {
            byte coded = (byte)(blocks >> (y >> 3) * 8);
            if (coded == 0)
            {
                y |= 7;
                continue;
            }

            pixels.Slice(y * stride, width * 4).CopyTo(MemoryMarshal.AsBytes(pixelRow.AsSpan()));
            // What a block has beyond the tile's edge goes on as it was, which costs least.
            pixelRow.AsSpan(width).Fill(pixelRow[width - 1]);
            row.Take(rows, pixelRow, coded);
            for (int component = 0; component < LosslessRows.Components; component++)
            {
                byte[] folded = row.Folded(component);
                LosslessContext.Find(rows, component, rowContexts, vectors);
                count = Gather(coded, folded, count);
                rows.Take(component, folded, coded);
            }
        }

        bits.Write(colour, 24);
        states.Write(bits, symbols, count);
    }

    private int Gather(byte coded, byte[] folded, int count)
    {
        for (int column = 0; column < BlockMap.Side; column++)
        {
            if ((coded >> column & 1) == 0) continue;
            Vector128<ushort> context = Vector128.WidenLower(Vector128.CreateScalar(BitConverter.ToUInt64(rowContexts, column * BlockMap.Side)).AsByte());
            Vector128<ushort> residual = Vector128.WidenLower(Vector128.CreateScalar(BitConverter.ToUInt64(folded, column * BlockMap.Side)).AsByte());
            (context << 8 | residual).CopyTo(symbols, count);
            count += BlockMap.Side;
        }

        return count;
    }
}
