using System.Runtime.InteropServices;
using RemoteAccess.Transport;

namespace RemoteAccess.Picture;

/// <summary>
/// The codec's viewer side (docs/picture.md). Each message is one part of a frame; the first one also moves and restores:
/// <code>
///   1 map        vectors, block classes, tile kinds, slots
///   2 copies     from the picture as it was
///   3 cache      tiles held already
///   4 video      the area that a video decoder shows
///   5 rows       for each row of tiles: natural tiles, then the context-coded runs
///   6 remember   tiles that the cache takes in: once the picture is shown, which need not wait for it (new memory for them takes longer than to decode them)
/// </code>
/// Whatever the bytes are, it writes only inside the picture and ends with the declared error. Not thread-safe; allocates nothing once
/// its buffers have grown.
/// </summary>
internal sealed class PictureDecoder
{
    private readonly RangeDecoder coder = new();
    private ContextModel? context;
    private readonly BlockMapModel map = new();
    private readonly LosslessTileDecoder lossless = new();
    private readonly LossyTileDecoder lossy = new();
    private readonly TileSlots slots = new();
    private readonly TileStore store = new();
    private readonly PixelRows rows = new();
    private readonly BlockClasses classes = new();
    private readonly TileMap tiles = new();
    private readonly MotionVector[] vectors = new MotionVector[4];
    private readonly uint[] tilePixels = new uint[TileGrid.Side * TileGrid.Side];
    private readonly VideoScreen video = new();
    private readonly int maxCacheBits;
    private uint[] copies = [];
    private PictureHeader frame;
    private int nextRow;
    private bool isRemembering;

    /// <summary>Made when the first block needs it: 2.8 MB that a session without a picture does not have.</summary>
    private ContextModel Context => context ??= new ContextModel();

    /// <param name="maxCacheBits">The most the agent may make this side hold: 2^this tiles of 16 KiB.</param>
    public PictureDecoder(int maxCacheBits = PictureHeader.MaxCacheBits) => this.maxCacheBits = maxCacheBits;

    /// <summary>What of the picture is not exactly the computer's.</summary>
    public InexactBlocks Inexact { get; } = new();

    /// <summary>Decodes one message into the picture, adding what it changes to the picture's damage.</summary>
    /// <exception cref="ChannelException"><see cref="ChannelError.Malformed"/>: not a message of this codec; the picture is no longer to be trusted.</exception>
    public PictureHeader Decode(ReadOnlySpan<byte> message, Framebuffer picture)
    {
        Remember(picture);
        if (!PictureHeader.TryRead(message, frame, out PictureHeader header, out int length)) throw Malformed("header");
        Follow(header, picture);
        ReadOnlySpan<byte> unit = message.Slice(length, header.VideoBytes);
        ReadOnlySpan<byte> rest = message[(length + header.VideoBytes)..];
        int arithmetic = header.ArithmeticLength < 0 ? rest.Length : header.ArithmeticLength;
        coder.Reset(rest[..arithmetic]);
        var bits = new BitReader(rest[arithmetic..]);
        if (header.IsFirstPart) DecodeMap(picture, header, unit);
        int endRow = header is { IsFirstPart: true, IsLastPart: true } ? tiles.Rows : nextRow + header.TileRows;
        if (endRow > tiles.Rows || (endRow == tiles.Rows) != header.IsLastPart) throw Malformed("number of rows");
        for (int row = nextRow; row < endRow; row++)
        {
            DecodeNatural(ref bits, picture, row);
            DecodeContext(picture, row);
        }

        coder.DemandEnd();
        bits.DemandEnd();
        nextRow = header.IsLastPart ? 0 : endRow;
        isRemembering = header.IsLastPart && slots.Capacity > 0;
        return header;
    }

    /// <summary>Takes into the cache what the frame decoded last brought. To be called once it is shown; the next <see cref="Decode"/> does it otherwise.</summary>
    public void Remember(Framebuffer picture)
    {
        if (!isRemembering) return;
        isRemembering = false;
        for (int tile = 0; tile < tiles.Slots.Length; tile++)
            if (tiles.IsRemembered(tile, Inexact)) store.Put(slots.Take(), picture, TileGrid.Tile(picture.Size, tile % tiles.Columns, tile / tiles.Columns));
    }

    /// <summary>The video format offered to the agent for the epochs to come; null for none, which also ends what runs.</summary>
    public void Offer(VideoDecoding? decoding) => video.Offer(decoding);

