namespace RemoteAccess.Picture;

/// <summary>Reads what <see cref="BlockMapEncoder"/> writes. Every vector, slot and block is checked before anything is done with it.</summary>
internal static class BlockMapDecoder
{
    /// <summary>Fills classes and tiles, which must be reset to the picture's size, and returns the number of vectors.</summary>
    /// <exception cref="Transport.ChannelException"><see cref="Transport.ChannelError.Malformed"/>.</exception>
    public static int Decode(RangeDecoder coder, BlockMapModel model, BlockClasses classes, TileMap tiles, TileSlots slots, Span<MotionVector> vectors)
    {
        int count = 0;
        if (coder.DecodeBit(ref model.AnyVector[0]) != 0)
        {
            count = (int)coder.DecodeDirect(2) + 1;
            for (int i = 0; i < count; i++)
            {
                short dx = (short)coder.DecodeDirect(16);
                vectors[i] = new MotionVector(dx, (short)coder.DecodeDirect(16));
            }
        }

        for (int tile = 0; tile < tiles.Kinds.Length; tile++) DecodeTile(coder, model, classes, tiles, slots, tile, vectors[..count]);
        return count;
    }

    private static void DecodeTile(RangeDecoder coder, BlockMapModel model, BlockClasses classes, TileMap tiles, TileSlots slots, int tile, ReadOnlySpan<MotionVector> vectors)
    {
        int left = tile % tiles.Columns == 0 ? -1 : tile - 1, above = tile - tiles.Columns;
        bool touched = coder.DecodeBit(ref model.Touched[BlockMapModel.Neighbours(left >= 0 && tiles.Touched[left], above >= 0 && tiles.Touched[above])]) != 0;
        if (!touched) return;
        tiles.Touched[tile] = true;
        int firstColumn = tile % tiles.Columns * TileGrid.BlocksPerSide, firstRow = tile / tiles.Columns * TileGrid.BlocksPerSide;
        int endColumn = Math.Min(firstColumn + TileGrid.BlocksPerSide, classes.Columns), endRow = Math.Min(firstRow + TileGrid.BlocksPerSide, classes.Rows);
        if (slots.Used > 0 && coder.DecodeBit(ref model.Cached[BlockMapModel.Neighbours(left >= 0 && tiles.Slots[left] >= 0, above >= 0 && tiles.Slots[above] >= 0)]) != 0)
        {
            int slot = coder.DecodeBit(ref model.NextSlot[0]) != 0 ? model.ExpectedSlot : (int)coder.DecodeDirect(PictureHeader.MaxCacheBits);
            if (slot >= slots.Used) throw PictureDecoder.Malformed("a cache slot that holds nothing");
            model.ExpectedSlot = slot + 1;
            slots.Touch(slot);
            tiles.Slots[tile] = slot;
            for (int row = firstRow; row < endRow; row++) classes.Row(row)[firstColumn..endColumn].Fill(BlockClass.Cached);
            return;
        }

        int coded = 0;
        if (coder.DecodeBit(ref model.Uniform[0]) != 0)
        {
            BlockClass kind = DecodeBlock(coder, model, classes, firstColumn, firstRow, vectors.Length);
            if (kind == BlockClass.Skip) throw PictureDecoder.Malformed("a touched tile without blocks");
            for (int row = firstRow; row < endRow; row++) classes.Row(row)[firstColumn..endColumn].Fill(kind);
            if (kind == BlockClass.Context) coded = (endColumn - firstColumn) * (endRow - firstRow);
        }
        else
        {
            for (int row = firstRow; row < endRow; row++)
            {
                for (int column = firstColumn; column < endColumn; column++)
                {
                    BlockClass kind = DecodeBlock(coder, model, classes, column, row, vectors.Length);
                    classes.Row(row)[column] = kind;
                    if (kind == BlockClass.Context) coded++;
                }
            }
        }

        CheckCopies(classes, firstColumn, endColumn, firstRow, endRow, vectors);
        if (coded == 0) return;
        tiles.Coded[tile] = (byte)coded;
        tiles.Kinds[tile] = DecodeKind(coder, model, tiles, left, above);
        if (tiles.Kinds[tile] == TileKind.Text) return;
        if (tiles.Kinds[tile] == TileKind.NaturalLossless && coder.DecodeBit(ref model.Whole[0]) == 0)
        {
            DecodeCoders(coder, model, classes, firstColumn, endColumn, firstRow, endRow);
            return;
        }

        for (int row = firstRow; row < endRow; row++) classes.Row(row)[firstColumn..endColumn].Replace(BlockClass.Context, BlockClass.Natural);
    }

