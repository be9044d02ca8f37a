using System.Buffers;

namespace RemoteAccess.Picture;

/// <summary>
/// The codec's agent side (docs/picture.md). A frame is begun with what is to be sent of it, then taken part by part:
/// <code>
///   1 cache      tiles the viewer holds already need only their slot
///   2 state      which blocks are exact once the frame is shown: contexts depend on it
///   3 map        vectors, block classes, tile kinds, slots
///   4 rows       for each row of tiles: natural tiles, then the context-coded runs
///   5 remember   tiles that the viewer's cache takes in: when the last part has gone, which need not wait for it
/// </code>
/// Models live as long as the epoch. Not thread-safe; allocates nothing once its buffers have grown.
/// </summary>
internal sealed class PictureEncoder : IDisposable
{
    /// <summary>
    /// A part is closed at the row of tiles that brings it here, in bytes or in blocks coded without loss (some milliseconds), so that the viewer decodes
    /// while the agent encodes.
    /// </summary>
    private const int PartBytes = 48 * 1024, PartBlocks = 1536;

    private readonly RangeEncoder coder = new();
    private readonly BitWriter natural = new();
    private ContextModel? context;
    private readonly BlockMapModel map = new();
    private readonly LosslessTileEncoder lossless = new();
    private readonly LossyTileEncoder lossy = new();
    private readonly TileSlots slots = new();
    private readonly TileIndex index = new();
    private readonly PixelRows rows = new();
    private ScreenFrame? frame;
    private BlockClasses? classes;
    private TileMap? tiles;
    private PictureHeader header;
    private PictureHeader before;
    private ReadOnlyMemory<byte> unit;
    private int nextRow;
    private int slowBlocksLeft;

    /// <summary>Made when the first block needs it: 2.8 MB that a session without a picture does not have.</summary>
    private ContextModel Context => context ??= new ContextModel();

    /// <summary>What the viewer has not got exactly, once it has shown the frame begun last.</summary>
    public InexactBlocks Inexact { get; } = new();

    /// <summary>Bytes that the last frame's lossy tiles took.</summary>
    public int LossyBytes { get; private set; }

    /// <summary>Bytes that its lossless natural tiles took.</summary>
    public int LosslessBytes { get; private set; }

    /// <summary>
    /// Begins a frame. All arguments stay as they are until <see cref="TryEncodeNext"/> returns false; cached tiles are noted in
    /// <paramref name="classes"/> and <paramref name="tiles"/>, which name the classes and kinds wanted and are otherwise reset.
    /// </summary>
    /// <param name="frame">Whose pixels are encoded.</param>
    /// <param name="classes">What happens to each block.</param>
    /// <param name="tiles">What each tile's coded blocks are.</param>
    /// <param name="vectors">What copied blocks refer to.</param>
    /// <param name="header">What the frame says of itself.</param>
    /// <param name="video">The access unit for the header's video area; empty without.</param>
    public void Begin(ScreenFrame frame, BlockClasses classes, TileMap tiles, ReadOnlySpan<MotionVector> vectors, in PictureHeader header, ReadOnlyMemory<byte> video = default)
    {
        unit = video;
        before = this.header;
        (this.frame, this.classes, this.tiles, this.header) = (frame, classes, tiles, header);
        if (header.IsNewEpoch) Reset(header);
        Count(classes, tiles);
        FindCached(frame, classes, tiles);
        Inexact.Apply(classes, tiles.Kinds, vectors);
        if (!header.VideoArea.IsEmpty) Inexact.ApplyVideo(header.VideoArea, classes);
        coder.Reset();
        natural.Reset();
        LossyBytes = LosslessBytes = 0;
        BlockMapEncoder.Encode(coder, map, classes, tiles, slots, vectors);
        nextRow = 0;
        slowBlocksLeft = 0;
        for (int row = 0; row < tiles.Rows; row++) slowBlocksLeft += SlowBlocks(tiles, row);
    }