    internal static ChannelException Malformed(string what) => new(ChannelError.Malformed, $"The computer sent a picture that cannot be decoded ({what}).");

    private void Follow(in PictureHeader header, Framebuffer picture)
    {
        if (header.IsFirstPart)
        {
            if (header.IsNewEpoch)
            {
                if (header.Epoch <= frame.Epoch || header.Sequence <= frame.Sequence) throw Malformed("an epoch that is not newer");
                if (header.CacheBits > maxCacheBits) throw Malformed("a cache larger than was offered");
                Reset(header, picture);
            }
            else if (nextRow != 0 || frame.Epoch == 0 || header.Epoch != frame.Epoch || header.Sequence != frame.Sequence + 1)
            {
                throw Malformed("frame order");
            }

            frame = header;
            nextRow = 0;
        }
        else if (nextRow == 0 || header.Epoch != frame.Epoch || header.Sequence != frame.Sequence || header.Quality != frame.Quality)
        {
            throw Malformed("part order");
        }
    }

    private void Reset(in PictureHeader header, Framebuffer picture)
    {
        picture.Reset(header.Size);
        picture.AddDamage(new PixelRect(0, 0, header.Size.Width, header.Size.Height));
        context?.Reset();
        map.Reset();
        slots.Reset(header.CacheBits == 0 ? 0 : 1 << header.CacheBits);
        store.Reset();
        video.End();
        rows.Reset(header.Size.Width);
        Inexact.Reset(header.Size);
    }

    private void DecodeMap(Framebuffer picture, in PictureHeader header, ReadOnlySpan<byte> unit)
    {
        classes.Reset(picture.Size);
        tiles.Reset(picture.Size);
        int count = BlockMapDecoder.Decode(coder, map, classes, tiles, slots, vectors);
        Inexact.Apply(classes, tiles.Kinds, vectors.AsSpan(0, count));
        if (!header.VideoArea.IsEmpty) Inexact.ApplyVideo(VideoScreen.Demand(header.VideoArea, picture.Size), classes);
        if (!header.IsNewEpoch)
            for (int row = 0; row < classes.Rows; row++) AddDamage(picture, row);
        if (count > 0) Copy(picture);
        for (int tile = 0; tile < tiles.Slots.Length; tile++)
        {
            if (tiles.Slots[tile] < 0) continue;
            if (!store.TryRestore(tiles.Slots[tile], picture, TileGrid.Tile(picture.Size, tile % tiles.Columns, tile / tiles.Columns)))
                throw Malformed("a cached tile of another size");
        }

        if (!header.VideoArea.IsEmpty) video.Show(header.VideoArea, header.IsVideoStart, unit, picture);
    }

    private void AddDamage(Framebuffer picture, int blockRow)
    {
        ReadOnlySpan<BlockClass> blocks = classes.Row(blockRow);
        int height = Math.Min(BlockMap.Side, picture.Size.Height - blockRow * BlockMap.Side);
        int column = 0;
        while ((uint)column < (uint)blocks.Length)
        {
            int skipped = blocks[column..].IndexOfAnyExcept(BlockClass.Skip);
            if (skipped < 0) return;
            int first = column + skipped;
            int run = blocks[first..].IndexOf(BlockClass.Skip);
            column = run < 0 ? blocks.Length : first + run;
            int x = first * BlockMap.Side;
            picture.AddDamage(new PixelRect(x, blockRow * BlockMap.Side, Math.Min(column * BlockMap.Side, picture.Size.Width) - x, height));
        }
    }

    /// <summary>All sources are read before anything is written: what one copy covers may be another's source.</summary>
    private void Copy(Framebuffer picture)
    {
        int needed = 0;
        for (int row = 0; row < classes.Rows; row++) needed += CopiesIn(row);
        needed *= BlockMap.Side * BlockMap.Side;
        if (copies.Length < needed) copies = GC.AllocateUninitializedArray<uint>(needed);
        MoveCopies(picture, isReading: true);
        MoveCopies(picture, isReading: false);
    }

    private int CopiesIn(int row)
    {
        int count = 0;
        foreach (BlockClass kind in classes.Row(row))
            if (kind is >= BlockClass.Copy0 and <= BlockClass.Copy3) count++;
        return count;
    }

