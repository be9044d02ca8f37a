using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>A decoded tile's samples by component, and their way to pixels. Colour of half resolution is brought to the full one first.</summary>
internal sealed class TilePlanes(bool vectors)
{
    public const int Pitch = 64;

    /// <summary>Index of the first sample: there is one row in front of it and one behind the last.</summary>
    public const int Start = Pitch;

    private const int Side = 16;
    private const int Length = (Pitch + 2) * Pitch;

    private readonly byte[][] components = [new byte[Length], new byte[Length], new byte[Length]];
    private readonly ColourUpsampling cb = new(vectors), cr = new(vectors);

    public byte[] Component(int index) => components[index];

    public void Paint(Span<uint> tile, ushort macroblocks, bool halfColour)
    {
        if (halfColour)
        {
            ColourUpsampling.Border(components[1], macroblocks);
            ColourUpsampling.Border(components[2], macroblocks);
        }

        for (int y = 0; y < Pitch; y++)
        {
            int coded = macroblocks >> (y >> 4) * 4 & 15;
            if (coded == 0)
            {
                y |= Side - 1;
                continue;
            }

            if (halfColour && (y & (Side - 1)) == 0)
            {
                cb.Heighten(components[1], y >> 4, coded);
                cr.Heighten(components[2], y >> 4, coded);
            }

            int start = Start + y * Pitch;
            ReadOnlySpan<byte> cbs = halfColour ? cb.Row(y & (Side - 1)) : components[1].AsSpan(start, Pitch);
            ReadOnlySpan<byte> crs = halfColour ? cr.Row(y & (Side - 1)) : components[2].AsSpan(start, Pitch);
            for (int column = 0; column < 4; column++)
            {
                if ((coded >> column & 1) == 0) continue;
                Span<uint> pixels = tile.Slice(y * Pitch + column * Side, Side);
                ReadOnlySpan<byte> luma = components[0].AsSpan(start + column * Side, Side);
                if (vectors) PixelColour.SixteenByVector(luma, cbs.Slice(column * Side, Side), crs.Slice(column * Side, Side), pixels);
                else PixelColour.OneByOne(luma, cbs.Slice(column * Side, Side), crs.Slice(column * Side, Side), pixels);
            }
        }
    }
}