    /// <summary>Appends the frame's next part; false when there is none left. To be asked for until then, once the last part is on its way.</summary>
    public bool TryEncodeNext(IBufferWriter<byte> message)
    {
        if (frame is null || classes is null || tiles is null) return false;
        if (nextRow == tiles.Rows)
        {
            Remember(frame, tiles);
            (frame, classes, tiles) = (null, null, null);
            return false;
        }

        int firstRow = nextRow, slowBlocks = 0;
        do
        {
            int slow = SlowBlocks(tiles, nextRow);
            slowBlocks += slow;
            slowBlocksLeft -= slow;
            EncodeTileRow(frame, classes, tiles, nextRow++);
        }
        while (nextRow < tiles.Rows && coder.Length + natural.Length < PartBytes && (slowBlocks < PartBlocks || slowBlocksLeft == 0));

        bool first = firstRow == 0, last = nextRow == tiles.Rows;
        ReadOnlySpan<byte> arithmetic = coder.Finish();
        ReadOnlySpan<byte> rest = natural.Finish();
        PictureHeader part = header with
        {
            IsFirstPart = first,
            IsLastPart = last,
            IsNewEpoch = first && header.IsNewEpoch,
            VideoArea = first ? header.VideoArea : default,
            VideoBytes = first ? unit.Length : 0,
            TileRows = first && last ? 0 : nextRow - firstRow,
            ArithmeticLength = rest.IsEmpty ? -1 : arithmetic.Length,
        };
        message.Advance(part.Write(message.GetSpan(PictureHeader.MaxLength), before));
        if (first) message.Write(unit.Span);
        message.Write(arithmetic);
        message.Write(rest);
        coder.Reset();
        natural.Reset();
        return true;
    }

    public void Dispose() => index.Dispose();

    private void Reset(in PictureHeader header)
    {
        int capacity = header.CacheBits == 0 ? 0 : 1 << header.CacheBits;
        context?.Reset();
        map.Reset();
        slots.Reset(capacity);
        index.Reset(capacity);
        rows.Reset(header.Size.Width);
        Inexact.Reset(header.Size);
    }

    /// <summary>Blocks of a row of tiles that are coded without loss: each takes ten times as long as a lossy one.</summary>
    private static int SlowBlocks(TileMap tiles, int row)
    {
        int blocks = 0;
        for (int tile = row * tiles.Columns; tile < (row + 1) * tiles.Columns; tile++)
            if (tiles.Kinds[tile] != TileKind.NaturalLossy && tiles.Slots[tile] < 0) blocks += tiles.Coded[tile];
        return blocks;
    }

    private static void Count(BlockClasses classes, TileMap tiles)
    {
        for (int row = 0; row < classes.Rows; row++)
        {
            ReadOnlySpan<BlockClass> blocks = classes.Row(row);
            if (!blocks.ContainsAnyExcept(BlockClass.Skip)) continue;
            int firstTile = row / TileGrid.BlocksPerSide * tiles.Columns;
            for (int column = 0; column < blocks.Length; column++)
            {
                if (blocks[column] == BlockClass.Skip) continue;
                int tile = firstTile + column / TileGrid.BlocksPerSide;
                tiles.Touched[tile] = true;
                if (blocks[column] is BlockClass.Context or BlockClass.Natural) tiles.Coded[tile]++;
            }
        }

        // The viewer knows a kind only where something is coded, and both sides' contexts look at kinds.
        for (int tile = 0; tile < tiles.Kinds.Length; tile++)
            if (tiles.Coded[tile] == 0) tiles.Kinds[tile] = TileKind.None;
    }

    private void FindCached(ScreenFrame frame, BlockClasses classes, TileMap tiles)
    {
        if (slots.Capacity == 0) return;
        for (int tile = 0; tile < tiles.Kinds.Length; tile++)
        {
            if (tiles.Coded[tile] < TileMap.RememberedFrom || tiles.Kinds[tile] == TileKind.NaturalLossy) continue;
            int column = tile % tiles.Columns, row = tile / tiles.Columns;
            if (LeavesInexact(classes, column, row)) continue;
            PixelRect area = TileGrid.Tile(frame.Size, column, row);
            if (!index.MayHold(TileIndex.SampleOf(frame, area))) continue;
            int slot = index.Find(index.KeyOf(frame, area));
            if (slot < 0) continue;
            tiles.Slots[tile] = slot;
            tiles.Kinds[tile] = TileKind.None;
            int first = column * TileGrid.BlocksPerSide, end = Math.Min(first + TileGrid.BlocksPerSide, classes.Columns);
            for (int block = row * TileGrid.BlocksPerSide; block < Math.Min((row + 1) * TileGrid.BlocksPerSide, classes.Rows); block++)
                classes.Row(block)[first..end].Fill(BlockClass.Cached);
        }
    }

