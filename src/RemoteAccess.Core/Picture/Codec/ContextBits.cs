using System.Runtime.CompilerServices;

namespace RemoteAccess.Picture;

/// <summary>One way of going through the pixels serves both directions: an encoder codes the bit it is given, a decoder returns the one it reads.</summary>
internal interface IContextBits
{
    static abstract bool Decodes { get; }

    /// <summary>A bit by an adaptive cell.</summary>
    int Code(ref uint cell, int bit);

    /// <summary>A bit that is 0 with a probability in units of 2^-16.</summary>
    int Code(uint zero, int bit);

    /// <summary>A value of some bits of which nothing is known.</summary>
    int CodeDirect(int bits, int value);
}

internal readonly struct EncodedBits(RangeEncoder coder) : IContextBits
{
    public static bool Decodes => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Code(ref uint cell, int bit)
    {
        coder.EncodeBit(ref cell, bit);
        return bit;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Code(uint zero, int bit)
    {
        coder.Encode(zero, bit);
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
    public int Code(ref uint cell, int bit) => coder.DecodeBit(ref cell);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Code(uint zero, int bit) => coder.Decode(zero);

    public int CodeDirect(int bits, int value) => (int)coder.DecodeDirect(bits);
}
