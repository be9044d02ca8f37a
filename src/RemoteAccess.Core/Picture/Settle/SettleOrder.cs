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
    private int[] due = [];
    private long[] distances = [];
    private int columns;
    private int rows;
    private double bytesPerBlock = FirstBytesPerBlock;

    public void Reset(PixelSize size)
    {
        columns = TileGrid.Across(size.Width);
        rows = TileGrid.Across(size.Height);
        int needed = columns * rows;
        if (changedAt.Length < needed) (changedAt, due, distances) = (new long[needed], new int[needed], new long[needed]);
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
            long wait = Math.Max(0, changedAt[tile] + StillMicroseconds - microseconds);
            if ((first is null || wait < first) && HasInexact(tile, inexact, region)) first = wait;
        }

        return first;
    }

    /// <summary>
    /// Marks inexact blocks of due tiles to be sent losslessly, nearest to the cursor first, until about <paramref name="stepBytes"/> are
    /// planned; returns the blocks marked.
    /// </summary>
    public int Choose(InexactBlocks inexact, PictureRegion region, CursorState cursor, long microseconds, int stepBytes, BlockClasses classes, TileMap tiles)
    {
        int most = Math.Max(1, (int)(stepBytes / bytesPerBlock)), blocks = 0, count = FindDue(inexact, region, cursor, microseconds);
        distances.AsSpan(0, count).Sort(due.AsSpan(0, count));
        for (int i = 0; i < count && blocks < most; i++)
        {
            tiles.Kinds[due[i]] = TileKind.NaturalLossless;
            blocks += Mark(due[i], inexact, region, classes, most - blocks);
        }

        return blocks;
    }

    /// <summary>What so many natural blocks take without loss, by those of before.</summary>
    public double BytesFor(int blocks) => blocks * bytesPerBlock;

    /// <summary>What the blocks chosen last took.</summary>
    public void Learn(int blocks, int bytes)
    {
        if (blocks > 0) bytesPerBlock += Math.Clamp((double)bytes / blocks, 1, 256) / 4 - bytesPerBlock / 4;
    }

    /// <summary>Puts the tiles that are due into a list, their distances from the cursor into another; returns how many there are.</summary>
    private int FindDue(InexactBlocks inexact, PictureRegion region, CursorState cursor, long microseconds)
    {
        int count = 0;
        for (int tile = 0; tile < columns * rows; tile++)
        {
            if (changedAt[tile] + StillMicroseconds > microseconds || !HasInexact(tile, inexact, region)) continue;
            long x = tile % columns * TileGrid.Side + TileGrid.Side / 2 - cursor.X, y = tile / columns * TileGrid.Side + TileGrid.Side / 2 - cursor.Y;
            due[count] = tile;
            // Of tiles as near as each other the first comes first.
            distances[count++] = (x * x + y * y << 16) + tile;
        }

        return count;
    }

    private bool HasInexact(int tile, InexactBlocks inexact, PictureRegion region)
    {
        int firstColumn = Math.Max(tile % columns * TileGrid.BlocksPerSide, region.FirstColumn), endColumn = Math.Min((tile % columns + 1) * TileGrid.BlocksPerSide, region.EndColumn);
        int firstRow = Math.Max(tile / columns * TileGrid.BlocksPerSide, region.FirstRow), endRow = Math.Min((tile / columns + 1) * TileGrid.BlocksPerSide, region.EndRow);
        if (firstColumn >= endColumn) return false;
        for (int row = firstRow; row < endRow; row++)
            if (inexact.CountInRow(row) > 0 && inexact.Row(row)[firstColumn..endColumn].Contains(true)) return true;
        return false;
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
