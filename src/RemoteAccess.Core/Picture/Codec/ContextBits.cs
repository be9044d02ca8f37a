using System.Runtime.CompilerServices;

namespace RemoteAccess.Picture;

/// <summary>One way of going through the pixels serves both directions: an encoder codes the bit it is given, a decoder returns the one it reads.</summary>
internal interface IContextBits
{
    static abstract bool Decodes { get; }

    /// <summary>A bit by an adaptive probability of 0 in units of 2^-16.</summary>
    int Code(ref ushort probability, int bit);

    /// <summary>A value of some bits of which nothing is known.</summary>
    int CodeDirect(int bits, int value);
}

internal readonly struct EncodedBits(RangeEncoder coder) : IContextBits
{
    public static bool Decodes => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Code(ref ushort probability, int bit)
    {
        coder.EncodeBit(ref probability, bit);
        return bit;
    }

    public int CodeDirect(int bits, int value)
    {
        coder.EncodeDirect((uint)value, bits);
        return value & ((1 << bits) - 1);
    }
}

internal readonly struct DecodedBits(RangeDecoder coder) : IContextBits
{
    public static bool Decodes => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Code(ref ushort probability, int bit) => coder.DecodeBit(ref probability);

    public int CodeDirect(int bits, int value) => (int)coder.DecodeDirect(bits);
}
