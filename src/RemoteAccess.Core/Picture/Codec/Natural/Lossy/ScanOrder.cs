using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RemoteAccess.Picture;

/// <summary>The order in which a block's 64 levels are coded: the zigzag of ITU-T T.81, figure 5.</summary>
internal static class ScanOrder
{
    /// <summary>From a place in the scan to the place where it is stored: horizontal frequency × 8 + vertical frequency.</summary>
    public static readonly byte[] Stored = Zigzag();

    /// <summary>From the place where a level is stored to its place in the scan.</summary>
    public static readonly byte[] Scanned = Inverse(Stored);

    private static readonly Vector512<short> FirstHalf = Places(0), SecondHalf = Places(32);

    /// <summary>Brings levels into scan order, at least those in <paramref name="mask"/> (bit = stored place); returns the mask by place in the scan.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Scan(ref short levels, ulong mask, ref short scanned)
    {
        if (Avx512BW.IsSupported)
        {
            Vector512<short> lower = Vector512.LoadUnsafe(ref levels), upper = Vector512.LoadUnsafe(ref levels, 32);
            Vector512<short> first = Avx512BW.PermuteVar32x16x2(lower, FirstHalf, upper), second = Avx512BW.PermuteVar32x16x2(lower, SecondHalf, upper);
            first.StoreUnsafe(ref scanned);
            second.StoreUnsafe(ref scanned, 32);
            return ~(Vector512.Equals(first, Vector512<short>.Zero).ExtractMostSignificantBits() | Vector512.Equals(second, Vector512<short>.Zero).ExtractMostSignificantBits() << 32);
        }

        return ScanOneByOne(ref levels, mask, ref scanned);
    }

    public static ulong ScanOneByOne(ref short levels, ulong mask, ref short scanned)
    {
        ref byte places = ref Scanned[0];
        ulong left = 0;
        for (; mask != 0; mask &= mask - 1)
        {
            int stored = BitOperations.TrailingZeroCount(mask);
            int place = Unsafe.Add(ref places, stored);
            Unsafe.Add(ref scanned, place) = Unsafe.Add(ref levels, stored);
            left |= 1UL << place;
        }

        return left;
    }

    private static Vector512<short> Places(int first)
    {
        Vector512<short> places = Vector512<short>.Zero;
        for (int at = 0; at < 32; at++) places = places.WithElement(at, (short)Stored[first + at]);
        return places;
    }

    private static byte[] Zigzag()
    {
        byte[] stored = new byte[64];
        int place = 0;
        for (int diagonal = 0; diagonal < 15; diagonal++)
            for (int step = Math.Max(0, diagonal - 7); step <= Math.Min(7, diagonal); step++)
            {
                // Odd diagonals run down and to the left, even ones up and to the right.
                int vertical = (diagonal & 1) != 0 ? step : diagonal - step;
                stored[place++] = (byte)((diagonal - vertical) * 8 + vertical);
            }

        return stored;
    }

    private static byte[] Inverse(byte[] order)
    {
        byte[] inverse = new byte[64];
        for (int at = 0; at < 64; at++) inverse[order[at]] = (byte)at;
        return inverse;
    }
}
