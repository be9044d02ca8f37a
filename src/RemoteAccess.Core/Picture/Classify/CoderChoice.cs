using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>
/// Which lossless coder each block of a tile of text kind gets. The context coder is for pixels that repeat their neighbours or something seen
/// before; where most are new and near their neighbours (a strip of wallpaper beside a window, a photograph with a caption) the natural one is many
/// times faster and takes about as many bytes. Letters and symbols of soft edges are new and near too, but on a ground of one colour, and there the
/// natural coder takes five times the bytes: such a block is natural only among many. The soft parts of a photograph (a sky, what is out of focus) have few
/// new pixels and no edge at all; among many, or where they are three eighths of a tile, they are natural too.
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

    /// <summary>So many are, if soft ones with new pixels count too.</summary>
    private const int ManySoft = 24;

    /// <summary>Fewer blocks of a tile are not worth another coder.</summary>
    private const int LeastBlocks = 2;

    /// <summary>Makes natural what of the tiles of text is better coded so.</summary>
    public static void Apply(ScreenFrame frame, BlockClasses classes, TileMap tiles)
    {
        if (frame.Size.Width <= BlockMap.Side || frame.Size.Height <= BlockMap.Side) return;
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
        ulong without = 0, mask = 0, soft = 0, softNew = 0;
        for (int row = top; row < bottom; row++)
        {
            ReadOnlySpan<BlockClass> blocks = classes.Row(row)[first..end];
            for (int column = 0; column < blocks.Length; column++)
            {
                if (blocks[column] != BlockClass.Context) continue;
                ulong bit = 1UL << ((row - top) * TileGrid.BlocksPerSide + column);
                Look look = LookAt(frame, first + column, row);
                if (look.IsSoft) soft |= bit;
                if (look.IsSoft && look.New > 0) softNew |= bit;
                if (!look.IsNatural) continue;
                mask |= bit;
                if (look.Flat <= MostFlat) without |= bit;
            }
        }

        return BitOperations.PopCount(mask) >= Many || BitOperations.PopCount(mask | softNew) >= ManySoft ? mask | soft : without;
    }

    /// <summary>Counts of a block's pixels; <paramref name="HasEdges"/>: one is not near to both neighbours.</summary>
    private readonly record struct Look(int New, int Smooth, int Flat, bool HasEdges)
    {
        public bool IsNatural => New >= LeastNew && Smooth * 10 >= New * LeastSmooth;

        public bool IsSoft => !HasEdges && Flat < BlockMap.Side * BlockMap.Side;
    }

    /// <summary>At the picture's edges, where a block lacks neighbours, width or height, the nearest place that has them is looked at.</summary>
    private static Look LookAt(ScreenFrame frame, int column, int blockRow)
    {
        int left = Math.Clamp(column * BlockMap.Side, 1, frame.Size.Width - BlockMap.Side), top = Math.Clamp(blockRow * BlockMap.Side, 1, frame.Size.Height - BlockMap.Side);
        int isNew = 0, smooth = 0, flat = 0;
        uint near = 0xFF;
        int stride = frame.Stride;
        ReadOnlySpan<byte> rows = frame.Pixels.Slice((top - 1) * stride + (left - 1) * 4, BlockMap.Side * stride + (BlockMap.Side + 1) * 4);
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
            uint nearWest = Within(toWest, IPixelTests.Smooth), nearNorth = Within(toNorth, IPixelTests.Smooth);
            smooth += BitOperations.PopCount(differs & (nearWest | nearNorth));
            near &= nearWest & nearNorth;
        }

        return new Look(isNew, smooth, flat, near != 0xFF);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Difference(Vector256<byte> a, Vector256<byte> b) => Vector256.SubtractSaturate(a, b) | Vector256.SubtractSaturate(b, a);

    /// <summary>A bit for each pixel of which no channel exceeds the limit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Within(Vector256<byte> difference, byte limit) =>
        Vector256.Equals(Vector256.SubtractSaturate(difference, Vector256.Create(limit)).AsUInt32(), Vector256<uint>.Zero).ExtractMostSignificantBits();
}
