using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>Four pixels at once.</summary>
internal readonly struct PixelTests128 : IPixelTests
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PixelMarks Test(ref byte row, nint stride)
    {
        uint west = 0, north = 0, smooth = 0, sharpWest = 0, sharpNorth = 0, flat = 0, plain = 0;
        for (int x = 0; x < IPixelTests.Pixels; x += 4)
        {
            ref byte at = ref Unsafe.Add(ref row, x * 4);
            Vector128<byte> here = Vector128.LoadUnsafe(ref at);
            Vector128<byte> left = Vector128.LoadUnsafe(ref Unsafe.Subtract(ref at, 4)), right = Vector128.LoadUnsafe(ref Unsafe.Add(ref at, 4));
            Vector128<byte> upper = Vector128.LoadUnsafe(ref Unsafe.Subtract(ref at, stride)), lower = Vector128.LoadUnsafe(ref Unsafe.Add(ref at, stride));
            Vector128<byte> aboveLeft = Vector128.SubtractSaturate(here, left), belowLeft = Vector128.SubtractSaturate(left, here);
            Vector128<byte> aboveUpper = Vector128.SubtractSaturate(here, upper), belowUpper = Vector128.SubtractSaturate(upper, here);
            Vector128<byte> toLeft = aboveLeft | belowLeft, toUpper = aboveUpper | belowUpper;
            Vector128<byte> across = Vector128.Max(
                Vector128.Min(aboveLeft, Vector128.SubtractSaturate(here, right)), Vector128.Min(belowLeft, Vector128.SubtractSaturate(right, here)));
            Vector128<byte> along = Vector128.Max(
                Vector128.Min(aboveUpper, Vector128.SubtractSaturate(here, lower)), Vector128.Min(belowUpper, Vector128.SubtractSaturate(lower, here)));
            Vector128<int> redLessBlue = Vector128.Abs(RedLessBlue(here) - RedLessBlue(left));

            west |= Zero(toLeft) << x;
            north |= Zero(toUpper) << x;
            smooth |= (Within(toLeft, IPixelTests.Smooth) | Within(toUpper, IPixelTests.Smooth)) << x;
            sharpWest |= Within(toLeft, IPixelTests.Sharp) << x;
            sharpNorth |= Within(toUpper, IPixelTests.Sharp) << x;
            flat |= Within(Vector128.Max(across, along), IPixelTests.Ridge) << x;
            plain |= (uint)Vector128.GreaterThan(Vector128.Create(IPixelTests.Fringe + 1), redLessBlue).ExtractMostSignificantBits() << x;
        }

        return PixelMarks.Of(west, north, smooth, ~sharpWest, ~sharpNorth, ~flat, ~plain);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Zero(Vector128<byte> difference) => (uint)Vector128.Equals(difference.AsUInt32(), Vector128<uint>.Zero).ExtractMostSignificantBits();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Within(Vector128<byte> difference, byte limit) => Zero(Vector128.SubtractSaturate(difference, Vector128.Create(limit)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> RedLessBlue(Vector128<byte> pixels) =>
        (Vector128.ShiftRightLogical(pixels.AsInt32(), 16) & Vector128.Create(0xFF)) - (pixels.AsInt32() & Vector128.Create(0xFF));
}
