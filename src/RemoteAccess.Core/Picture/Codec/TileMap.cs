namespace RemoteAccess.Picture;

/// <summary>What a frame says of each tile, beside its blocks' classes: what its coded blocks are, and the slot of a cached one. Reused from frame to frame.</summary>
internal sealed class TileMap
{
    private TileKind[] kinds = [];
    private bool[] touched = [];
    private int[] slots = [];
    private byte[] coded = [];

    public int Columns { get; private set; }

    public int Rows { get; private set; }

    public Span<TileKind> Kinds => kinds.AsSpan(0, Columns * Rows);

    /// <summary>Whether the tile has a block that is not skipped.</summary>
    public Span<bool> Touched => touched.AsSpan(0, Columns * Rows);

    /// <summary>The cache slot of each tile, −1 where it is not cached.</summary>
    public Span<int> Slots => slots.AsSpan(0, Columns * Rows);

    /// <summary>Blocks of each tile that are coded, 0 to 64.</summary>
    public Span<byte> Coded => coded.AsSpan(0, Columns * Rows);

    public void Reset(PixelSize size)
    {
        Columns = TileGrid.Across(size.Width);
        Rows = TileGrid.Across(size.Height);
        int needed = Columns * Rows;
        if (kinds.Length < needed) (kinds, touched, slots, coded) = (new TileKind[needed], new bool[needed], new int[needed], new byte[needed]);
        Kinds.Clear();
        Touched.Clear();
        Slots.Fill(-1);
        Coded.Clear();
    }

    /// <summary>Whether the cache takes a tile in once the frame is complete: enough of it was coded, and all of it is exact.</summary>
    public bool IsRemembered(int tile, InexactBlocks inexact)
    {
        if (slots[tile] >= 0 || coded[tile] < RememberedFrom || kinds[tile] is not (TileKind.Text or TileKind.NaturalLossless)) return false;
        int firstColumn = tile % Columns * TileGrid.BlocksPerSide, firstRow = tile / Columns * TileGrid.BlocksPerSide;
        int endColumn = Math.Min(firstColumn + TileGrid.BlocksPerSide, inexact.Columns), endRow = Math.Min(firstRow + TileGrid.BlocksPerSide, inexact.Rows);
        for (int row = firstRow; row < endRow; row++)
            if (inexact.CountInRow(row) > 0 && inexact.Row(row)[firstColumn..endColumn].Contains(true)) return false;
        return true;
    }

    /// <summary>Fewer coded blocks than this are cheaper to send again than to look up.</summary>
    public const int RememberedFrom = 24;
}
