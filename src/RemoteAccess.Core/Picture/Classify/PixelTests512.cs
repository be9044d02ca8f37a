using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace RemoteAccess.Picture;

/// <summary>The sixteen pixels at once.</summary>
internal readonly struct PixelTests512 : IPixelTests
{
    public static PixelMarks Test(ref byte row, nint stride)
    {
        PixelMarks marks = default;
        for (int x = 0; x < IPixelTests.Pixels; x += 16)
        {
            ref byte at = ref Unsafe.Add(ref row, x * 4);
            Vector512<byte> here = Vector512.LoadUnsafe(ref at);
            Vector512<byte> west = Vector512.LoadUnsafe(ref Unsafe.Subtract(ref at, 4)), east = Vector512.LoadUnsafe(ref Unsafe.Add(ref at, 4));
            Vector512<byte> north = Vector512.LoadUnsafe(ref Unsafe.Subtract(ref at, stride)), south = Vector512.LoadUnsafe(ref Unsafe.Add(ref at, stride));
            Vector512<byte> aboveWest = Vector512.SubtractSaturate(here, west), belowWest = Vector512.SubtractSaturate(west, here);
            Vector512<byte> aboveNorth = Vector512.SubtractSaturate(here, north), belowNorth = Vector512.SubtractSaturate(north, here);
            Vector512<byte> toWest = aboveWest | belowWest, toNorth = aboveNorth | belowNorth;

            Vector512<uint> isWest = Vector512.Equals(toWest.AsUInt32(), Vector512<uint>.Zero), isNorth = Vector512.Equals(toNorth.AsUInt32(), Vector512<uint>.Zero);
            Vector512<uint> isNew = ~(isWest | isNorth);
            Vector512<uint> isSmooth = isNew & (Within(toWest, IPixelTests.Smooth) | Within(toNorth, IPixelTests.Smooth));
            Vector512<uint> isStroke = Vector512.AndNot(isWest, Within(toNorth, IPixelTests.Sharp)) | Vector512.AndNot(isNorth, Within(toWest, IPixelTests.Sharp));

            Vector512<byte> across = Vector512.Max(
                Vector512.Min(aboveWest, Vector512.SubtractSaturate(here, east)), Vector512.Min(belowWest, Vector512.SubtractSaturate(east, here)));
            Vector512<byte> along = Vector512.Max(
                Vector512.Min(aboveNorth, Vector512.SubtractSaturate(here, south)), Vector512.Min(belowNorth, Vector512.SubtractSaturate(south, here)));
            Vector512<uint> isRidge = ~Within(Vector512.Max(across, along), IPixelTests.Ridge);
            Vector512<uint> isFringe = Vector512.GreaterThan(Vector512.Abs(RedLessBlue(here) - RedLessBlue(west)), Vector512.Create(IPixelTests.Fringe)).AsUInt32();

            marks.New |= (uint)isNew.ExtractMostSignificantBits() << x;
            marks.Smooth |= (uint)isSmooth.ExtractMostSignificantBits() << x;
            marks.Stroke |= (uint)isStroke.ExtractMostSignificantBits() << x;
            marks.Ridge |= (uint)isRidge.ExtractMostSignificantBits() << x;
            marks.Fringe |= (uint)isFringe.ExtractMostSignificantBits() << x;
        }

        return marks;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<uint> Within(Vector512<byte> difference, byte limit) =>
        Vector512.Equals(Vector512.SubtractSaturate(difference, Vector512.Create(limit)).AsUInt32(), Vector512<uint>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> RedLessBlue(Vector512<byte> pixels) =>
        (Vector512.ShiftRightLogical(pixels.AsInt32(), 16) & Vector512.Create(0xFF)) - (pixels.AsInt32() & Vector512.Create(0xFF));
}
