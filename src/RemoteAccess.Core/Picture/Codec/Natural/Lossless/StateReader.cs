using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RemoteAccess.Picture;

/// <summary>Reads the symbols of a tile and makes pixels of them.</summary>
internal ref struct StateReader
{
    private BitReader bits;
    private int state;

    public StateReader(BitReader source)
    {
        bits = source;
        state = (int)bits.Read(LosslessStates.Bits);
    }

    /// <summary>Reads pixels of the current row from one column up to another.</summary>
    public void Read(LosslessRows rows, int from, int to, Span<uint> pixels)
    {
        for (int x = from; x < to; x++)
        {
            int green = Next(rows, 0, LosslessRows.Start + x);
            int red = Next(rows, 1, LosslessRows.Start + x) + green - 128;
            int blue = Next(rows, 2, LosslessRows.Start + x) + green - 128;
            pixels[x] = (uint)((red & 255) << 16 | green << 8 | (blue & 255));
        }
    }

    /// <summary>Behind the last symbol; the writer began with state 0.</summary>
    public readonly BitReader Finish() => state == 0 ? bits : throw BitReader.Malformed("last state");

    private int Next(LosslessRows rows, int component, int at)
    {
        int context = LosslessContext.OfEnergy[LosslessSymbols.Energy(rows, component, at) >> 2] + (component > 0 ? LosslessContext.Count : 0);
        bits.Fill();
        int entry = LosslessStates.Reading[context << LosslessStates.Bits | state];
        int count = entry & 15;
        state = (entry >> 9) + (count == 0 ? 0 : (int)bits.Peek(count));
        bits.Skip(count);
        int folded = ResidualToken.Folded[entry >> 4 & 31];
        int following = folded & 15;
        folded >>= 4;
        if (following != 0)
        {
            folded += (int)bits.Peek(following);
            bits.Skip(following);
        }

        int residual = (folded >> 1) ^ -(folded & 1);
        ushort[] current = rows.Current[component], above = rows.Above[component];
        int value = (LosslessSymbols.Median(current[at - 1], above[at], above[at - 1]) + residual) & 255;
        current[at] = (ushort)value;
        rows.Magnitudes[component][at] = (ushort)Math.Abs(residual);
        return value;
    }
}
