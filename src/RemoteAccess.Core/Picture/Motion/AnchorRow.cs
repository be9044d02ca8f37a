using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>
/// Where anchors may stand in a row, by its content alone: a pixel that equals the next one, which differs from the one after it, as
/// before the left edge of a letter. Flat areas and noise have few of them.
/// </summary>
internal static class AnchorRow
{
    /// <summary>Pixels looked at for an anchor: its own, and the twelve of its hash, more than one letter of common text.</summary>
    public const int Length = 13;

    /// <summary>Pixels looked at together.</summary>
    public const int Group = 64;

    /// <summary>One bit for each of the 64 pixels from <paramref name="x"/> on: an anchor may stand there; and for each whether it equals the next.</summary>
    public static ulong Candidates(ReadOnlySpan<byte> row, int x, out ulong flat)
    {
        int end = Math.Min(Group, row.Length / 4 - x - Length + 1);
        if (end == Group)
        {
            if (Vector512.IsHardwareAccelerated) return Candidates512(row, x, out flat);
            if (Vector256.IsHardwareAccelerated) return Candidates256(row, x, out flat);
            if (Vector128.IsHardwareAccelerated) return Candidates128(row, x, out flat);
        }

        return CandidatesScalar(row, x, end, out flat);
    }

    /// <summary>A hash of the twelve pixels after the anchor's own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Hash(ReadOnlySpan<byte> row, int x)
    {
        ref byte at = ref MemoryMarshal.GetReference(row.Slice((x + 1) * 4, (Length - 1) * 4));
        ulong hash = Unsafe.ReadUnaligned<ulong>(ref at) * 0x9E3779B97F4A7C15;
        hash = (hash ^ (hash >> 29) ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref at, 8))) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ (hash >> 29) ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref at, 16))) * 0x94D049BB133111EB;
        hash = (hash ^ (hash >> 29) ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref at, 24))) * 0x9E3779B97F4A7C15;
        hash = (hash ^ (hash >> 29) ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref at, 32))) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ (hash >> 29) ^ Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref at, 40))) * 0x94D049BB133111EB;
        return (uint)(hash >> 32);
    }

    internal static ulong Candidates512(ReadOnlySpan<byte> row, int x, out ulong flat)
    {
        ref byte start = ref MemoryMarshal.GetReference(row.Slice(x * 4, (Group + 2) * 4));
        ulong equal = 0;
        for (int i = 0; i < Group; i += 16)
        {
            nuint offset = (nuint)(i * 4);
            Vector512<uint> pixels = Vector512.LoadUnsafe(ref start, offset).AsUInt32(), next = Vector512.LoadUnsafe(ref start, offset + 4).AsUInt32();
            equal |= Vector512.Equals(pixels, next).ExtractMostSignificantBits() << i;
        }

        flat = equal;
        return WithEdge(ref start, equal);
    }

    internal static ulong Candidates256(ReadOnlySpan<byte> row, int x, out ulong flat)
    {
        ref byte start = ref MemoryMarshal.GetReference(row.Slice(x * 4, (Group + 2) * 4));
        ulong equal = 0;
        for (int i = 0; i < Group; i += 8)
        {
            nuint offset = (nuint)(i * 4);
            Vector256<uint> pixels = Vector256.LoadUnsafe(ref start, offset).AsUInt32(), next = Vector256.LoadUnsafe(ref start, offset + 4).AsUInt32();
            equal |= (ulong)Vector256.Equals(pixels, next).ExtractMostSignificantBits() << i;
        }

        flat = equal;
        return WithEdge(ref start, equal);
    }

    internal static ulong Candidates128(ReadOnlySpan<byte> row, int x, out ulong flat)
    {
        ref byte start = ref MemoryMarshal.GetReference(row.Slice(x * 4, (Group + 2) * 4));
        ulong equal = 0;
        for (int i = 0; i < Group; i += 4)
        {
            nuint offset = (nuint)(i * 4);
            Vector128<uint> pixels = Vector128.LoadUnsafe(ref start, offset).AsUInt32(), next = Vector128.LoadUnsafe(ref start, offset + 4).AsUInt32();
            equal |= (ulong)Vector128.Equals(pixels, next).ExtractMostSignificantBits() << i;
        }

        flat = equal;
        return WithEdge(ref start, equal);
    }

    /// <summary>Those that equal the next, which does not equal the one after it: what is known of the next pixel is its own bit, but for the last of the group.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong WithEdge(ref byte start, ulong equal)
    {
        bool goesOn = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref start, Group * 4)) == Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref start, (Group + 1) * 4));
        return equal & ~(equal >> 1 | (goesOn ? 1UL << (Group - 1) : 0));
    }

    internal static ulong CandidatesScalar(ReadOnlySpan<byte> row, int x, int count, out ulong flat)
    {
        ReadOnlySpan<uint> pixels = MemoryMarshal.Cast<byte, uint>(row)[x..];
        ulong equal = 0, on = 0;
        for (int i = 0; i < count; i++)
        {
            if (pixels[i] != pixels[i + 1]) continue;
            equal |= 1UL << i;
            if (pixels[i + 1] == pixels[i + 2]) on |= 1UL << i;
        }

        flat = equal;
        return equal & ~on;
    }
}
