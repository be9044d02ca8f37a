using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>The sixteen pixels at once.</summary>
internal readonly struct PixelTests512 : IPixelTests
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PixelMarks Test(ref byte row, nint stride)
    {
        uint west = 0, north = 0, smooth = 0, sharpWest = 0, sharpNorth = 0, flat = 0, plain = 0;
        for (int x = 0; x < IPixelTests.Pixels; x += 16)
        {
            ref byte at = ref Unsafe.Add(ref row, x * 4);
            Vector512<byte> here = Vector512.LoadUnsafe(ref at);
            Vector512<byte> left = Vector512.LoadUnsafe(ref Unsafe.Subtract(ref at, 4)), right = Vector512.LoadUnsafe(ref Unsafe.Add(ref at, 4));
            Vector512<byte> upper = Vector512.LoadUnsafe(ref Unsafe.Subtract(ref at, stride)), lower = Vector512.LoadUnsafe(ref Unsafe.Add(ref at, stride));
            Vector512<byte> aboveLeft = Vector512.SubtractSaturate(here, left), belowLeft = Vector512.SubtractSaturate(left, here);
            Vector512<byte> aboveUpper = Vector512.SubtractSaturate(here, upper), belowUpper = Vector512.SubtractSaturate(upper, here);
            Vector512<byte> toLeft = aboveLeft | belowLeft, toUpper = aboveUpper | belowUpper;
            Vector512<byte> across = Vector512.Max(
                Vector512.Min(aboveLeft, Vector512.SubtractSaturate(here, right)), Vector512.Min(belowLeft, Vector512.SubtractSaturate(right, here)));
            Vector512<byte> along = Vector512.Max(
                Vector512.Min(aboveUpper, Vector512.SubtractSaturate(here, lower)), Vector512.Min(belowUpper, Vector512.SubtractSaturate(lower, here)));
            Vector512<int> redLessBlue = Vector512.Abs(RedLessBlue(here) - RedLessBlue(left));

            west |= Zero(toLeft) << x;
            north |= Zero(toUpper) << x;
            smooth |= (Within(toLeft, IPixelTests.Smooth) | Within(toUpper, IPixelTests.Smooth)) << x;
            sharpWest |= Within(toLeft, IPixelTests.Sharp) << x;
            sharpNorth |= Within(toUpper, IPixelTests.Sharp) << x;
            flat |= Within(Vector512.Max(across, along), IPixelTests.Ridge) << x;
            plain |= (uint)Vector512.GreaterThan(Vector512.Create(IPixelTests.Fringe + 1), redLessBlue).ExtractMostSignificantBits() << x;
        }

        return PixelMarks.Of(west, north, smooth, ~sharpWest, ~sharpNorth, ~flat, ~plain);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Zero(Vector512<byte> difference) => (uint)Vector512.Equals(difference.AsUInt32(), Vector512<uint>.Zero).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Within(Vector512<byte> difference, byte limit) => Zero(Vector512.SubtractSaturate(difference, Vector512.Create(limit)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> RedLessBlue(Vector512<byte> pixels) =>
        (Vector512.ShiftRightLogical(pixels.AsInt32(), 16) & Vector512.Create(0xFF)) - (pixels.AsInt32() & Vector512.Create(0xFF));
}
