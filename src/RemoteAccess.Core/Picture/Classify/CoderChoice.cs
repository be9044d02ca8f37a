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

    /// <summary>Tiles looked at together.</summary>
    private const int MostTogether = 64;

    /// <summary>Makes natural what of the tiles of text is better coded so.</summary>
    public static void Apply(ScreenFrame frame, BlockClasses classes, TileMap tiles)
    {
        if (frame.Size.Width <= BlockMap.Side || frame.Size.Height <= BlockMap.Side) return;
        Span<Blocks> found = stackalloc Blocks[Math.Min(tiles.Columns, MostTogether)];
        for (int row = 0; row < tiles.Rows; row++)
        {
            for (int column = 0; column < tiles.Columns; column += MostTogether)
            {
                Span<Blocks> these = found[..Math.Min(MostTogether, tiles.Columns - column)];
                LookAt(frame, classes, tiles, column, row, these);
                for (int i = 0; i < these.Length; i++) Choose(these[i].Natural, classes, tiles, column + i, row);
            }
        }
    }

    private static void Choose(ulong natural, BlockClasses classes, TileMap tiles, int column, int row)
    {
        if (BitOperations.PopCount(natural) < LeastBlocks) return;
        tiles.Kinds[row * tiles.Columns + column] = TileKind.NaturalLossless;
        int first = column * TileGrid.BlocksPerSide, top = row * TileGrid.BlocksPerSide;
        for (; natural != 0; natural &= natural - 1)
        {
            int block = BitOperations.TrailingZeroCount(natural);
            classes.Row(top + block / TileGrid.BlocksPerSide)[first + block % TileGrid.BlocksPerSide] = BlockClass.Natural;
        }
    }

    /// <summary>Looks at the blocks of text of neighbouring tiles, row by row through all of them, as they lie in memory.</summary>
    private static void LookAt(ScreenFrame frame, BlockClasses classes, TileMap tiles, int tileColumn, int tileRow, Span<Blocks> found)
    {
        found.Clear();
        ReadOnlySpan<byte> pixels = frame.Pixels;
        int stride = frame.Stride, width = frame.Size.Width, height = frame.Size.Height;
        ReadOnlySpan<TileKind> kinds = tiles.Kinds.Slice(tileRow * tiles.Columns + tileColumn, found.Length);
        int top = tileRow * TileGrid.BlocksPerSide, bottom = Math.Min(top + TileGrid.BlocksPerSide, classes.Rows);
        for (int row = top; row < bottom; row++)
        {
            // At the picture's edges, where a block lacks neighbours, width or height, the nearest place that has them is looked at.
            int y = Math.Clamp(row * BlockMap.Side, 1, height - BlockMap.Side);
            ReadOnlySpan<byte> around = pixels.Slice((y - 1) * stride, BlockMap.Side * stride + width * 4);
            for (int i = 0; i < found.Length; i++)
            {
                if (kinds[i] != TileKind.Text) continue;
                int first = (tileColumn + i) * TileGrid.BlocksPerSide, end = Math.Min(first + TileGrid.BlocksPerSide, classes.Columns);
                ReadOnlySpan<BlockClass> blocks = classes.Row(row)[first..end];
                for (int column = 0; column < blocks.Length; column++)
                {
                    if (blocks[column] != BlockClass.Context) continue;
                    int x = Math.Clamp((first + column) * BlockMap.Side, 1, width - BlockMap.Side);
                    ref byte before = ref MemoryMarshal.GetReference(around.Slice((x - 1) * 4, BlockMap.Side * stride + (BlockMap.Side + 1) * 4));
                    found[i].Add(LookAt(ref before, stride), 1UL << ((row - top) * TileGrid.BlocksPerSide + column));
                }
            }
        }
    }

    /// <summary>A tile's blocks, bits as in <see cref="TileMask"/>.</summary>
    private struct Blocks
    {
        private ulong mask, without, soft, softNew;

        public void Add(Look look, ulong bit)
        {
            if (look.IsSoft) soft |= bit;
            if (look.IsSoft && look.New > 0) softNew |= bit;
            if (!look.IsNatural) return;
            mask |= bit;
            if (look.Flat <= MostFlat) without |= bit;
        }

        /// <summary>Those for the natural coder.</summary>
        public readonly ulong Natural =>
            BitOperations.PopCount(mask) >= Many || BitOperations.PopCount(mask | softNew) >= ManySoft ? mask | soft : without;
    }

    /// <summary>Counts of a block's pixels; <paramref name="HasEdges"/>: one is not near to both neighbours.</summary>
    private readonly record struct Look(int New, int Smooth, int Flat, bool HasEdges)
    {
        public bool IsNatural => New >= LeastNew && Smooth * 10 >= New * LeastSmooth;

        public bool IsSoft => !HasEdges && Flat < BlockMap.Side * BlockMap.Side;
    }

    /// <summary>Looks at a block, given the pixel above and left of its first.</summary>
    private static Look LookAt(ref byte row, nint stride)
    {
        Vector256<int> known = Vector256<int>.Zero, flat = Vector256<int>.Zero, near = Vector256<int>.Zero, soft = Vector256<int>.AllBitsSet;
        Vector256<byte> north = Vector256.LoadUnsafe(ref row, 4);
        for (int y = 0; y < BlockMap.Side; y++)
        {
            row = ref Unsafe.Add(ref row, stride);
            Vector256<byte> pixels = Vector256.LoadUnsafe(ref row, 4);
            Vector256<byte> toWest = Difference(pixels, Vector256.LoadUnsafe(ref row)), toNorth = Difference(pixels, north);
            north = pixels;
            Vector256<int> asWest = Within(toWest, 0), asNorth = Within(toNorth, 0);
            Vector256<int> nearWest = Within(toWest, IPixelTests.Smooth), nearNorth = Within(toNorth, IPixelTests.Smooth);
            // True is −1; what has a neighbour's colour is near it too.
            known -= asWest | asNorth;
            flat -= asWest & asNorth;
            near -= nearWest | nearNorth;
            soft &= nearWest & nearNorth;
        }

        int isKnown = Vector256.Sum(known);
        return new Look(BlockMap.Side * BlockMap.Side - isKnown, Vector256.Sum(near) - isKnown, Vector256.Sum(flat), soft != Vector256<int>.AllBitsSet);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Difference(Vector256<byte> a, Vector256<byte> b) => Vector256.SubtractSaturate(a, b) | Vector256.SubtractSaturate(b, a);

    /// <summary>For each pixel of which no channel exceeds the limit −1, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Within(Vector256<byte> difference, byte limit) =>
        Vector256.Equals(Vector256.SubtractSaturate(difference, Vector256.Create(limit)).AsInt32(), Vector256<int>.Zero);
}
