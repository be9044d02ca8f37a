using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>
/// Which lossless coder each block of a tile of text kind gets. The context coder is for pixels that repeat their neighbours or something seen
/// before; where most are new and near their neighbours (a strip of wallpaper beside a window, a photograph with a caption) the natural one is many
/// times faster and takes about as many bytes. Letters and symbols of soft edges are new and near too, but on a ground of one colour, and there the
/// natural coder takes five times the bytes: such a block is natural only among many.
/// </summary>
internal static class CoderChoice
{
    /// <summary>A block's pixels, of 64, that differ from both the left and the upper neighbour.</summary>
    private const int LeastNew = 8;

    /// <summary>Of ten of those, how many must be near one of the two.</summary>
    private const int LeastSmooth = 7;

    /// <summary>A block's pixels that equal both neighbours: with more of them it has a ground.</summary>
    private const int MostFlat = 12;

    /// <summary>So many blocks of a tile are a picture, whatever ground they have.</summary>
    private const int Many = 6;

    /// <summary>Fewer blocks of a tile are not worth another coder.</summary>
    private const int LeastBlocks = 2;

    /// <summary>Makes natural what of the tiles of text is better coded so.</summary>
    public static void Apply(ScreenFrame frame, BlockClasses classes, TileMap tiles)
    {
        for (int tile = 0; tile < tiles.Kinds.Length; tile++)
        {
            if (tiles.Kinds[tile] != TileKind.Text) continue;
            ulong natural = Natural(frame, classes, tile % tiles.Columns, tile / tiles.Columns);
            if (BitOperations.PopCount(natural) < LeastBlocks) continue;
            tiles.Kinds[tile] = TileKind.NaturalLossless;
            int first = tile % tiles.Columns * TileGrid.BlocksPerSide, top = tile / tiles.Columns * TileGrid.BlocksPerSide;
            for (; natural != 0; natural &= natural - 1)
            {
                int block = BitOperations.TrailingZeroCount(natural);
                classes.Row(top + block / TileGrid.BlocksPerSide)[first + block % TileGrid.BlocksPerSide] = BlockClass.Natural;
            }
        }
    }

    /// <summary>A tile's blocks for the natural coder, bits as in <see cref="TileMask"/>.</summary>
    private static ulong Natural(ScreenFrame frame, BlockClasses classes, int tileColumn, int tileRow)
    {
        int first = tileColumn * TileGrid.BlocksPerSide, end = Math.Min(first + TileGrid.BlocksPerSide, classes.Columns);
        int top = tileRow * TileGrid.BlocksPerSide, bottom = Math.Min(top + TileGrid.BlocksPerSide, classes.Rows);
        ulong without = 0, mask = 0;
        for (int row = top; row < bottom; row++)
        {
            ReadOnlySpan<BlockClass> blocks = classes.Row(row)[first..end];
            for (int column = 0; column < blocks.Length; column++)
            {
                if (blocks[column] != BlockClass.Context) continue;
                PixelRect block = TileGrid.Block(frame.Size, first + column, row);
                // Blocks at the picture's edges lack neighbours or width; they are few.
                if (block.X == 0 || block.Y == 0 || block.Width != BlockMap.Side || block.Height != BlockMap.Side) continue;
                if (!IsNatural(frame, block, out bool hasGround)) continue;
                ulong bit = 1UL << ((row - top) * TileGrid.BlocksPerSide + column);
                mask |= bit;
                if (!hasGround) without |= bit;
            }
        }

        return BitOperations.PopCount(mask) >= Many ? mask : without;
    }

    private static bool IsNatural(ScreenFrame frame, PixelRect block, out bool hasGround)
    {
        int isNew = 0, smooth = 0, flat = 0;
        int stride = frame.Stride;
        ReadOnlySpan<byte> rows = frame.Pixels.Slice((block.Y - 1) * stride + (block.X - 1) * 4, BlockMap.Side * stride + (BlockMap.Side + 1) * 4);
        Vector256<byte> north = Vector256.Create(rows[4..]);
        for (int y = 1; y <= BlockMap.Side; y++)
        {
            ReadOnlySpan<byte> row = rows.Slice(y * stride, (BlockMap.Side + 1) * 4);
            Vector256<byte> pixels = Vector256.Create(row[4..]);
            Vector256<byte> toWest = Difference(pixels, Vector256.Create(row)), toNorth = Difference(pixels, north);
            north = pixels;
            uint asWest = Within(toWest, 0), asNorth = Within(toNorth, 0), differs = ~(asWest | asNorth) & 0xFF;
            flat += BitOperations.PopCount(asWest & asNorth);
            isNew += BitOperations.PopCount(differs);
            smooth += BitOperations.PopCount(differs & (Within(toWest, IPixelTests.Smooth) | Within(toNorth, IPixelTests.Smooth)));
        }

        hasGround = flat > MostFlat;
        return isNew >= LeastNew && smooth * 10 >= isNew * LeastSmooth;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Difference(Vector256<byte> a, Vector256<byte> b) => Vector256.SubtractSaturate(a, b) | Vector256.SubtractSaturate(b, a);

    /// <summary>A bit for each pixel of which no channel exceeds the limit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Within(Vector256<byte> difference, byte limit) =>
        Vector256.Equals(Vector256.SubtractSaturate(difference, Vector256.Create(limit)).AsUInt32(), Vector256<uint>.Zero).ExtractMostSignificantBits();
}
