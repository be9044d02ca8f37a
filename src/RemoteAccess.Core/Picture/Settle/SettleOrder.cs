namespace RemoteAccess.Picture;

/// <summary>
/// Which tiles are due to be sent again losslessly: those with an inexact block that have not changed for a quarter of a second, nearest to
/// the cursor first. Not thread-safe.
/// </summary>
internal sealed class SettleOrder
{
    /// <summary>A tile this still is settled.</summary>
    public const long StillMicroseconds = 250_000;

    private const double FirstBytesPerBlock = 64 * 1.5;

    private long[] changedAt = [];
    private bool[] chosen = [];
    private int columns;
    private int rows;
    private double bytesPerBlock = FirstBytesPerBlock;

    public void Reset(PixelSize size)
    {
        columns = TileGrid.Across(size.Width);
        rows = TileGrid.Across(size.Height);
        int needed = columns * rows;
        if (changedAt.Length < needed) (changedAt, chosen) = (new long[needed], new bool[needed]);
        Array.Clear(changedAt);
    }

    /// <summary>The tile changed.</summary>
    public void Note(int tile, long microseconds) => changedAt[tile] = microseconds;

    /// <summary>How long until the first tile is due, 0 when one is; null when everything is exact.</summary>
    public long? DueIn(InexactBlocks inexact, PictureRegion region, long microseconds)
    {
        if (inexact.Count == 0) return null;
        long? first = null;
        for (int tile = 0; tile < columns * rows; tile++)
        {
            if (first <= 0) break;
            long due = Math.Max(0, changedAt[tile] + StillMicroseconds - microseconds);
            if ((first is null || due < first) && CountInexact(tile, inexact, region) > 0) first = due;
        }

        return first;
    }

    /// <summary>
    /// Marks inexact blocks of due tiles to be sent losslessly, nearest to the cursor first, until about <paramref name="stepBytes"/> are
    /// planned; returns the blocks marked.
    /// </summary>
    public int Choose(InexactBlocks inexact, PictureRegion region, CursorState cursor, long microseconds, int stepBytes, BlockClasses classes, TileMap tiles)
    {
        chosen.AsSpan(0, columns * rows).Clear();
        int most = Math.Max(1, (int)(stepBytes / bytesPerBlock)), blocks = 0;
        while (blocks < most && Nearest(inexact, region, cursor, microseconds) is { } tile)
        {
            chosen[tile] = true;
            tiles.Kinds[tile] = TileKind.NaturalLossless;
            blocks += Mark(tile, inexact, region, classes, most - blocks);
        }

        return blocks;
    }

    /// <summary>What the blocks chosen last took.</summary>
    public void Learn(int blocks, int bytes)
    {
        if (blocks > 0) bytesPerBlock += Math.Clamp((double)bytes / blocks, 1, 256) / 4 - bytesPerBlock / 4;
    }

    private int? Nearest(InexactBlocks inexact, PictureRegion region, CursorState cursor, long microseconds)
    {
        int? nearest = null;
        long least = long.MaxValue;
        for (int tile = 0; tile < columns * rows; tile++)
        {
            if (chosen[tile] || changedAt[tile] + StillMicroseconds > microseconds) continue;
            long x = tile % columns * TileGrid.Side + TileGrid.Side / 2 - cursor.X, y = tile / columns * TileGrid.Side + TileGrid.Side / 2 - cursor.Y;
            long distance = x * x + y * y;
            if (distance >= least || CountInexact(tile, inexact, region) == 0) continue;
            (nearest, least) = (tile, distance);
        }

        return nearest;
    }

    private int CountInexact(int tile, InexactBlocks inexact, PictureRegion region)
    {
        int firstColumn = tile % columns * TileGrid.BlocksPerSide, firstRow = tile / columns * TileGrid.BlocksPerSide, count = 0;
        int endRow = Math.Min(firstRow + TileGrid.BlocksPerSide, inexact.Rows), endColumn = Math.Min(firstColumn + TileGrid.BlocksPerSide, inexact.Columns);
        for (int row = firstRow; row < endRow; row++)
        {
            if (inexact.CountInRow(row) == 0) continue;
            for (int column = firstColumn; column < endColumn; column++)
                if (inexact.IsInexact(column, row) && region.Contains(column, row)) count++;
        }

        return count;
    }

    private int Mark(int tile, InexactBlocks inexact, PictureRegion region, BlockClasses classes, int most)
    {
        int firstColumn = tile % columns * TileGrid.BlocksPerSide, firstRow = tile / columns * TileGrid.BlocksPerSide, marked = 0;
        int endRow = Math.Min(firstRow + TileGrid.BlocksPerSide, inexact.Rows), endColumn = Math.Min(firstColumn + TileGrid.BlocksPerSide, inexact.Columns);
        // Whole rows of blocks: a tile may be settled in two steps.
        for (int row = firstRow; row < endRow && marked < most; row++)
        {
            for (int column = firstColumn; column < endColumn; column++)
            {
                if (!inexact.IsInexact(column, row) || !region.Contains(column, row)) continue;
                classes.Row(row)[column] = BlockClass.Natural;
                marked++;
            }
        }

        return marked;
    }
}
