using System.Numerics;
using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>Compares every damaged block with where each vector says it came from; the vector that explained the block to the left is tried first.</summary>
internal static class MotionMark
{
    private const int LastBlock = 0x80;

    /// <returns>The number of blocks marked.</returns>
    public static int Mark(ScreenFrame previous, ScreenFrame current, BlockMap damage, ReadOnlySpan<MotionVector> vectors, BlockClasses classes)
    {
        if (Vector512.IsHardwareAccelerated) return Mark<BlockComparison512>(previous, current, damage, vectors, classes);
        if (Vector256.IsHardwareAccelerated) return Mark<BlockComparison256>(previous, current, damage, vectors, classes);
        if (Vector128.IsHardwareAccelerated) return Mark<BlockComparison128>(previous, current, damage, vectors, classes);
        return Mark<BlockComparisonScalar>(previous, current, damage, vectors, classes);
    }

    /// <summary>The same, on a named path.</summary>
    public static int Mark<TComparison>(ScreenFrame previous, ScreenFrame current, BlockMap damage, ReadOnlySpan<MotionVector> vectors, BlockClasses classes)
        where TComparison : struct, IBlockComparison
    {
        if (previous.Size != current.Size || damage.Size != current.Size || classes.Size != current.Size)
            throw new ArgumentException("Pictures, map and classes differ in size.", nameof(classes));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(vectors.Length, MotionSearch.MaxVectors, nameof(vectors));
        int marks = 0;
        if (vectors.IsEmpty) return marks;
        var pair = new FramePair(previous, current);
        for (int row = 0; row < damage.Rows; row++) marks += MarkRow<TComparison>(pair, damage, row, vectors, classes.Row(row));
        return marks;
    }

    /// <summary>
    /// Whether the vectors explain at least <paramref name="least"/> damaged blocks of every <paramref name="step"/>th row of blocks; looks no further than
    /// that takes, and marks nothing.
    /// </summary>
    public static bool Explains(ScreenFrame previous, ScreenFrame current, BlockMap damage, ReadOnlySpan<MotionVector> vectors, int step, int least)
    {
        if (Vector512.IsHardwareAccelerated) return Explains<BlockComparison512>(previous, current, damage, vectors, step, least);
        if (Vector256.IsHardwareAccelerated) return Explains<BlockComparison256>(previous, current, damage, vectors, step, least);
        if (Vector128.IsHardwareAccelerated) return Explains<BlockComparison128>(previous, current, damage, vectors, step, least);
        return Explains<BlockComparisonScalar>(previous, current, damage, vectors, step, least);
    }

    /// <summary>The same, on a named path.</summary>
    public static bool Explains<TComparison>(ScreenFrame previous, ScreenFrame current, BlockMap damage, ReadOnlySpan<MotionVector> vectors, int step, int least)
        where TComparison : struct, IBlockComparison
    {
        var pair = new FramePair(previous, current);
        int explained = 0, left = Damaged(damage, step);
        for (int row = 0; row < damage.Rows && explained < least && explained + left >= least; row += step)
        {
            left -= damage.Count(row, 1);
            explained += MarkRow<TComparison>(pair, damage, row, vectors, []);
        }

        return explained >= least;
    }

    /// <summary>Damaged blocks of every <paramref name="step"/>th row of blocks.</summary>
    public static int Damaged(BlockMap damage, int step)
    {
        int damaged = 0;
        for (int row = 0; row < damage.Rows; row += step) damaged += damage.Count(row, 1);
        return damaged;
    }

    /// <summary>Without <paramref name="marked"/>, only counts.</summary>
    private static int MarkRow<TComparison>(in FramePair pair, BlockMap damage, int row, ReadOnlySpan<MotionVector> vectors, Span<BlockClass> marked)
        where TComparison : struct, IBlockComparison
    {
        ReadOnlySpan<byte> packed = damage.Row(row);
        int left = 0, marks = 0;
        if (!packed.ContainsAnyExcept((byte)0)) return marks;
        // By the first vector nearly everything moved, if anything did.
        Span<byte> movedByFirst = stackalloc byte[packed.Length];
        packed.CopyTo(movedByFirst);
        pair.Moved<TComparison>(vectors[0], row, movedByFirst);
        for (int group = 0; group < packed.Length; group++)
        {
            int open = packed[group];
            for (int trial = 0; open != 0 && trial < vectors.Length; trial++)
            {
                // The left one first, then the others in their order.
                int index = trial == 0 ? left : trial <= left ? trial - 1 : trial;
                int moved = index == 0 ? movedByFirst[group] & open : pair.Moved<TComparison>(vectors[index], group, row, open);
                if (moved == 0) continue;
                marks += BitOperations.PopCount((uint)moved);
                open &= ~moved;
                if ((moved & LastBlock) != 0) left = index;
                if (marked.IsEmpty) continue;
                for (; moved != 0; moved &= moved - 1) marked[group * 8 + BitOperations.TrailingZeroCount(moved)] = BlockClass.Copy0 + (byte)index;
            }
        }

        return marks;
    }
}
