using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>Four pixels at once.</summary>
internal readonly struct PixelTests128 : IPixelTests
{
    public static PixelMarks Test(ref byte row, nint stride)
    {
        PixelMarks marks = default;
        for (int x = 0; x < IPixelTests.Pixels; x += 4)
        {
            ref byte at = ref Unsafe.Add(ref row, x * 4);
            Vector128<byte> here = Vector128.LoadUnsafe(ref at);
            Vector128<byte> west = Vector128.LoadUnsafe(ref Unsafe.Subtract(ref at, 4)), east = Vector128.LoadUnsafe(ref Unsafe.Add(ref at, 4));
            Vector128<byte> north = Vector128.LoadUnsafe(ref Unsafe.Subtract(ref at, stride)), south = Vector128.LoadUnsafe(ref Unsafe.Add(ref at, stride));
            Vector128<byte> aboveWest = Vector128.SubtractSaturate(here, west), belowWest = Vector128.SubtractSaturate(west, here);
            Vector128<byte> aboveNorth = Vector128.SubtractSaturate(here, north), belowNorth = Vector128.SubtractSaturate(north, here);
            Vector128<byte> toWest = aboveWest | belowWest, toNorth = aboveNorth | belowNorth;

            Vector128<uint> isWest = Vector128.Equals(toWest.AsUInt32(), Vector128<uint>.Zero), isNorth = Vector128.Equals(toNorth.AsUInt32(), Vector128<uint>.Zero);
            Vector128<uint> isNew = ~(isWest | isNorth);
            Vector128<uint> isSmooth = isNew & (Within(toWest, IPixelTests.Smooth) | Within(toNorth, IPixelTests.Smooth));
            Vector128<uint> isStroke = Vector128.AndNot(isWest, Within(toNorth, IPixelTests.Sharp)) | Vector128.AndNot(isNorth, Within(toWest, IPixelTests.Sharp));

            Vector128<byte> across = Vector128.Max(
                Vector128.Min(aboveWest, Vector128.SubtractSaturate(here, east)), Vector128.Min(belowWest, Vector128.SubtractSaturate(east, here)));
            Vector128<byte> along = Vector128.Max(
                Vector128.Min(aboveNorth, Vector128.SubtractSaturate(here, south)), Vector128.Min(belowNorth, Vector128.SubtractSaturate(south, here)));
            Vector128<uint> isRidge = ~Within(Vector128.Max(across, along), IPixelTests.Ridge);
            Vector128<uint> isFringe = Vector128.GreaterThan(Vector128.Abs(RedLessBlue(here) - RedLessBlue(west)), Vector128.Create(IPixelTests.Fringe)).AsUInt32();

            marks.New |= (uint)isNew.ExtractMostSignificantBits() << x;
            marks.Smooth |= (uint)isSmooth.ExtractMostSignificantBits() << x;
            marks.Stroke |= (uint)isStroke.ExtractMostSignificantBits() << x;
            marks.Ridge |= (uint)isRidge.ExtractMostSignificantBits() << x;
            marks.Fringe |= (uint)isFringe.ExtractMostSignificantBits() << x;
        }

        return marks;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Within(Vector128<byte> difference, byte limit) =>
        Vector128.Equals(Vector128.SubtractSaturate(difference, Vector128.Create(limit)).AsUInt32(), Vector128<uint>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<int> RedLessBlue(Vector128<byte> pixels) =>
        (Vector128.ShiftRightLogical(pixels.AsInt32(), 16) & Vector128.Create(0xFF)) - (pixels.AsInt32() & Vector128.Create(0xFF));
}
