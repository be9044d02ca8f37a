using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>Eight pixels at once.</summary>
internal readonly struct PixelTests256 : IPixelTests
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PixelMarks Test(ref byte row, nint stride)
    {
        uint west = 0, north = 0, smooth = 0, sharpWest = 0, sharpNorth = 0, flat = 0, plain = 0;
        for (int x = 0; x < IPixelTests.Pixels; x += 8)
        {
            ref byte at = ref Unsafe.Add(ref row, x * 4);
            Vector256<byte> here = Vector256.LoadUnsafe(ref at);
            Vector256<byte> left = Vector256.LoadUnsafe(ref Unsafe.Subtract(ref at, 4)), right = Vector256.LoadUnsafe(ref Unsafe.Add(ref at, 4));
            Vector256<byte> upper = Vector256.LoadUnsafe(ref Unsafe.Subtract(ref at, stride)), lower = Vector256.LoadUnsafe(ref Unsafe.Add(ref at, stride));
            Vector256<byte> aboveLeft = Vector256.SubtractSaturate(here, left), belowLeft = Vector256.SubtractSaturate(left, here);
            Vector256<byte> aboveUpper = Vector256.SubtractSaturate(here, upper), belowUpper = Vector256.SubtractSaturate(upper, here);
            Vector256<byte> toLeft = aboveLeft | belowLeft, toUpper = aboveUpper | belowUpper;
            Vector256<byte> across = Vector256.Max(
                Vector256.Min(aboveLeft, Vector256.SubtractSaturate(here, right)), Vector256.Min(belowLeft, Vector256.SubtractSaturate(right, here)));
            Vector256<byte> along = Vector256.Max(
                Vector256.Min(aboveUpper, Vector256.SubtractSaturate(here, lower)), Vector256.Min(belowUpper, Vector256.SubtractSaturate(lower, here)));
            Vector256<int> redLessBlue = Vector256.Abs(RedLessBlue(here) - RedLessBlue(left));

            west |= Zero(toLeft) << x;
            north |= Zero(toUpper) << x;
            smooth |= (Within(toLeft, IPixelTests.Smooth) | Within(toUpper, IPixelTests.Smooth)) << x;
            sharpWest |= Within(toLeft, IPixelTests.Sharp) << x;
            sharpNorth |= Within(toUpper, IPixelTests.Sharp) << x;
            flat |= Within(Vector256.Max(across, along), IPixelTests.Ridge) << x;
            plain |= (uint)Vector256.GreaterThan(Vector256.Create(IPixelTests.Fringe + 1), redLessBlue).ExtractMostSignificantBits() << x;
        }

        return PixelMarks.Of(west, north, smooth, ~sharpWest, ~sharpNorth, ~flat, ~plain);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Zero(Vector256<byte> difference) => (uint)Vector256.Equals(difference.AsUInt32(), Vector256<uint>.Zero).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Within(Vector256<byte> difference, byte limit) => Zero(Vector256.SubtractSaturate(difference, Vector256.Create(limit)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> RedLessBlue(Vector256<byte> pixels) =>
        (Vector256.ShiftRightLogical(pixels.AsInt32(), 16) & Vector256.Create(0xFF)) - (pixels.AsInt32() & Vector256.Create(0xFF));
}
