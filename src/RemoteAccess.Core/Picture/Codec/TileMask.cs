namespace RemoteAccess.Picture;

/// <summary>A tile's natural blocks as bits: block row × 8 + block column; and the macroblocks of 2×2 blocks that hold one: row × 4 + column.</summary>
internal static class TileMask
{
    public static ulong Natural(BlockClasses classes, int tileColumn, int tileRow)
    {
        ulong mask = 0;
        int firstColumn = tileColumn * TileGrid.BlocksPerSide, firstRow = tileRow * TileGrid.BlocksPerSide;
        int endColumn = Math.Min(firstColumn + TileGrid.BlocksPerSide, classes.Columns), endRow = Math.Min(firstRow + TileGrid.BlocksPerSide, classes.Rows);
        for (int row = firstRow; row < endRow; row++)
        {
            ReadOnlySpan<BlockClass> blocks = classes.Row(row)[firstColumn..endColumn];
            for (int column = 0; column < blocks.Length; column++)
                if (blocks[column] == BlockClass.Natural) mask |= 1UL << ((row - firstRow) * TileGrid.BlocksPerSide + column);
        }

        return mask;
    }

    public static ushort Macroblocks(ulong blocks)
    {
        int mask = 0;
        for (int row = 0; row < 4; row++)
        {
            uint pair = (uint)((blocks >> (row * 16)) | (blocks >> (row * 16 + 8))) & 0xFF;
            for (int column = 0; column < 4; column++)
                if ((pair >> (column * 2) & 3) != 0) mask |= 1 << (row * 4 + column);
        }

        return (ushort)mask;
    }
}
