using System.Numerics;
using System.Runtime.InteropServices;
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
        var pair = new FramePair(previous, current);
        for (int top = 0; top < classes.Rows; top += TileGrid.BlocksPerSide)
        {
            int bottom = Math.Min(top + TileGrid.BlocksPerSide, classes.Rows);
            if (!classes.IsAnyMarked(top, bottom)) continue;
            for (int first = 0; first < classes.Columns; first += TileGrid.BlocksPerSide)
            {
                int end = Math.Min(first + TileGrid.BlocksPerSide, classes.Columns);
                int vector = MostFrequent(classes, first, end, top, bottom, vectors.Length);
                if (vector < 0) continue;
                for (int row = Math.Max(top, region.FirstRow); row < Math.Min(bottom, region.EndRow); row++)
                    Fill(pair, vectors[vector], vector, region, inexact, classes, first, end, row);
            }
        }
    }

    /// <summary>The vector most blocks of a tile are copied by; −1 when too few are, or none is skipped.</summary>
    private static int MostFrequent(BlockClasses classes, int first, int end, int top, int bottom, int vectors)
    {
        // What lies outside of the picture is of no class.
        Span<byte> blocks = stackalloc byte[TileGrid.BlocksPerSide * TileGrid.BlocksPerSide];
        blocks.Fill(byte.MaxValue);
        bool any = false;
        for (int row = top; row < bottom; row++)
        {
            ReadOnlySpan<byte> marked = MemoryMarshal.AsBytes(classes.Row(row)[first..end]);
            any |= marked.ContainsAnyExcept((byte)BlockClass.Skip);
            marked.CopyTo(blocks[((row - top) * TileGrid.BlocksPerSide)..]);
        }

        if (!any || !blocks.Contains((byte)BlockClass.Skip)) return -1;
        int best = -1, most = LeastCopies - 1;
        for (int vector = 0; vector < vectors; vector++)
        {
            int count = blocks.Count((byte)(BlockClass.Copy0 + (byte)vector));
            if (count > most) (best, most) = (vector, count);
        }

        return best;
    }

    private static void Fill(in FramePair pair, MotionVector vector, int index, PictureRegion region, InexactBlocks inexact, BlockClasses classes, int first, int end, int row)
    {
        Span<BlockClass> blocks = classes.Row(row);
        int still = 0;
        for (int column = Math.Max(first, region.FirstColumn); column < Math.Min(end, region.EndColumn); column++)
            if (blocks[column] == BlockClass.Skip && !inexact.IsInexact(column, row)) still |= 1 << (column - first);
        if (still == 0) return;
        int group = first / TileGrid.BlocksPerSide;
        int same = Vector256.IsHardwareAccelerated
            ? pair.Moved<BlockComparison256>(vector, group, row, still)
            : pair.Moved<BlockComparison128>(vector, group, row, still);
        for (; same != 0; same &= same - 1)
        {
            int column = first + BitOperations.TrailingZeroCount(same);
            if (!inexact.IsSourceInexact(classes.Size, column, row, vector)) blocks[column] = BlockClass.Copy0 + (byte)index;
        }
    }
}
