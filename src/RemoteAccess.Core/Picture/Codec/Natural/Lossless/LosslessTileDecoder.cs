using RemoteAccess.Transport;

namespace RemoteAccess.Picture;

/// <summary>Decodes what <see cref="LosslessTileEncoder"/> writes. Not thread-safe.</summary>
internal sealed class LosslessTileDecoder
{
    private const int Pitch = 64;

    private readonly LosslessRows rows = new();
    private readonly StateReader states = new();

    /// <param name="bits">Begins with the tile; ends behind it.</param>
    /// <param name="tile">64 rows of 64 pixels. Written: the coded blocks, as far as they are in the tile.</param>
    /// <param name="width">Pixels, 1 to 64.</param>
    /// <param name="height">Pixels, 1 to 64.</param>
    /// <param name="blocks">Which of the 8×8 are coded (bit = row × 8 + column); none that has no pixel in the tile.</param>
    /// <exception cref="ChannelException"><see cref="ChannelError.Malformed"/>: not the bits of such a tile; the tile's pixels mean nothing.</exception>
    public void Decode(ref BitReader bits, Span<uint> tile, int width, int height, ulong blocks)
    {
        if (blocks == 0) return;
        rows.Begin(bits.Read(24), width);
        int green = (int)bits.Read(LosslessStates.Bits), red = (int)bits.Read(LosslessStates.Bits);
        states.States = (green, red, (int)bits.Read(LosslessStates.Bits));
        for (int y = 0; y < height; y++)
        {
            byte coded = (byte)(blocks >> (y >> 3) * 8);
            if (coded == 0)
            {
                y |= 7;
                continue;
            }

            rows.Advance();
            Span<uint> row = tile.Slice(y * Pitch, Pitch);
            for (int column = 0, next; column * 8 < width; column = next)
            {
                next = column + 1;
                if ((coded >> column & 1) == 0)
                {
                    rows.Keep(column);
                    continue;
                }

                while (next * 8 < width && (coded >> next & 1) != 0) next++;
                states.Read(ref bits, rows, column * 8, Math.Min(next * 8, width), row);
            }
        }

        // The writer began there.
        if (states.States != default) throw BitReader.Malformed("last state");
        bits.DemandInside();
    }
}
