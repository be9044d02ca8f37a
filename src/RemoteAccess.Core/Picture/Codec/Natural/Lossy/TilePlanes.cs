using System.Numerics;

namespace RemoteAccess.Picture;

/// <summary>A decoded tile's samples by component, and their way to pixels. Colour of half resolution is brought to the full one first.</summary>
internal sealed class TilePlanes(bool vectors)
{
    public const int Pitch = 64;
    private const int Side = 16;

    private readonly byte[][] components = [new byte[Pitch * Pitch], new byte[Pitch * Pitch], new byte[Pitch * Pitch]];
    private readonly ColourUpsampling upsampling = new(vectors);

    public byte[] Component(int index) => components[index];

    public void Paint(Span<uint> tile, ushort macroblocks, bool halfColour)
    {
        if (halfColour)
        {
            upsampling.Begin(components[1], components[2], macroblocks);
            for (uint left = macroblocks; left != 0; left &= left - 1)
            {
                int macroblock = BitOperations.TrailingZeroCount(left);
                upsampling.Macroblock(macroblock & 3, macroblock >> 2);
            }
        }

        byte[] cb = halfColour ? upsampling.Cb : components[1], cr = halfColour ? upsampling.Cr : components[2];
        for (uint left = macroblocks; left != 0; left &= left - 1)
        {
            int macroblock = BitOperations.TrailingZeroCount(left);
            int at = (macroblock >> 2) * Side * Pitch + (macroblock & 3) * Side;
            for (int row = 0; row < Side; row++, at += Pitch)
            {
                Span<uint> pixels = tile.Slice(at, Side);
                if (vectors) PixelColour.SixteenByVector(ref components[0][at], ref cb[at], ref cr[at], ref pixels[0]);
                else PixelColour.OneByOne(components[0].AsSpan(at, Side), cb.AsSpan(at, Side), cr.AsSpan(at, Side), pixels);
            }
        }
    }
}
