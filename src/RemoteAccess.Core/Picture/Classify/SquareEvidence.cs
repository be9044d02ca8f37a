using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>
/// Counts in one 16×16 square of a picture. Only pixels count whose four neighbours all changed with them, so that the border of a video
/// or the margin of the damage is no evidence.
/// </summary>
internal record struct SquareEvidence
{
    /// <summary>Pixels along a square's side.</summary>
    public const int Side = 16;

    public int Pixels, New, Smooth, Stroke, Ridge, Fringe;

    /// <summary>Much is new and little of it smooth: letters, whatever surrounds them and however they move.</summary>
    public readonly bool IsRough => New * 10 > Pixels && Smooth * 10 < New * 6;

    /// <summary>
    /// Letters over whatever there is: a stem keeps its own colour along its side, small and thin letters are ridges, subpixel rendering
    /// fringes. A photo seldom has these, but hair and grass do, and an enlarged video.
    /// </summary>
    public readonly bool HasLines => Stroke >= 2 || Fringe >= 4 || Ridge >= 8;

    /// <summary>Counts in a square; <paramref name="changed"/> says which blocks do. Strokes, ridges and fringes may be left out where <paramref name="lines"/> do not matter.</summary>
    public static SquareEvidence Count<TTests>(ScreenFrame frame, BlockMap changed, int squareX, int squareY, bool lines = true)
        where TTests : struct, IPixelTests
    {
        SquareEvidence evidence = default;
        int x = squareX * Side, width = frame.Size.Width, height = frame.Size.Height;
        int stride = frame.Stride;
        ReadOnlySpan<byte> pixels = frame.Pixels;
        int column = squareX * 2 - 1;
        if (Vector256.IsHardwareAccelerated && IsWhole(changed, column, squareY * 2))
        {
            // Whoever has neighbours that changed has them in the picture.
            ReadOnlySpan<byte> around = pixels.Slice((squareY * Side - 1) * stride + (x - 1) * 4, (Side + 1) * stride + (Side + 2) * 4);
            return WholeSquare.Count(ref Unsafe.Add(ref MemoryMarshal.GetReference(around), stride + 4), stride, lines);
        }

        for (int row = squareY * 2; row < squareY * 2 + 2 && row < changed.Rows; row++)
        {
            uint inside = Lanes(changed, column, row, width);
            if (inside == 0) continue;
            uint above = Lanes(changed, column, row - 1, width), below = Lanes(changed, column, row + 1, width);
            uint inner = inside & inside << 1 & inside >> 1;
            int top = row * BlockMap.Side, end = Math.Min(top + BlockMap.Side, height);
            for (int y = top; y < end; y++)
            {
                uint counted = inner;
                if (y == top) counted &= above;
                if (y == top + BlockMap.Side - 1) counted &= below;
                else if (y == end - 1) counted = 0;
                counted = counted >> BlockMap.Side & 0xFFFF;
                if (counted == 0) continue;
                evidence.Add(Test<TTests>(pixels, y * stride + x * 4, stride, counted), counted);
            }
        }

        return evidence;
    }

    /// <summary>A bit for each pixel of a row of a square: whether it counts.</summary>
    public static uint Counted(BlockMap changed, int squareX, int y)
    {
        int column = squareX * 2 - 1, row = y / BlockMap.Side, width = changed.Size.Width;
        uint inside = Lanes(changed, column, row, width);
        if (inside == 0 || y + 1 >= changed.Size.Height) return 0;
        uint counted = inside & inside << 1 & inside >> 1;
        if (y % BlockMap.Side == 0) counted &= Lanes(changed, column, row - 1, width);
        else if (y % BlockMap.Side == BlockMap.Side - 1) counted &= Lanes(changed, column, row + 1, width);
        return counted >> BlockMap.Side & 0xFFFF;
    }

    /// <summary>The marks of a row of a square, those of pixels that count at least.</summary>
    // Counted pixels have all their neighbours, so the first row and the first pixel are never read before their beginning; only the
    // last square of the last rows could be read past the end, and goes one by one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PixelMarks Test<TTests>(ReadOnlySpan<byte> pixels, int at, int stride, uint counted)
        where TTests : struct, IPixelTests
    {
        ref byte start = ref MemoryMarshal.GetReference(pixels);
        if (at + stride + (Side + 1) * 4 <= pixels.Length) return TTests.Test(ref Unsafe.Add(ref start, at), stride);
        PixelMarks marks = default;
        for (; counted != 0; counted &= counted - 1)
        {
            int x = BitOperations.TrailingZeroCount(counted);
            PixelTestsScalar.TestPixel(ref Unsafe.Add(ref start, at + x * 4), stride, 1u << x, ref marks);
        }

        return marks;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Add(PixelMarks marks, uint counted)
    {
        Pixels += BitOperations.PopCount(counted);
        New += BitOperations.PopCount(marks.New & counted);
        Smooth += BitOperations.PopCount(marks.Smooth & counted);
        Stroke += BitOperations.PopCount(marks.Stroke & counted);
        Ridge += BitOperations.PopCount(marks.Ridge & counted);
        Fringe += BitOperations.PopCount(marks.Fringe & counted);
    }

    /// <summary>Whether the four blocks of a square and the eight that touch their sides changed, so that all of its pixels count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsWhole(BlockMap changed, int column, int row) =>
        row > 0 && row + 2 < changed.Rows && (Blocks(changed, column, row) & Blocks(changed, column, row + 1) & (Blocks(changed, column, row - 1) & Blocks(changed, column, row + 2) | 0b1001)) == 0b1111;

    /// <summary>A bit for each of the 32 pixels of four blocks, the first one column left of the square: whether it changed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Lanes(BlockMap changed, int column, int row, int width)
    {
        if ((uint)row >= (uint)changed.Rows) return 0;
        uint lanes = (Blocks(changed, column, row) * 0x00204081 & 0x01010101) * 0xFF;
        int beyond = (column + 4) * BlockMap.Side - width;
        return beyond <= 0 ? lanes : beyond >= 32 ? 0 : lanes & uint.MaxValue >> beyond;
    }

    /// <summary>A bit for each of four blocks.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Blocks(BlockMap changed, int column, int row)
    {
        ReadOnlySpan<byte> packed = changed.Row(row);
        int first = column >> 3;
        uint blocks = (first >= 0 ? packed[first] : 0u) | (first + 1 < packed.Length ? (uint)packed[first + 1] << 8 : 0u);
        return blocks >> (column & 7) & 0xF;
    }
}
