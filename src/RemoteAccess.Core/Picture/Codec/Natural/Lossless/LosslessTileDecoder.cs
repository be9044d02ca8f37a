using System.Numerics;
using System.Runtime.Intrinsics;
using RemoteAccess.Transport;

namespace RemoteAccess.Picture;

/// <summary>Decodes what <see cref="LosslessTileEncoder"/> writes. Not thread-safe.</summary>
/// <param name="vectors">False takes the scalar path, which gives the same pixels.</param>
internal sealed class LosslessTileDecoder(bool vectors)
{
    private const int Pitch = 64;

    private readonly LosslessRows rows = new();
    private readonly LosslessPixels row = new(vectors);
    private readonly StateReader states = new();

    public LosslessTileDecoder() : this(Vector128.IsHardwareAccelerated)
    {
    }

    /// <param name="bits">Begins with the tile; ends behind it.</param>
    /// <param name="tile">64 rows of 64 pixels. Written: the coded blocks, of those cut at the right all eight columns.</param>
    /// <param name="width">Pixels, 1 to 64.</param>
    /// <param name="height">Pixels, 1 to 64.</param>
    /// <param name="blocks">Which of the 8×8 are coded (bit = row × 8 + column); none that has no pixel in the tile.</param>
    /// <exception cref="ChannelException"><see cref="ChannelError.Malformed"/>: not the bits of such a tile; the tile's pixels mean nothing.</exception>
    public void Decode(ref BitReader bits, Span<uint> tile, int width, int height, ulong blocks)
    {
        if (blocks == 0) return;
        rows.Begin(bits.Read(24), TileGrid.BlocksAcross(width));
        states.Begin(ref bits);
        for (int y = 0; y < height; y++)
        {
            byte coded = (byte)(blocks >> (y >> 3) * 8);
            if (coded == 0)
            {
                y |= 7;
                continue;
            }

            for (int component = 0; component < LosslessRows.Components; component++)
            {
                byte[] folded = row.Folded(component);
                LosslessContext.Find(rows, component, folded, vectors);
                Read(ref bits, folded, coded);
                rows.Take(component, folded, coded);
            }

            row.Give(rows, tile.Slice(y * Pitch, Pitch), coded);
        }

        // The writer began there.
        if (!states.IsAtEnd) throw BitReader.Malformed("last state");
        bits.DemandInside();
    }

    private void Read(ref BitReader bits, Span<byte> symbols, byte coded)
    {
        for (int column = 0; coded >> column != 0; column++)
        {
            column += BitOperations.TrailingZeroCount(coded >> column);
            int run = BitOperations.TrailingZeroCount(~(coded >> column));
            states.Read(ref bits, symbols.Slice(column * BlockMap.Side, run * BlockMap.Side));
            column += run;
        }
    }
}
