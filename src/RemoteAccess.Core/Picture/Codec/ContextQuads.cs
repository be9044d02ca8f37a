using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>
/// Four pixels at once, by what stands around them: letters seen before. A slot is four colours of 24 bits; above them stand its tag, its
/// confidence, its byte of history, and nothing.
/// </summary>
internal ref struct ContextQuads(ContextModel model)
{
    public const int Count = 4;

    private readonly ref uint slots = ref MemoryMarshal.GetArrayDataReference(model.Quads);
    private Waiting waiting;
    private int first;
    private int end;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ref uint Slot(uint hash) => ref Unsafe.Add(ref slots, (int)(hash >> (32 - ContextModel.QuadBits)) * Count);

    /// <summary>How sure a slot is; 0 where it is another context's or empty.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Confidence(ref uint slot, uint hash) => (slot ^ hash << 24) >> 24 == 0 ? Unsafe.Add(ref slot, 1) >> 24 : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<uint> Colours(ref uint slot) => Vector128.LoadUnsafe(ref slot) & Vector128.Create(0xFFFFFFu);

    /// <summary>How many of the first are equal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CountEqual(Vector128<uint> pixels, Vector128<uint> others) => BitOperations.TrailingZeroCount(Vector128.Equals(pixels, others).ExtractMostSignificantBits() ^ 31);

    /// <summary>Notes that the slot is to learn the four pixels from <paramref name="at"/> on once they are coded.</summary>
    public void Await(int at, uint hash) => waiting[end++ & 3] = (at, hash);

    /// <summary>Learns what was waited for and is coded, where <paramref name="coded"/> is the first pixel that is not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Learn(ref uint row, int coded)
    {
        while (first != end && waiting[first & 3].At + Count <= coded) LearnFirst(ref row);
    }

    private void LearnFirst(ref uint row)
    {
        (int at, uint hash) = waiting[first++ & 3];
        ref uint slot = ref Slot(hash);
        Vector128<uint> pixels = Vector128.LoadUnsafe(ref Unsafe.Add(ref row, at));
        uint held = Unsafe.Add(ref slot, 1) >> 24, confidence = Confidence(ref slot, hash);
        if (confidence > 0 && Colours(ref slot) == pixels)
        {
            if (held < ContextModel.MaxConfidence) Unsafe.Add(ref slot, 1) += 1 << 24;
        }
        else if (ContextModel.Keeps(held, confidence, out uint left))
        {
            Unsafe.Add(ref slot, 1) = (Unsafe.Add(ref slot, 1) & 0xFFFFFF) | left << 24;
        }
        else
        {
            uint sum = Vector128.Sum(pixels * Vector128.Create(0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F));
            (pixels | Vector128.Create(hash << 24, 1 << 24, sum & 0xFF000000, 0)).StoreUnsafe(ref slot);
        }
    }

    [InlineArray(Count)]
    private struct Waiting
    {
        private (int At, uint Hash) first;
    }
}
