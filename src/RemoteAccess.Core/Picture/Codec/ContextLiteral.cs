using System.Numerics;

namespace RemoteAccess.Picture;

/// <summary>Codes a colour as its difference from the neighbours' median: green, then red and blue less the difference in green.</summary>
internal static class ContextLiteral
{
    public static uint Code<TBits>(in ContextCells<TBits> cells, uint value, in ContextNeighbours around)
        where TBits : struct, IContextBits
    {
        int flatness = ContextGradient.Flatness(around);
        uint median = ContextGradient.Median(around.West, around.North, around.NorthWest);
        uint green = Residual(cells, 0, flatness, (value >> 8) - (median >> 8));
        int size = BitOperations.Log2(Fold(green) + 1) * 8 + (flatness & 7);
        uint red = Residual(cells, 1, size, (value >> 16) - (median >> 16) - green);
        uint blue = Residual(cells, 2, size, value - median - green);
        return (((median >> 16) + red + green & 255) << 16) | (((median >> 8) + green & 255) << 8) | (median + blue + green & 255);
    }

    /// <summary>A difference modulo 256: exponent in unary, then the rest.</summary>
    private static uint Residual<TBits>(in ContextCells<TBits> cells, int channel, int context, uint difference)
        where TBits : struct, IContextBits
    {
        uint folded = Fold(difference);
        int exponents = ContextModel.LiteralExponent + (channel * 128 + context) * 16, wanted = BitOperations.Log2(folded + 1);
        int exponent = 0;
        while (exponent < 8 && cells.Code(exponents + exponent, wanted > exponent ? 1 : 0) != 0) exponent++;
        int rest = cells.CodeTree(ContextModel.LiteralRemainder + channel * 512 + (1 << exponent), exponent, (int)folded + 1 - (1 << exponent));
        folded = (uint)((1 << exponent) + rest - 1) & 255;
        return (uint)((folded & 1) != 0 ? -(int)(folded + 1) / 2 : (int)folded / 2) & 255;
    }

    /// <summary>Small differences of both signs come first: 0, -1, 1, -2 ….</summary>
    private static uint Fold(uint difference)
    {
        int signed = (sbyte)difference;
        return (uint)(signed < 0 ? -2 * signed - 1 : 2 * signed);
    }
}
