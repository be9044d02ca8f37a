using RemoteAccess.Transport;

namespace RemoteAccess.Picture;

/// <summary>Decodes what <see cref="LosslessTileEncoder"/> writes. Not thread-safe.</summary>
internal sealed class LosslessTileDecoder
{
    private const int Pitch = 64;

    private readonly LosslessRows rows = new();

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
        var states = new StateReader(bits);
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
            for (int column = 0; column * 8 < width; column++)
            {
                if ((coded >> column & 1) == 0) rows.Keep(column);
                else states.Read(rows, column * 8, Math.Min(column * 8 + 8, width), row);
            }
        }

        bits = states.Finish();
        bits.DemandInside();
    }
}
