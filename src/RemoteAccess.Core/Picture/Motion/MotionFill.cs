using System.Numerics;
using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>
/// Paper that scrolls over paper stands still to the last pixel, in holes between what moved. Where such blocks equal what lies at the vector that moved most
/// of their tile they are copied with it: a tile of one kind takes a few bits of the map, one with holes a bit or two for each block.
/// </summary>
internal static class MotionFill
{
    /// <summary>A vector moved at least this many blocks of a tile before others follow it.</summary>
    private const int LeastCopies = 4;

    /// <summary>
    /// Makes skipped blocks copies, those of the region only, and none that the viewer has inexactly or would have so afterwards. To be called when all classes
    /// are known, since a copy counts there as a change.
    /// </summary>
    /// <param name="previous">The frame sent before.</param>
    /// <param name="current">The frame to be sent, of the same size.</param>
    /// <param name="vectors">What copies refer to.</param>
    /// <param name="region">What the viewer asked for.</param>
    /// <param name="inexact">What the viewer has inexactly of the frame before.</param>
    /// <param name="classes">Changed in place.</param>
    public static void Apply(ScreenFrame previous, ScreenFrame current, ReadOnlySpan<MotionVector> vectors, PictureRegion region, InexactBlocks inexact, BlockClasses classes)
    {
        if (vectors.IsEmpty) return;
        for (int top = 0; top < classes.Rows; top += TileGrid.BlocksPerSide)
        {
            int bottom = Math.Min(top + TileGrid.BlocksPerSide, classes.Rows);
            for (int first = 0; first < classes.Columns; first += TileGrid.BlocksPerSide)
            {
                int end = Math.Min(first + TileGrid.BlocksPerSide, classes.Columns);
                int vector = MostFrequent(classes, first, end, top, bottom);
                if (vector < 0) continue;
                for (int row = Math.Max(top, region.FirstRow); row < Math.Min(bottom, region.EndRow); row++)
                    Fill(previous, current, vectors[vector], vector, region, inexact, classes, first, end, row);
            }
        }
    }

    /// <summary>The vector most blocks of a tile are copied by; −1 when too few are, or none is skipped.</summary>
    private static int MostFrequent(BlockClasses classes, int first, int end, int top, int bottom)
    {
        Span<int> counts = stackalloc int[(int)BlockClass.Cached + 1];
        counts.Clear();
        for (int row = top; row < bottom; row++)
            foreach (BlockClass kind in classes.Row(row)[first..end]) counts[(int)kind]++;
        if (counts[(int)BlockClass.Skip] == 0) return -1;
        int best = (int)BlockClass.Copy0;
        for (int kind = best + 1; kind <= (int)BlockClass.Copy3; kind++)
            if (counts[kind] > counts[best]) best = kind;
        return counts[best] < LeastCopies ? -1 : best - (int)BlockClass.Copy0;
    }

    private static void Fill(ScreenFrame previous, ScreenFrame current, MotionVector vector, int index, PictureRegion region, InexactBlocks inexact, BlockClasses classes, int first, int end, int row)
    {
        Span<BlockClass> blocks = classes.Row(row);
        int still = 0;
        for (int column = Math.Max(first, region.FirstColumn); column < Math.Min(end, region.EndColumn); column++)
            if (blocks[column] == BlockClass.Skip && !inexact.IsInexact(column, row)) still |= 1 << (column - first);
        if (still == 0) return;
        int group = first / TileGrid.BlocksPerSide;
        int same = Vector256.IsHardwareAccelerated
            ? MotionMark.Moved<BlockComparison256>(previous, current, vector, group, row, still)
            : MotionMark.Moved<BlockComparison128>(previous, current, vector, group, row, still);
        for (; same != 0; same &= same - 1)
        {
            int column = first + BitOperations.TrailingZeroCount(same);
            if (!inexact.IsSourceInexact(classes.Size, column, row, vector)) blocks[column] = BlockClass.Copy0 + (byte)index;
        }
    }
}
