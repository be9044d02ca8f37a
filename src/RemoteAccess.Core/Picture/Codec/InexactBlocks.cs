namespace RemoteAccess.Picture;

/// <summary>
/// Which 8×8 blocks of the viewer's picture may differ from the agent's: never sent in this epoch, sent lossily, or copied from such a
/// block. Both sides keep it and change it by the same rule, so that contexts see the same constant in place of an inexact neighbour.
/// </summary>
internal sealed class InexactBlocks
{
    private bool[] blocks = [];
    private bool[] copied = [];
    private int[] perRow = [];

    public int Columns { get; private set; }

    public int Rows { get; private set; }

    /// <summary>Blocks that are inexact.</summary>
    public int Count { get; private set; }

    public bool IsInexact(int column, int row) => blocks[row * Columns + column];

    /// <summary>Inexact blocks of one row.</summary>
    public int CountInRow(int row) => perRow[row];

    /// <summary>One row of blocks, true where inexact.</summary>
    public ReadOnlySpan<bool> Row(int row) => blocks.AsSpan(row * Columns, Columns);

    /// <summary>A new epoch: nothing has been sent yet.</summary>
    public void Reset(PixelSize size)
    {
        Columns = (size.Width + BlockMap.Side - 1) / BlockMap.Side;
        Rows = (size.Height + BlockMap.Side - 1) / BlockMap.Side;
        int needed = Columns * Rows;
        if (blocks.Length < needed) (blocks, copied) = (new bool[needed], new bool[needed]);
        if (perRow.Length < Rows) perRow = new int[Rows];
        blocks.AsSpan(0, needed).Fill(true);
        perRow.AsSpan(0, Rows).Fill(Columns);
        Count = needed;
    }

    /// <summary>Takes on a frame: copies carry their source's state, all other blocks sent are exact unless their tile is lossy.</summary>
    public void Apply(BlockClasses classes, ReadOnlySpan<TileKind> kinds, ReadOnlySpan<MotionVector> vectors)
    {
        if (Count == 0 && !kinds.Contains(TileKind.NaturalLossy)) return;
        bool copiesMatter = vectors.Length > 0 && Count > 0;
        if (copiesMatter) FollowCopies(classes, vectors);
        int tileColumns = TileGrid.Across(classes.Size.Width);
        for (int row = 0; row < Rows; row++)
        {
            ReadOnlySpan<BlockClass> sent = classes.Row(row);
            if (!sent.ContainsAnyExcept(BlockClass.Skip)) continue;
            ReadOnlySpan<TileKind> tiles = kinds.Slice(row / TileGrid.BlocksPerSide * tileColumns, tileColumns);
            int start = row * Columns;
            for (int column = 0; column < sent.Length; column++)
            {
                BlockClass kind = sent[column];
                if (kind == BlockClass.Skip) continue;
                bool inexact = kind switch
                {
                    BlockClass.Natural => tiles[column / TileGrid.BlocksPerSide] == TileKind.NaturalLossy,
                    BlockClass.Context or BlockClass.Cached => false,
                    _ => copiesMatter && copied[start + column],
                };
                ref bool block = ref blocks[start + column];
                if (block == inexact) continue;
                block = inexact;
                int change = inexact ? 1 : -1;
                perRow[row] += change;
                Count += change;
            }
        }
    }

    /// <summary>Video was shown in an area of whole blocks: what of it the map skipped is inexact.</summary>
    public void ApplyVideo(PixelRect area, BlockClasses classes)
    {
        for (int row = area.Y / BlockMap.Side; row < TileGrid.BlocksAcross(area.Bottom); row++)
        {
            for (int column = area.X / BlockMap.Side; column < TileGrid.BlocksAcross(area.Right); column++)
            {
                ref bool block = ref blocks[row * Columns + column];
                if (block || classes.Row(row)[column] != BlockClass.Skip) continue;
                block = true;
                perRow[row]++;
                Count++;
            }
        }
    }

    /// <summary>Notes for each copied block whether its source touches an inexact one, before any state changes.</summary>
    private void FollowCopies(BlockClasses classes, ReadOnlySpan<MotionVector> vectors)
    {
        for (int row = 0; row < Rows; row++)
        {
            ReadOnlySpan<BlockClass> sent = classes.Row(row);
            for (int column = 0; column < sent.Length; column++)
            {
                int vector = sent[column] - BlockClass.Copy0;
                if (vector is < 0 or > 3) continue;
                copied[row * Columns + column] = Touches(SourceOf(classes.Size, column, row, vectors[vector]));
            }
        }
    }

    /// <summary>Whether one of the blocks that a copied block is taken from is inexact.</summary>
    public bool IsSourceInexact(PixelSize size, int column, int row, MotionVector vector) => Count > 0 && Touches(SourceOf(size, column, row, vector));

    private bool Touches(PixelRect source)
    {
        for (int row = source.Y / BlockMap.Side; row <= (source.Bottom - 1) / BlockMap.Side; row++)
        {
            if (perRow[row] == 0) continue;
            for (int column = source.X / BlockMap.Side; column <= (source.Right - 1) / BlockMap.Side; column++)
                if (blocks[row * Columns + column]) return true;
        }

        return false;
    }

    /// <summary>The pixels a copied block is taken from.</summary>
    private static PixelRect SourceOf(PixelSize size, int column, int row, MotionVector vector)
    {
        PixelRect block = TileGrid.Block(size, column, row);
        return block with { X = block.X + vector.Dx, Y = block.Y + vector.Dy };
    }
}
