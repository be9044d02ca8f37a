using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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
        for (int row = 0; row < damage.Rows; row++) marks += MarkRow<TComparison>(previous, current, damage, row, vectors, classes.Row(row));
        return marks;
    }

    /// <summary>Looks at every <paramref name="step"/>th row of blocks only, and marks nothing.</summary>
    /// <returns>How many damaged blocks of these rows the vectors explain, and how many there are.</returns>
    public static (int Explained, int Damaged) Sample(ScreenFrame previous, ScreenFrame current, BlockMap damage, ReadOnlySpan<MotionVector> vectors, int step)
    {
        if (Vector512.IsHardwareAccelerated) return Sample<BlockComparison512>(previous, current, damage, vectors, step);
        if (Vector256.IsHardwareAccelerated) return Sample<BlockComparison256>(previous, current, damage, vectors, step);
        if (Vector128.IsHardwareAccelerated) return Sample<BlockComparison128>(previous, current, damage, vectors, step);
        return Sample<BlockComparisonScalar>(previous, current, damage, vectors, step);
    }

    private static (int Explained, int Damaged) Sample<TComparison>(ScreenFrame previous, ScreenFrame current, BlockMap damage, ReadOnlySpan<MotionVector> vectors, int step)
        where TComparison : struct, IBlockComparison
    {
        int explained = 0, damaged = 0;
        for (int row = 0; row < damage.Rows; row += step)
        {
            damaged += damage.Count(row, 1);
            explained += MarkRow<TComparison>(previous, current, damage, row, vectors, []);
        }

        return (explained, damaged);
    }

    /// <summary>Without <paramref name="marked"/>, only counts.</summary>
    private static int MarkRow<TComparison>(ScreenFrame previous, ScreenFrame current, BlockMap damage, int row, ReadOnlySpan<MotionVector> vectors, Span<BlockClass> marked)
        where TComparison : struct, IBlockComparison
    {
        ReadOnlySpan<byte> packed = damage.Row(row);
        int left = 0, marks = 0;
        for (int group = 0; group < packed.Length; group++)
        {
            int open = packed[group];
            for (int trial = 0; open != 0 && trial < vectors.Length; trial++)
            {
                // The left one first, then the others in their order.
                int index = trial == 0 ? left : trial <= left ? trial - 1 : trial;
                int moved = Moved<TComparison>(previous, current, vectors[index], group, row, open);
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

    /// <summary>Those of the open blocks of a group that equal what lies at the vector in the previous frame.</summary>
    public static int Moved<TComparison>(ScreenFrame previous, ScreenFrame current, MotionVector vector, int group, int row, int open)
        where TComparison : struct, IBlockComparison
    {
        int x = group * 8 * BlockMap.Side, y = row * BlockMap.Side;
        int height = Math.Min(BlockMap.Side, current.Size.Height - y);
        int fromX = x + vector.Dx, fromY = y + vector.Dy;
        if (fromY < 0 || fromY + height > current.Size.Height) return 0;
        int width = IBlockComparison.Bytes / 4;
        if (fromX < 0 || Math.Max(x, fromX) + width > current.Size.Width) return MovedAtEdge(previous, current, vector, x, y, height, open);

        ref byte before = ref MemoryMarshal.GetReference(previous.Pixels.Slice(fromY * previous.Stride + fromX * 4, (height - 1) * previous.Stride + IBlockComparison.Bytes));
        ref byte after = ref MemoryMarshal.GetReference(current.Pixels.Slice(y * current.Stride + x * 4, (height - 1) * current.Stride + IBlockComparison.Bytes));
        for (int i = 0; i < height && open != 0; i++)
        {
            open &= ~TComparison.Differing(ref before, ref after);
            before = ref Unsafe.Add(ref before, previous.Stride);
            after = ref Unsafe.Add(ref after, current.Stride);
        }

        return open;
    }

    /// <summary>Block by block, where the group or its source reaches over the picture's side.</summary>
    private static int MovedAtEdge(ScreenFrame previous, ScreenFrame current, MotionVector vector, int x, int y, int height, int open)
    {
        int moved = 0;
        for (int rest = open; rest != 0; rest &= rest - 1)
        {
            int blockX = x + BitOperations.TrailingZeroCount(rest) * BlockMap.Side;
            int width = Math.Min(BlockMap.Side, current.Size.Width - blockX);
            int fromX = blockX + vector.Dx;
            if (fromX < 0 || fromX + width > current.Size.Width) continue;
            bool same = true;
            for (int i = 0; i < height && same; i++)
            {
                same = current.Pixels.Slice((y + i) * current.Stride + blockX * 4, width * 4)
                    .SequenceEqual(previous.Pixels.Slice((y + vector.Dy + i) * previous.Stride + fromX * 4, width * 4));
            }

            if (same) moved |= rest & -rest;
        }

        return moved;
    }
}
