using System.Runtime.CompilerServices;

namespace RemoteAccess.Picture;

/// <summary>One way of going through the pixels serves both directions: an encoder codes the bit it is given, a decoder returns the one it reads.</summary>
internal interface IContextBits
{
    static abstract bool Decodes { get; }

    /// <summary>A bit that is 0 with a probability of <paramref name="zero"/> / 2^16.</summary>
    int Code(uint zero, int bit);
}

internal readonly struct EncodedBits(RangeEncoder coder) : IContextBits
{
    public static bool Decodes => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Code(uint zero, int bit)
    {
        coder.Encode(zero, bit);
        return bit;
    }
}

internal readonly struct DecodedBits(RangeDecoder coder) : IContextBits
{
    public static bool Decodes => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Code(uint zero, int bit) => coder.Decode(zero);
}
