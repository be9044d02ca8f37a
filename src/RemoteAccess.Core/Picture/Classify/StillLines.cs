using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>
/// Letters that stand still before a video, in one 16×16 square: lines, as <see cref="SquareEvidence"/> has them, whose pixels are what they were in
/// the frame before. The edge of the window that the video plays in is none.
/// </summary>
internal static class StillLines
{
    /// <summary>As many pixels are letters; a few lines of a video stand still by chance.</summary>
    private const int Least = 20;

    // A row is looked at from so many pixels before the square to as many after it.
    private const int Around = 8;
    private const uint Across = 0xFFFF;

    // Thin letters let what is behind them through.
    private const byte Near = 8;

    /// <summary>Whether there are letters in a square; <paramref name="changed"/> says which blocks count.</summary>
    public static bool AreIn<TTests>(ScreenFrame previous, ScreenFrame frame, BlockMap changed, int squareX, int squareY)
        where TTests : struct, IPixelTests
    {
        int x = squareX * SquareEvidence.Side, y = squareY * SquareEvidence.Side, end = Math.Min(y + SquareEvidence.Side, frame.Size.Height);
        int found = 0, rows = 0;
        uint down = Across;
        for (; y < end; y++)
        {
            uint counted = SquareEvidence.Counted(changed, squareX, y);
            if (counted == 0) continue;
            rows++;
            PixelMarks marks = SquareEvidence.Test<TTests>(frame.Pixels, y * frame.Stride + x * 4, frame.Stride, counted);
            uint stood = (marks.Stroke | marks.Ridge | marks.Fringe) & counted;
            if (stood != 0) stood &= Stood(previous, frame, x, y);
            if (stood == 0)
            {
                down = 0;
                continue;
            }

            uint before = Unchanged(previous, frame, x, y - 1), here = Unchanged(previous, frame, x, y), after = Unchanged(previous, frame, x, y + 1);
            uint among = stood & Between(~here) >> Around;
            uint apart = stood & ~among & (here & here << 1 & here >> 1 & before & after) >> Around;
            if (apart == Across) apart = 0;
            down &= apart;
            found += BitOperations.PopCount(among | apart);
        }

        return found - BitOperations.PopCount(down) * rows >= Least;
    }

    /// <summary>What lies between the first and the last of some bits: a letter before a video has it on both sides, the window's edge has not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Between(uint bits)
    {
        if (bits == 0) return 0;
        uint upTo = bits & (uint)-(int)bits, from = 1u << (31 - BitOperations.LeadingZeroCount(bits));
        return (from - 1) & ~(upTo * 2 - 1);
    }

    /// <summary>A bit for each pixel of a square's row: whether it is nearly what it was.</summary>
    private static uint Stood(ScreenFrame previous, ScreenFrame frame, int x, int y)
    {
        int length = Math.Min(SquareEvidence.Side, frame.Size.Width - x) * 4;
        ReadOnlySpan<byte> now = frame.Pixels.Slice(y * frame.Stride + x * 4, length), then = previous.Pixels.Slice(y * previous.Stride + x * 4, length);
        uint stood = 0;
        if (length == SquareEvidence.Side * 4)
        {
            for (int i = 0; i < length; i += 32)
            {
                Vector256<byte> a = Vector256.Create(now.Slice(i, 32)), b = Vector256.Create(then.Slice(i, 32));
                Vector256<byte> far = Vector256.SubtractSaturate(Vector256.SubtractSaturate(a, b) | Vector256.SubtractSaturate(b, a), Vector256.Create(Near));
                stood |= (uint)Vector256.Equals(far.AsUInt32(), Vector256<uint>.Zero).ExtractMostSignificantBits() << (i / 4);
            }

            return stood;
        }

        for (int i = 0; i < length; i += 4)
            if (Math.Abs(now[i] - then[i]) <= Near && Math.Abs(now[i + 1] - then[i + 1]) <= Near && Math.Abs(now[i + 2] - then[i + 2]) <= Near) stood |= 1u << (i / 4);
        return stood;
    }

    /// <summary>A bit for each pixel from 8 before the square on: whether it is what it was; outside the picture all are.</summary>
    private static uint Unchanged(ScreenFrame previous, ScreenFrame frame, int squareX, int y)
    {
        if ((uint)y >= (uint)frame.Size.Height) return uint.MaxValue;
        int first = squareX - Around, width = frame.Size.Width;
        ReadOnlySpan<uint> now = MemoryMarshal.Cast<byte, uint>(frame.Pixels.Slice(y * frame.Stride, width * 4));
        ReadOnlySpan<uint> then = MemoryMarshal.Cast<byte, uint>(previous.Pixels.Slice(y * previous.Stride, width * 4));
        uint same = 0;
        if (first >= 0 && first + 32 <= width)
        {
            for (int i = 0; i < 32; i += 8)
                same |= (uint)Vector256.Equals(Vector256.Create(now.Slice(first + i, 8)), Vector256.Create(then.Slice(first + i, 8))).ExtractMostSignificantBits() << i;
            return same;
        }

        for (int i = 0; i < 32; i++)
        {
            int x = first + i;
            if ((uint)x >= (uint)width || now[x] == then[x]) same |= 1u << i;
        }

        return same;
    }
}