    /// <summary>
    /// A tile of which something stays inexact is not restored as a whole: it would be exact to both sides from then on, and a part that the
    /// viewer did not ask for would go on changing.
    /// </summary>
    private bool LeavesInexact(BlockClasses classes, int tileColumn, int tileRow)
    {
        int firstColumn = tileColumn * TileGrid.BlocksPerSide, endColumn = Math.Min(firstColumn + TileGrid.BlocksPerSide, classes.Columns);
        int firstRow = tileRow * TileGrid.BlocksPerSide, endRow = Math.Min(firstRow + TileGrid.BlocksPerSide, classes.Rows);
        for (int row = firstRow; row < endRow; row++)
        {
            if (Inexact.CountInRow(row) == 0) continue;
            for (int column = firstColumn; column < endColumn; column++)
                if (classes.Row(row)[column] == BlockClass.Skip && Inexact.IsInexact(column, row)) return true;
        }

        return false;
    }

    private void EncodeTileRow(ScreenFrame frame, BlockClasses classes, TileMap tiles, int row)
    {
        for (int column = 0; column < tiles.Columns; column++)
        {
            int tile = row * tiles.Columns + column;
            if (tiles.Coded[tile] == 0 || tiles.Slots[tile] >= 0) continue;
            if (tiles.Kinds[tile] == TileKind.Text) continue;
            PixelRect area = TileGrid.Tile(frame.Size, column, row);
            ReadOnlySpan<byte> pixels = frame.Pixels[(area.Y * frame.Stride + area.X * 4)..];
            ulong blocks = TileMask.Natural(classes, column, row);
            int before = natural.Length;
            if (tiles.Kinds[tile] == TileKind.NaturalLossy)
            {
                lossy.Encode(natural, pixels, frame.Stride, area.Width, area.Height, TileMask.Macroblocks(blocks), header.Quality);
                LossyBytes += natural.Length - before;
            }
            else
            {
                lossless.Encode(natural, pixels, frame.Stride, area.Width, area.Height, blocks);
                LosslessBytes += natural.Length - before;
            }
        }

        int endRow = Math.Min((row + 1) * TileGrid.BlocksPerSide, classes.Rows);
        for (int block = row * TileGrid.BlocksPerSide; block < endRow; block++) EncodeRuns(frame, classes, block);
    }

    /// <summary>The context-coded runs of one row of blocks, pixel row by pixel row.</summary>
    private void EncodeRuns(ScreenFrame frame, BlockClasses classes, int blockRow)
    {
        ReadOnlySpan<BlockClass> blocks = classes.Row(blockRow);
        int first = blocks.IndexOf(BlockClass.Context);
        if (first < 0) return;
        int end = blocks.LastIndexOf(BlockClass.Context) + 1;
        int endY = Math.Min((blockRow + 1) * BlockMap.Side, frame.Size.Height);
        for (int y = blockRow * BlockMap.Side; y < endY; y++)
        {
            rows.Load(frame.Pixels, frame.Stride, frame.Size, y, first, end, Inexact);
            var runs = new BlockRuns(blocks[..end], first, frame.Size.Width);
            while (runs.TryNext(out int from, out int to))
                ContextEncoder.EncodeRow(coder, Context, rows.North2, rows.North, rows.Row, PixelRows.Margin + from, PixelRows.Margin + to);
        }
    }

    private void Remember(ScreenFrame frame, TileMap tiles)
    {
        if (slots.Capacity == 0) return;
        for (int tile = 0; tile < tiles.Kinds.Length; tile++)
        {
            if (!tiles.IsRemembered(tile, Inexact)) continue;
            PixelRect area = TileGrid.Tile(frame.Size, tile % tiles.Columns, tile / tiles.Columns);
            bool full = slots.Used == slots.Capacity;
            index.Put(slots.Take(), index.KeyOf(frame, area), TileIndex.SampleOf(frame, area), full);
        }
    }
}
