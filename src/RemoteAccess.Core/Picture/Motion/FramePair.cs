using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RemoteAccess.Picture;

/// <summary>Two pictures of the same size, laid open once for the many blocks that are compared at a vector: asking a frame for its rows costs more than a row does.</summary>
internal readonly ref struct FramePair
{
    private readonly ReadOnlySpan<byte> before;
    private readonly ReadOnlySpan<byte> after;
    private readonly int beforeStride;
    private readonly int afterStride;
    private readonly int width;
    private readonly int height;

    public FramePair(ScreenFrame previous, ScreenFrame current)
    {
        before = previous.Pixels;
        after = current.Pixels;
        (beforeStride, afterStride) = (previous.Stride, current.Stride);
        (width, height) = (current.Size.Width, current.Size.Height);
    }

    /// <summary>Those of the open blocks of a group that equal what lies at the vector in the previous frame.</summary>
    public int Moved<TComparison>(MotionVector vector, int group, int row, int open)
        where TComparison : struct, IBlockComparison
    {
        int x = group * 8 * BlockMap.Side, y = row * BlockMap.Side;
        int rows = Math.Min(BlockMap.Side, height - y);
        int fromX = x + vector.Dx, fromY = y + vector.Dy;
        if (fromY < 0 || fromY + rows > height) return 0;
        if (fromX < 0 || Math.Max(x, fromX) + IBlockComparison.Bytes / 4 > width) return MovedAtEdge(vector, x, y, rows, open);

        ref byte then = ref MemoryMarshal.GetReference(before.Slice(fromY * beforeStride + fromX * 4, (rows - 1) * beforeStride + IBlockComparison.Bytes));
        ref byte now = ref MemoryMarshal.GetReference(after.Slice(y * afterStride + x * 4, (rows - 1) * afterStride + IBlockComparison.Bytes));
        for (int i = 0; i < rows && open != 0; i++)
        {
            open &= ~TComparison.Differing(ref then, ref now);
            then = ref Unsafe.Add(ref then, beforeStride);
            now = ref Unsafe.Add(ref now, afterStride);
        }

        return open;
    }

    /// <summary>The same for all groups of a row of blocks, a row of pixels after the other, as they lie in memory; <paramref name="open"/> keeps what moved.</summary>
    public void Moved<TComparison>(MotionVector vector, int row, Span<byte> open)
        where TComparison : struct, IBlockComparison
    {
        int y = row * BlockMap.Side, rows = Math.Min(BlockMap.Side, height - y), fromY = y + vector.Dy;
        if (fromY < 0 || fromY + rows > height)
        {
            open.Clear();
            return;
        }

        // Groups of which nothing reaches over a side.
        const int Pixels = IBlockComparison.Bytes / 4;
        int first = (Math.Max(0, -vector.Dx) + Pixels - 1) / Pixels, end = (width - Math.Max(0, (int)vector.Dx)) / Pixels;
        for (int group = 0; group < open.Length; group++)
            if ((group < first || group >= end) && open[group] != 0) open[group] = (byte)MovedAtEdge(vector, group * Pixels, y, rows, open[group]);
        if (first >= end) return;
        for (int i = 0; i < rows; i++)
        {
            int bytes = (end - first) * IBlockComparison.Bytes, x = first * Pixels;
            ref byte then = ref MemoryMarshal.GetReference(before.Slice((fromY + i) * beforeStride + (x + vector.Dx) * 4, bytes));
            ref byte now = ref MemoryMarshal.GetReference(after.Slice((y + i) * afterStride + x * 4, bytes));
            for (int group = first; group < end; group++)
            {
                ref byte left = ref open[group];
                if (left != 0) left &= (byte)~TComparison.Differing(ref then, ref now);
                then = ref Unsafe.Add(ref then, IBlockComparison.Bytes);
                now = ref Unsafe.Add(ref now, IBlockComparison.Bytes);
            }
        }
    }

    /// <summary>Block by block, where the group or its source reaches over the picture's side.</summary>
    private int MovedAtEdge(MotionVector vector, int x, int y, int rows, int open)
    {
        int moved = 0;
        for (int rest = open; rest != 0; rest &= rest - 1)
        {
            int blockX = x + BitOperations.TrailingZeroCount(rest) * BlockMap.Side;
            int across = Math.Min(BlockMap.Side, width - blockX);
            int fromX = blockX + vector.Dx;
            if (fromX < 0 || fromX + across > width) continue;
            bool same = true;
            for (int i = 0; i < rows && same; i++)
                same = after.Slice((y + i) * afterStride + blockX * 4, across * 4).SequenceEqual(before.Slice((y + vector.Dy + i) * beforeStride + fromX * 4, across * 4));
            if (same) moved |= rest & -rest;
        }

        return moved;
    }
}
