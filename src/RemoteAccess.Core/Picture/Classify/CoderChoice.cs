using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>
/// Which lossless coder a tile of text kind gets. The context coder is for pixels that repeat their neighbours or something seen before; where
/// most are new (a strip of wallpaper, a photograph with a caption) the natural one is many times faster and takes about as many bytes.
/// </summary>
internal static class CoderChoice
{
    /// <summary>Of 100 pixels of the coded blocks, how many may differ from both the left and the upper neighbour.</summary>
    private const int MostNew = 45;

    /// <summary>Fewer pixels than this are not worth another coder.</summary>
    private const int LeastPixels = 256;

    /// <summary>Turns tiles of text whose pixels are mostly new into lossless natural ones.</summary>
    public static void Apply(ScreenFrame frame, BlockClasses classes, TileMap tiles)
    {
        for (int tile = 0; tile < tiles.Kinds.Length; tile++)
        {
            if (tiles.Kinds[tile] != TileKind.Text || !IsMostlyNew(frame, classes, tile % tiles.Columns, tile / tiles.Columns)) continue;
            tiles.Kinds[tile] = TileKind.NaturalLossless;
            int first = tile % tiles.Columns * TileGrid.BlocksPerSide, end = Math.Min(first + TileGrid.BlocksPerSide, classes.Columns);
            int top = tile / tiles.Columns * TileGrid.BlocksPerSide, bottom = Math.Min(top + TileGrid.BlocksPerSide, classes.Rows);
            for (int row = top; row < bottom; row++) classes.Row(row)[first..end].Replace(BlockClass.Context, BlockClass.Natural);
        }
    }

    private static bool IsMostlyNew(ScreenFrame frame, BlockClasses classes, int tileColumn, int tileRow)
    {
        int first = tileColumn * TileGrid.BlocksPerSide, end = Math.Min(first + TileGrid.BlocksPerSide, classes.Columns);
        int top = tileRow * TileGrid.BlocksPerSide, bottom = Math.Min(top + TileGrid.BlocksPerSide, classes.Rows);
        int pixels = 0, isNew = 0;
        for (int row = top; row < bottom; row++)
        {
            ReadOnlySpan<BlockClass> blocks = classes.Row(row)[first..end];
            for (int column = 0; column < blocks.Length; column++)
            {
                if (blocks[column] != BlockClass.Context) continue;
                PixelRect block = TileGrid.Block(frame.Size, first + column, row);
                // Blocks at the picture's edges lack neighbours or width; they are few.
                if (block.X == 0 || block.Y == 0 || block.Width != BlockMap.Side || block.Height != BlockMap.Side) continue;
                pixels += BlockMap.Side * BlockMap.Side;
                isNew += CountNew(frame, block);
            }
        }

        return pixels >= LeastPixels && isNew * 100 > pixels * MostNew;
    }

    private static int CountNew(ScreenFrame frame, PixelRect block)
    {
        int count = 0;
        for (int y = block.Y; y < block.Bottom; y++)
        {
            ReadOnlySpan<uint> north = MemoryMarshal.Cast<byte, uint>(frame.Pixels.Slice((y - 1) * frame.Stride + block.X * 4, BlockMap.Side * 4));
            ReadOnlySpan<uint> row = MemoryMarshal.Cast<byte, uint>(frame.Pixels.Slice(y * frame.Stride + (block.X - 1) * 4, (BlockMap.Side + 1) * 4));
            Vector256<uint> pixels = Vector256.Create(row[1..]);
            uint known = (Vector256.Equals(pixels, Vector256.Create(row)) | Vector256.Equals(pixels, Vector256.Create(north))).ExtractMostSignificantBits();
            count += BlockMap.Side - BitOperations.PopCount(known);
        }

        return count;
    }
}
