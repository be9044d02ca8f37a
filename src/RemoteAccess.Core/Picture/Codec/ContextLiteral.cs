using System.Numerics;

namespace RemoteAccess.Picture;

/// <summary>Codes a colour as its difference from the neighbours' median: green, then red and blue less the difference in green.</summary>
internal static class ContextLiteral
{
    public static uint Code<TBits>(ref ContextMixer<TBits> mixer, uint value, in ContextNeighbours around, uint flatness)
        where TBits : struct, IContextBits
    {
        uint median = ContextGradient.Median(around.West, around.North, around.NorthWest);
        uint slope = ContextGradient.Class((ContextGradient.Difference(around.West, around.NorthWest) + ContextGradient.Difference(around.North, around.NorthWest)) / 2) * 8 + (flatness & 7);
        uint medianGreen = (median >> 8) & 255, westGreen = (around.West >> 8) & 255, northGreen = (around.North >> 8) & 255;

        uint green = Residual(ref mixer, 0, (value >> 8) - medianGreen, slope, westGreen * 256 + northGreen);
        uint byGreen = ContextColours.Hash(green, slope);
        uint red = Residual(ref mixer, 1, (value >> 16) - (median >> 16) - green, slope, byGreen);
        uint blue = Residual(ref mixer, 2, value - median - green, slope, byGreen);
        return (((median >> 16) + red + green & 255) << 16) | ((medianGreen + green & 255) << 8) | (median + blue + green & 255);
    }

    /// <summary>A difference modulo 256, folded so that small ones of both signs come first: exponent in unary, then the rest.</summary>
    private static uint Residual<TBits>(ref ContextMixer<TBits> mixer, uint channel, uint difference, uint context1, uint context2)
        where TBits : struct, IContextBits
    {
        int signed = (sbyte)difference;
        uint folded = (uint)(signed < 0 ? -2 * signed - 1 : 2 * signed);
        uint first = ContextColours.Hash(51 + channel, context1), second = ContextColours.Hash(70 + channel, context2);
        int sets = ContextModel.LiteralSets + (int)channel * 16;

        int wanted = BitOperations.Log2(folded + 1);
        int exponent = 0;
        while (exponent < 8)
        {
            if (Code(ref mixer, sets + exponent, (uint)exponent, first, second, wanted > exponent ? 1 : 0) == 0) break;
            exponent++;
        }

        uint remainder = folded + 1;
        uint node = 1;
        for (int i = exponent - 1; i >= 0; i--)
        {
            node = node * 2 + (uint)Code(ref mixer, sets + 8 + exponent - 1 - i, 16 + (uint)exponent * 256 + node, first, second, (int)(remainder >> i) & 1);
        }

        folded = (node - 1) & 255;
        return (uint)((folded & 1) != 0 ? -(int)(folded + 1) / 2 : (int)folded / 2) & 255;
    }

    private static int Code<TBits>(ref ContextMixer<TBits> mixer, int set, uint node, uint first, uint second, int bit)
        where TBits : struct, IContextBits
    {
        int cell0 = mixer.Find(ContextModel.LiteralHash, ContextModel.LiteralHashBits, first, node);
        int cell1 = mixer.Find(ContextModel.LiteralHash, ContextModel.LiteralHashBits, second, node);
        return mixer.Code(set, cell0, cell1, bit);
    }
}
