using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>Eight pixels at once.</summary>
internal readonly struct PixelTests256 : IPixelTests
{
    public static PixelMarks Test(ref byte row, nint stride)
    {
        PixelMarks marks = default;
        for (int x = 0; x < IPixelTests.Pixels; x += 8)
        {
            ref byte at = ref Unsafe.Add(ref row, x * 4);
            Vector256<byte> here = Vector256.LoadUnsafe(ref at);
            Vector256<byte> west = Vector256.LoadUnsafe(ref Unsafe.Subtract(ref at, 4)), east = Vector256.LoadUnsafe(ref Unsafe.Add(ref at, 4));
            Vector256<byte> north = Vector256.LoadUnsafe(ref Unsafe.Subtract(ref at, stride)), south = Vector256.LoadUnsafe(ref Unsafe.Add(ref at, stride));
            Vector256<byte> aboveWest = Vector256.SubtractSaturate(here, west), belowWest = Vector256.SubtractSaturate(west, here);
            Vector256<byte> aboveNorth = Vector256.SubtractSaturate(here, north), belowNorth = Vector256.SubtractSaturate(north, here);
            Vector256<byte> toWest = aboveWest | belowWest, toNorth = aboveNorth | belowNorth;

            Vector256<uint> isWest = Vector256.Equals(toWest.AsUInt32(), Vector256<uint>.Zero), isNorth = Vector256.Equals(toNorth.AsUInt32(), Vector256<uint>.Zero);
            Vector256<uint> isNew = ~(isWest | isNorth);
            Vector256<uint> isSmooth = isNew & (Within(toWest, IPixelTests.Smooth) | Within(toNorth, IPixelTests.Smooth));
            Vector256<uint> isStroke = Vector256.AndNot(isWest, Within(toNorth, IPixelTests.Sharp)) | Vector256.AndNot(isNorth, Within(toWest, IPixelTests.Sharp));

            Vector256<byte> across = Vector256.Max(
                Vector256.Min(aboveWest, Vector256.SubtractSaturate(here, east)), Vector256.Min(belowWest, Vector256.SubtractSaturate(east, here)));
            Vector256<byte> along = Vector256.Max(
                Vector256.Min(aboveNorth, Vector256.SubtractSaturate(here, south)), Vector256.Min(belowNorth, Vector256.SubtractSaturate(south, here)));
            Vector256<uint> isRidge = ~Within(Vector256.Max(across, along), IPixelTests.Ridge);
            Vector256<uint> isFringe = Vector256.GreaterThan(Vector256.Abs(RedLessBlue(here) - RedLessBlue(west)), Vector256.Create(IPixelTests.Fringe)).AsUInt32();

            marks.New |= (uint)isNew.ExtractMostSignificantBits() << x;
            marks.Smooth |= (uint)isSmooth.ExtractMostSignificantBits() << x;
            marks.Stroke |= (uint)isStroke.ExtractMostSignificantBits() << x;
            marks.Ridge |= (uint)isRidge.ExtractMostSignificantBits() << x;
            marks.Fringe |= (uint)isFringe.ExtractMostSignificantBits() << x;
        }

        return marks;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<uint> Within(Vector256<byte> difference, byte limit) =>
        Vector256.Equals(Vector256.SubtractSaturate(difference, Vector256.Create(limit)).AsUInt32(), Vector256<uint>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> RedLessBlue(Vector256<byte> pixels) =>
        (Vector256.ShiftRightLogical(pixels.AsInt32(), 16) & Vector256.Create(0xFF)) - (pixels.AsInt32() & Vector256.Create(0xFF));
}