    private static void DecodeCoders(RangeDecoder coder, BlockMapModel model, BlockClasses classes, int firstColumn, int endColumn, int firstRow, int endRow)
    {
        for (int row = firstRow; row < endRow; row++)
        {
            Span<BlockClass> blocks = classes.Row(row);
            for (int column = firstColumn; column < endColumn; column++)
            {
                if (blocks[column] != BlockClass.Context) continue;
                if (coder.DecodeBit(ref model.NaturalBlock[BlockMapModel.NaturalContext(classes, column, row)]) != 0) blocks[column] = BlockClass.Natural;
            }
        }
    }

    private static TileKind DecodeKind(RangeDecoder coder, BlockMapModel model, TileMap tiles, int left, int above)
    {
        bool natural = coder.DecodeBit(ref model.Natural[BlockMapModel.Neighbours(left >= 0 && IsNatural(tiles.Kinds[left]), above >= 0 && IsNatural(tiles.Kinds[above]))]) != 0;
        if (!natural) return TileKind.Text;
        bool lossy = coder.DecodeBit(ref model.Lossy[BlockMapModel.Neighbours(left >= 0 && tiles.Kinds[left] == TileKind.NaturalLossy, above >= 0 && tiles.Kinds[above] == TileKind.NaturalLossy)]) != 0;
        return lossy ? TileKind.NaturalLossy : TileKind.NaturalLossless;
    }

    /// <summary>Skip, a copy, or Context for whatever is coded: the tile's kind comes after its blocks.</summary>
    private static BlockClass DecodeBlock(RangeDecoder coder, BlockMapModel model, BlockClasses classes, int column, int row, int vectors)
    {
        int context = BlockMapModel.Context(classes, column, row);
        if (coder.DecodeBit(ref model.Skip[context]) != 0) return BlockClass.Skip;
        if (vectors == 0 || coder.DecodeBit(ref model.Copy[context]) == 0) return BlockClass.Context;
        if (vectors == 1) return BlockClass.Copy0;
        int tree = BlockMapModel.VectorContext(classes, column, row) * 4;
        int high = coder.DecodeBit(ref model.Vector[tree + 1]);
        int vector = high * 2 + coder.DecodeBit(ref model.Vector[tree + 2 + high]);
        return vector < vectors ? (BlockClass)((int)BlockClass.Copy0 + vector) : throw PictureDecoder.Malformed("a vector that was not given");
    }

    /// <summary>A copy's source must lie inside the picture.</summary>
    private static void CheckCopies(BlockClasses classes, int firstColumn, int endColumn, int firstRow, int endRow, ReadOnlySpan<MotionVector> vectors)
    {
        if (vectors.IsEmpty) return;
        for (int row = firstRow; row < endRow; row++)
        {
            for (int column = firstColumn; column < endColumn; column++)
            {
                int vector = classes.Row(row)[column] - BlockClass.Copy0;
                if (vector is < 0 or > 3) continue;
                PixelRect block = TileGrid.Block(classes.Size, column, row);
                int x = block.X + vectors[vector].Dx, y = block.Y + vectors[vector].Dy;
                if (x < 0 || y < 0 || x + block.Width > classes.Size.Width || y + block.Height > classes.Size.Height)
                    throw PictureDecoder.Malformed("a copy from outside the picture");
            }
        }
    }

    private static bool IsNatural(TileKind kind) => kind is TileKind.NaturalLossless or TileKind.NaturalLossy;
}
