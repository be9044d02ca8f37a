using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>
/// <see cref="SquareEvidence"/> of a square all of whose pixels count, as of a picture that is new: counted in vectors, without a bit for each pixel. Lines need contrast,
/// and most squares have none: those are looked at once.
/// </summary>
internal static class WholeSquare
{
    private const int Side = SquareEvidence.Side;

    /// <summary>A tint that differs by more than <see cref="IPixelTests.Fringe"/> has a channel that differs by more than this; strokes and ridges differ more.</summary>
    private const byte LeastOfLines = IPixelTests.Fringe / 2;

    /// <summary>The counts from <paramref name="square"/> on; the pixels around are read too. Lines only if asked for.</summary>
    public static SquareEvidence Count(ref byte square, nint stride, bool lines)
    {
        SquareEvidence evidence = default;
        Vector256<byte> most = Vector256<byte>.Zero;
        Vector256<int> known = Vector256<int>.Zero, near = Vector256<int>.Zero;
        for (int x = 0; x < Side * 4; x += Vector256<byte>.Count)
        {
            ref byte row = ref Unsafe.Add(ref square, x);
            Vector256<byte> upper = Vector256.LoadUnsafe(ref Unsafe.Subtract(ref row, stride));
            for (int y = 0; y < Side; y++, row = ref Unsafe.Add(ref row, stride))
            {
                Vector256<byte> here = Vector256.LoadUnsafe(ref row);
                Vector256<byte> toLeft = Difference(here, Vector256.LoadUnsafe(ref Unsafe.Subtract(ref row, 4))), toUpper = Difference(here, upper);
                upper = here;
                most = Vector256.Max(most, Vector256.Max(toLeft, toUpper));
                // True is −1; what has a neighbour's colour is near it too.
                known -= Within(toLeft, 0) | Within(toUpper, 0);
                near -= Within(toLeft, IPixelTests.Smooth) | Within(toUpper, IPixelTests.Smooth);
            }
        }

        evidence.Pixels = Side * Side;
        evidence.New = Side * Side - Vector256.Sum(known);
        evidence.Smooth = Vector256.Sum(near) - Vector256.Sum(known);
        if (lines && Vector256.GreaterThanAny(most, Vector256.Create(LeastOfLines))) AddLines(ref square, stride, ref evidence);
        return evidence;
    }

    private static void AddLines(ref byte square, nint stride, ref SquareEvidence evidence)
    {
        Vector256<int> strokes = Vector256<int>.Zero, flat = Vector256<int>.Zero;
        Vector256<short> fringes = Vector256<short>.Zero;
        // Of a pixel's two words the second never counts.
        Vector256<short> limit = Vector256.Create(IPixelTests.Fringe | short.MaxValue << 16).AsInt16();
        for (int x = 0; x < Side * 4; x += Vector256<byte>.Count)
        {
            ref byte row = ref Unsafe.Add(ref square, x);
            Vector256<byte> upper = Vector256.LoadUnsafe(ref Unsafe.Subtract(ref row, stride)), here = Vector256.LoadUnsafe(ref row);
            for (int y = 0; y < Side; y++, row = ref Unsafe.Add(ref row, stride))
            {
                Vector256<byte> left = Vector256.LoadUnsafe(ref Unsafe.Subtract(ref row, 4)), right = Vector256.LoadUnsafe(ref Unsafe.Add(ref row, 4));
                Vector256<byte> lower = Vector256.LoadUnsafe(ref Unsafe.Add(ref row, stride));
                Vector256<byte> toLeft = Difference(here, left), toUpper = Difference(here, upper);
                strokes -= Vector256.AndNot(Within(toLeft, 0), Within(toUpper, IPixelTests.Sharp)) | Vector256.AndNot(Within(toUpper, 0), Within(toLeft, IPixelTests.Sharp));
                flat -= Within(Vector256.Max(OutOf(here, left, right), OutOf(here, upper, lower)), IPixelTests.Ridge);
                Vector256<short> change = BlueAndRed(here) - BlueAndRed(left);
                fringes -= Vector256.GreaterThan(Vector256.Abs(change - Vector256.ShiftRightLogical(change.AsInt32(), 16).AsInt16()), limit);
                upper = here;
                here = lower;
            }
        }

        evidence.Stroke = Vector256.Sum(strokes);
        evidence.Ridge = Side * Side - Vector256.Sum(flat);
        evidence.Fringe = Vector256.Sum(fringes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Difference(Vector256<byte> a, Vector256<byte> b) => Vector256.SubtractSaturate(a, b) | Vector256.SubtractSaturate(b, a);

    /// <summary>How far each channel lies above both of the others, or below both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> OutOf(Vector256<byte> here, Vector256<byte> before, Vector256<byte> after) =>
        Vector256.SubtractSaturate(here, Vector256.Max(before, after)) | Vector256.SubtractSaturate(Vector256.Min(before, after), here);

    /// <summary>For each pixel of which no channel exceeds the limit −1, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Within(Vector256<byte> difference, byte limit) =>
        Vector256.Equals(limit == 0 ? difference.AsInt32() : Vector256.SubtractSaturate(difference, Vector256.Create(limit)).AsInt32(), Vector256<int>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> BlueAndRed(Vector256<byte> pixels) => (pixels.AsInt32() & Vector256.Create(0x00FF00FF)).AsInt16();
}
