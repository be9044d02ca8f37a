using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>
/// Compares one row of eight neighbouring blocks (64 pixels, 256 bytes) of two pictures. The paths differ in speed only; which one
/// runs is decided where they are named as a type argument, and tests run them all.
/// </summary>
internal interface IBlockComparison
{
    /// <summary>Bytes read at both references.</summary>
    const int Bytes = 8 * BlockMap.Side * 4;

    /// <summary>One bit for each block whose row differs; the first block is the lowest bit.</summary>
    static abstract int Differing(ref byte before, ref byte after);
}

/// <summary>Two blocks' rows a vector.</summary>
internal readonly struct BlockComparison512 : IBlockComparison
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Differing(ref byte before, ref byte after)
    {
        uint words = Words(ref before, ref after, 0) | Words(ref before, ref after, 64) << 8
            | Words(ref before, ref after, 128) << 16 | Words(ref before, ref after, 192) << 24;
        if (words == 0) return 0;
        // Four 64-bit words are one block: any of a nibble's bits becomes its lowest, then the nibbles close up.
        words |= words >> 1;
        words = (words | words >> 2) & 0x11111111;
        words = (words | words >> 3) & 0x03030303;
        words = (words | words >> 6) & 0x000F000F;
        return (int)((words | words >> 12) & 0xFF);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Words(ref byte before, ref byte after, nuint offset) => (uint)~Vector512.Equals(
        Vector512.LoadUnsafe(ref before, offset).AsUInt64(), Vector512.LoadUnsafe(ref after, offset).AsUInt64()).ExtractMostSignificantBits() & 0xFF;
}

/// <summary>One block's row a vector.</summary>
internal readonly struct BlockComparison256 : IBlockComparison
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Differing(ref byte before, ref byte after)
    {
        Vector256<byte> d0 = Difference(ref before, ref after, 0), d1 = Difference(ref before, ref after, 32);
        Vector256<byte> d2 = Difference(ref before, ref after, 64), d3 = Difference(ref before, ref after, 96);
        Vector256<byte> d4 = Difference(ref before, ref after, 128), d5 = Difference(ref before, ref after, 160);
        Vector256<byte> d6 = Difference(ref before, ref after, 192), d7 = Difference(ref before, ref after, 224);
        if ((d0 | d1 | d2 | d3 | d4 | d5 | d6 | d7) == Vector256<byte>.Zero) return 0;
        return Bit(d0) | Bit(d1) << 1 | Bit(d2) << 2 | Bit(d3) << 3 | Bit(d4) << 4 | Bit(d5) << 5 | Bit(d6) << 6 | Bit(d7) << 7;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Difference(ref byte before, ref byte after, nuint offset) =>
        Vector256.LoadUnsafe(ref before, offset) ^ Vector256.LoadUnsafe(ref after, offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Bit(Vector256<byte> difference) => difference == Vector256<byte>.Zero ? 0 : 1;
}

/// <summary>Half a block's row a vector.</summary>
internal readonly struct BlockComparison128 : IBlockComparison
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Differing(ref byte before, ref byte after)
    {
        int differing = 0;
        for (int block = 0; block < 8; block++)
        {
            nuint offset = (nuint)(block * BlockMap.Side * 4);
            Vector128<byte> difference = (Vector128.LoadUnsafe(ref before, offset) ^ Vector128.LoadUnsafe(ref after, offset))
                | (Vector128.LoadUnsafe(ref before, offset + 16) ^ Vector128.LoadUnsafe(ref after, offset + 16));
            if (difference != Vector128<byte>.Zero) differing |= 1 << block;
        }

        return differing;
    }
}

/// <summary>Words of 64 bits; also what the others are tested against.</summary>
internal readonly struct BlockComparisonScalar : IBlockComparison
{
    public static int Differing(ref byte before, ref byte after)
    {
        int differing = 0;
        for (int word = 0; word < IBlockComparison.Bytes / 8; word++)
        {
            nuint offset = (nuint)(word * 8);
            if (Unsafe.ReadUnaligned<ulong>(ref Unsafe.AddByteOffset(ref before, offset)) != Unsafe.ReadUnaligned<ulong>(ref Unsafe.AddByteOffset(ref after, offset)))
                differing |= 1 << (word / 4);
        }

        return differing;
    }
}
