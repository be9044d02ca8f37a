namespace RemoteAccess.Picture;

/// <summary>How a picture is cut: tiles of 64×64 pixels, each of 8×8 blocks of 8×8; tiles and blocks at the right and lower edge are cut to the picture.</summary>
internal static class TileGrid
{
    /// <summary>Pixels along a tile's side.</summary>
    public const int Side = 64;

    /// <summary>Blocks along a tile's side.</summary>
    public const int BlocksPerSide = Side / BlockMap.Side;

    /// <summary>Tiles that cover a width or height.</summary>
    public static int Across(int pixels) => (pixels + Side - 1) / Side;

    /// <summary>Blocks that cover a width or height.</summary>
    public static int BlocksAcross(int pixels) => (pixels + BlockMap.Side - 1) / BlockMap.Side;

    /// <summary>The pixels of one tile.</summary>
    public static PixelRect Tile(PixelSize size, int column, int row) => Cut(size, column * Side, row * Side, Side);

    /// <summary>The pixels of one block.</summary>
    public static PixelRect Block(PixelSize size, int column, int row) => Cut(size, column * BlockMap.Side, row * BlockMap.Side, BlockMap.Side);

    private static PixelRect Cut(PixelSize size, int x, int y, int side) => new(x, y, Math.Min(side, size.Width - x), Math.Min(side, size.Height - y));
}
