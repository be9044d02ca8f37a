namespace RemoteAccess.Tests;

/// <summary>The blocks and macroblocks that have a pixel in a tile.</summary>
internal static class TileBlocks
{
    public static ulong Whole(int width, int height)
    {
        ulong blocks = 0;
        for (int row = 0; row * 8 < height; row++)
            for (int column = 0; column * 8 < width; column++) blocks |= 1UL << (row * 8 + column);
        return blocks;
    }

    public static ushort WholeMacroblocks(int width, int height)
    {
        ushort macroblocks = 0;
        for (int row = 0; row * 16 < height; row++)
            for (int column = 0; column * 16 < width; column++) macroblocks |= (ushort)(1 << (row * 4 + column));
        return macroblocks;
    }
}
