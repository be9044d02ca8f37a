namespace RemoteAccess.Picture;

/// <summary>Writes vectors, block classes, tile kinds and cache slots of a frame, as <see cref="BlockMapDecoder"/> reads them.</summary>
internal static class BlockMapEncoder
{
    public static void Encode(RangeEncoder coder, BlockMapModel model, BlockClasses classes, TileMap tiles, TileSlots slots, ReadOnlySpan<MotionVector> vectors)
    {
        coder.EncodeBit(ref model.AnyVector[0], vectors.Length > 0 ? 1 : 0);
        if (vectors.Length > 0)
        {
            coder.EncodeDirect((uint)(vectors.Length - 1), 2);
            foreach (MotionVector vector in vectors)
            {
                coder.EncodeDirect((ushort)vector.Dx, 16);
                coder.EncodeDirect((ushort)vector.Dy, 16);
            }
        }

        for (int tile = 0; tile < tiles.Kinds.Length; tile++) EncodeTile(coder, model, classes, tiles, slots, tile, vectors.Length);
    }

    private static void EncodeTile(RangeEncoder coder, BlockMapModel model, BlockClasses classes, TileMap tiles, TileSlots slots, int tile, int vectors)
    {
        int left = tile % tiles.Columns == 0 ? -1 : tile - 1, above = tile - tiles.Columns;
        bool touched = tiles.Touched[tile];
        coder.EncodeBit(ref model.Touched[BlockMapModel.Neighbours(left >= 0 && tiles.Touched[left], above >= 0 && tiles.Touched[above])], touched ? 1 : 0);
        if (!touched) return;
        if (slots.Used > 0)
        {
            int slot = tiles.Slots[tile];
            coder.EncodeBit(ref model.Cached[BlockMapModel.Neighbours(left >= 0 && tiles.Slots[left] >= 0, above >= 0 && tiles.Slots[above] >= 0)], slot >= 0 ? 1 : 0);
            if (slot >= 0)
            {
                bool expected = slot == model.ExpectedSlot;
                coder.EncodeBit(ref model.NextSlot[0], expected ? 1 : 0);
                if (!expected) coder.EncodeDirect((uint)slot, PictureHeader.MaxCacheBits);
                model.ExpectedSlot = slot + 1;
                slots.Touch(slot);
                return;
            }
        }

        int firstColumn = tile % tiles.Columns * TileGrid.BlocksPerSide, firstRow = tile / tiles.Columns * TileGrid.BlocksPerSide;
        int endColumn = Math.Min(firstColumn + TileGrid.BlocksPerSide, classes.Columns), endRow = Math.Min(firstRow + TileGrid.BlocksPerSide, classes.Rows);
        bool uniform = IsUniform(classes, firstColumn, endColumn, firstRow, endRow);
        coder.EncodeBit(ref model.Uniform[0], uniform ? 1 : 0);
        if (uniform)
        {
            EncodeBlock(coder, model, classes, firstColumn, firstRow, vectors);
        }
        else
        {
            for (int row = firstRow; row < endRow; row++)
                for (int column = firstColumn; column < endColumn; column++)
                    EncodeBlock(coder, model, classes, column, row, vectors);
        }

        if (tiles.Coded[tile] == 0) return;
        TileKind kind = tiles.Kinds[tile];
        bool natural = kind != TileKind.Text;
        coder.EncodeBit(ref model.Natural[BlockMapModel.Neighbours(left >= 0 && IsNatural(tiles.Kinds[left]), above >= 0 && IsNatural(tiles.Kinds[above]))], natural ? 1 : 0);
        if (!natural) return;
        coder.EncodeBit(ref model.Lossy[BlockMapModel.Neighbours(left >= 0 && tiles.Kinds[left] == TileKind.NaturalLossy, above >= 0 && tiles.Kinds[above] == TileKind.NaturalLossy)], kind == TileKind.NaturalLossy ? 1 : 0);
        if (kind == TileKind.NaturalLossless) EncodeCoders(coder, model, classes, firstColumn, endColumn, firstRow, endRow);
    }

    /// <summary>Whether all coded blocks of a natural lossless tile are natural, else which.</summary>
    private static void EncodeCoders(RangeEncoder coder, BlockMapModel model, BlockClasses classes, int firstColumn, int endColumn, int firstRow, int endRow)
    {
        bool whole = true;
        for (int row = firstRow; row < endRow; row++) whole &= !classes.Row(row)[firstColumn..endColumn].Contains(BlockClass.Context);
        coder.EncodeBit(ref model.Whole[0], whole ? 1 : 0);
        if (whole) return;
        for (int row = firstRow; row < endRow; row++)
        {
            ReadOnlySpan<BlockClass> blocks = classes.Row(row);
            for (int column = firstColumn; column < endColumn; column++)
            {
                if (blocks[column] is not (BlockClass.Context or BlockClass.Natural)) continue;
                coder.EncodeBit(ref model.NaturalBlock[BlockMapModel.NaturalContext(classes, column, row)], blocks[column] == BlockClass.Natural ? 1 : 0);
            }
        }
    }

    private static void EncodeBlock(RangeEncoder coder, BlockMapModel model, BlockClasses classes, int column, int row, int vectors)
    {
        BlockClass kind = classes.Row(row)[column];
        int context = BlockMapModel.Context(classes, column, row);
        coder.EncodeBit(ref model.Skip[context], kind == BlockClass.Skip ? 1 : 0);
        if (kind == BlockClass.Skip || vectors == 0) return;
        int vector = kind - BlockClass.Copy0;
        bool copy = vector is >= 0 and <= 3;
        coder.EncodeBit(ref model.Copy[context], copy ? 1 : 0);
        if (!copy || vectors == 1) return;
        int tree = BlockMapModel.VectorContext(classes, column, row) * 4;
        coder.EncodeBit(ref model.Vector[tree + 1], vector >> 1);
        coder.EncodeBit(ref model.Vector[tree + 2 + (vector >> 1)], vector & 1);
    }

    private static bool IsUniform(BlockClasses classes, int firstColumn, int endColumn, int firstRow, int endRow)
    {
        BlockClass first = classes.Row(firstRow)[firstColumn];
        if (first == BlockClass.Skip) return false;
        for (int row = firstRow; row < endRow; row++)
            if (classes.Row(row)[firstColumn..endColumn].ContainsAnyExcept(first)) return false;
        return true;
    }

    private static bool IsNatural(TileKind kind) => kind is TileKind.NaturalLossless or TileKind.NaturalLossy;
}