    private void MoveCopies(Framebuffer picture, bool isReading)
    {
        Span<uint> pixels = MemoryMarshal.Cast<byte, uint>(picture.Writable);
        int width = picture.Size.Width, at = 0;
        for (int row = 0; row < classes.Rows; row++)
        {
            ReadOnlySpan<BlockClass> blocks = classes.Row(row);
            for (int column = 0; column < blocks.Length;)
            {
                BlockClass kind = blocks[column];
                int run = column + 1;
                if (kind is >= BlockClass.Copy0 and <= BlockClass.Copy3)
                {
                    while (run < blocks.Length && blocks[run] == kind) run++;
                    MotionVector vector = isReading ? vectors[kind - BlockClass.Copy0] : default;
                    PixelRect area = TileGrid.Block(picture.Size, column, row);
                    int x = area.X + vector.Dx, length = Math.Min(run * BlockMap.Side, width) - area.X;
                    for (int y = area.Y + vector.Dy; y < area.Y + vector.Dy + area.Height; y++, at += length)
                    {
                        Span<uint> line = pixels.Slice(y * width + x, length);
                        if (isReading) line.CopyTo(copies.AsSpan(at, length));
                        else copies.AsSpan(at, length).CopyTo(line);
                    }
                }

                column = run;
            }
        }
    }

    private void DecodeNatural(ref BitReader bits, Framebuffer picture, int row)
    {
        for (int column = 0; column < tiles.Columns; column++)
        {
            int tile = row * tiles.Columns + column;
            if (tiles.Coded[tile] == 0 || tiles.Kinds[tile] == TileKind.Text) continue;
            PixelRect area = TileGrid.Tile(picture.Size, column, row);
            ulong blocks = TileMask.Natural(classes, column, row);
            if (tiles.Kinds[tile] == TileKind.NaturalLossy)
                lossy.Decode(ref bits, tilePixels, area.Width, area.Height, TileMask.Macroblocks(blocks), frame.Quality);
            else
                lossless.Decode(ref bits, tilePixels, area.Width, area.Height, blocks);
            Show(picture, area, blocks);
        }
    }

    /// <summary>Puts a decoded tile's blocks into the picture, only those that were sent.</summary>
    private void Show(Framebuffer picture, PixelRect area, ulong blocks)
    {
        Span<uint> pixels = MemoryMarshal.Cast<byte, uint>(picture.Writable);
        for (int y = 0; y < area.Height; y++)
        {
            uint sent = (uint)(blocks >> (y / BlockMap.Side * TileGrid.BlocksPerSide)) & 0xFF;
            if (sent == 0) continue;
            ReadOnlySpan<uint> source = tilePixels.AsSpan(y * TileGrid.Side, area.Width);
            Span<uint> target = pixels.Slice((area.Y + y) * picture.Size.Width + area.X, area.Width);
            if (sent == 0xFF)
            {
                source.CopyTo(target);
                continue;
            }

            for (int x = 0; x < area.Width; x += BlockMap.Side)
            {
                if ((sent >> (x / BlockMap.Side) & 1) == 0) continue;
                int end = Math.Min(x + BlockMap.Side, area.Width);
                source[x..end].CopyTo(target[x..]);
            }
        }
    }

    private void DecodeContext(Framebuffer picture, int tileRow)
    {
        int endRow = Math.Min((tileRow + 1) * TileGrid.BlocksPerSide, classes.Rows);
        for (int row = tileRow * TileGrid.BlocksPerSide; row < endRow; row++)
        {
            ReadOnlySpan<BlockClass> blocks = classes.Row(row);
            int first = blocks.IndexOf(BlockClass.Context);
            if (first < 0) continue;
            int end = blocks.LastIndexOf(BlockClass.Context) + 1;
            int endY = Math.Min((row + 1) * BlockMap.Side, picture.Size.Height);
            for (int y = row * BlockMap.Side; y < endY; y++)
            {
                rows.Load(picture.Pixels, picture.Stride, picture.Size, y, first, end, Inexact);
                Span<uint> line = MemoryMarshal.Cast<byte, uint>(picture.Writable).Slice(y * picture.Size.Width, picture.Size.Width);
                var runs = new BlockRuns(blocks[..end], first, picture.Size.Width);
                while (runs.TryNext(out int from, out int to))
                {
                    ContextDecoder.DecodeRow(coder, Context, rows.North2, rows.North, rows.Row, PixelRows.Margin + from, PixelRows.Margin + to);
                    rows.Row.Slice(PixelRows.Margin + from, to - from).CopyTo(line[from..]);
                }
            }
        }
    }
}
