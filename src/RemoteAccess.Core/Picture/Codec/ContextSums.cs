using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>
/// What the slots of a row's pixels are found by, eight pixels at once: the whole hashes for an encoder, which knows the row; for a decoder the sums
/// over the rows above, to which it adds what stands to the left. docs/picture-context-coder.md, "Pixel". A buffer that is used again for each row.
/// </summary>
internal sealed class ContextSums
{
    private const int Count = 8;

    private uint[] narrow = [];
    private uint[] wide = [];

    public ref uint Narrow => ref narrow[0];

    public ref uint Wide => ref wide[0];

    public void Reserve(int length)
    {
        if (narrow.Length < length) (narrow, wide) = (new uint[length], new uint[length]);
    }

    /// <summary>For pixels start to end of rows that begin at the three references; up to ten pixels after the end are read too.</summary>
    public void Fill(ref uint northNorth, ref uint north, ref uint row, int start, int end, bool withWest)
    {
        for (int at = start; at < end; at += Count)
        {
            ref uint n = ref Unsafe.Add(ref north, at);
            ref uint nn = ref Unsafe.Add(ref northNorth, at);
            ref uint here = ref Unsafe.Add(ref row, at);
            Vector256<uint> sum = Term(ref n, 0, 0x85EBCA77) + Term(ref n, -1, 0xC2B2AE3D) + Term(ref n, 1, 0x27D4EB2F) + Term(ref nn, 0, 0xD3A2646D);
            if (withWest) sum += Term(ref here, -1, 0x9E3779B1) + Term(ref here, -2, 0x165667B1);
            (withWest ? Finish(sum) : sum).StoreUnsafe(ref narrow[at]);
            sum += Term(ref n, 2, 0xFD7046C5) + Term(ref n, -2, 0xB55A4F09) + Term(ref nn, 1, 0x2C1B3C6D) + Term(ref nn, -1, 0x297A2D39)
                + Term(ref nn, 2, 0x7FEB352D) + Term(ref nn, -2, 0x846CA68B) + Term(ref n, 3, 0xB5297A4D) + Term(ref n, -3, 0x1B56C4E9);
            if (withWest) sum += Term(ref here, -3, 0x68E31DA5);
            (withWest ? Finish(sum) : sum).StoreUnsafe(ref wide[at]);
        }
    }

    /// <summary>The hash of a decoder's narrow sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint NarrowHash(uint sum, uint west, uint westWest) => Finish(sum + west * 0x9E3779B1 + westWest * 0x165667B1);

    /// <summary>The hash of its wide one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint WideHash(uint sum, uint west, uint westWest, uint westWestWest) =>
        Finish(sum + west * 0x9E3779B1 + westWest * 0x165667B1 + westWestWest * 0x68E31DA5);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Term(ref uint pixel, int offset, uint factor) => Vector256.LoadUnsafe(ref Unsafe.Add(ref pixel, offset)) * factor;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Finish(uint sum) => ContextColours.Hash(sum, sum >> 15);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Finish(Vector256<uint> sum)
    {
        Vector256<uint> x = (sum ^ (sum >> 15)) * 0x9E3779B1;
        return x ^ (x >> 15);
    }
}
