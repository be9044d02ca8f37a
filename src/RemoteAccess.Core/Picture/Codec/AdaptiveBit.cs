using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RemoteAccess.Picture;

/// <summary>
/// What is known of a bit, in 32 bits: <c>u16 probability of 0 in 2^-16 | u8 tag | u8 how many bits it has learnt from</c>, highest first. It learns fast at
/// first; a tag says whose it is where contexts share a table. docs/picture-context-coder.md, "Range coder".
/// </summary>
internal static class AdaptiveBit
{
    /// <summary>Both values are equally likely; no tag, nothing learnt.</summary>
    public const uint New = (uint)RangeEncoder.Even << 16;

    private const uint MostLearnt = 30;

    /// <summary>How far a probability goes towards the bit that came, in 2^-16, after n bits: ⌊655360 / (10 n + 16)⌋.</summary>
    private static ReadOnlySpan<ushort> Rates =>
    [
        40960, 25206, 18204, 14246, 11702, 9929, 8623, 7620, 6826, 6182, 5649, 5201, 4818, 4488, 4201, 3947,
        3723, 3523, 3343, 3181, 3034, 2899, 2776, 2664, 2560, 2463, 2374, 2291, 2214, 2141, 2073,
    ];

    public static uint Zero(uint cell) => cell >> 16;

    public static uint Learnt(uint cell) => cell & 0xFF;

    /// <summary>The probability stays above 0 and below 1: what is taken away is less than what there is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Learn(uint cell, int bit)
    {
        uint zero = cell >> 16, learnt = cell & 0xFF;
        uint rate = Unsafe.Add(ref MemoryMarshal.GetReference(Rates), (int)learnt);
        zero = bit == 0 ? zero + ((0x10000 - zero) * rate >> 16) : zero - (zero * rate >> 16);
        return zero << 16 | (cell & 0xFFFF) + (learnt < MostLearnt ? 1u : 0);
    }
}
