using System.Runtime.InteropServices;
using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

public sealed class PixelTestsTests
{
    private const int Stride = 18 * 4;

    [Theory]
    [InlineData(2)]
    [InlineData(60)]
    [InlineData(256)]
    public void Test_RandomPixels_EveryPathMarksTheSame(int range)
    {
        var random = new Random(range);
        byte[] pixels = new byte[3 * Stride];
        PixelMarks seen = default;
        for (int round = 0; round < 5000; round++)
        {
            for (int i = 0; i < pixels.Length; i++) pixels[i] = i % 4 == 3 ? (byte)0 : (byte)(random.Next(4) == 0 ? random.Next(range) : pixels[Math.Max(i - 4, i % 4)]);
            ref byte row = ref MemoryMarshal.GetReference(pixels.AsSpan(Stride + 4));
            PixelMarks expected = PixelTestsScalar.Test(ref row, Stride);
            Assert.Equal(expected, PixelTests512.Test(ref row, Stride));
            Assert.Equal(expected, PixelTests256.Test(ref row, Stride));
            Assert.Equal(expected, PixelTests128.Test(ref row, Stride));
            seen.New |= expected.New;
            seen.Smooth |= expected.Smooth;
            seen.Stroke |= expected.Stroke;
            seen.Ridge |= expected.Ridge;
            seen.Fringe |= expected.Fringe;
        }

        Assert.Equal(0xFFFFu, seen.New);
        Assert.Equal(0xFFFFu, seen.Smooth);
        if (range > 40) Assert.Equal((0xFFFFu, 0xFFFFu, 0xFFFFu), (seen.Stroke, seen.Ridge, seen.Fringe));
    }

    [Fact]
    public void Test_LimitsOfEachRule_AreWhereTheConstantsSay()
    {
        Assert.Equal(1u, Marks(100, 100 - IPixelTests.Smooth, 0, 100, 100).Smooth);
        Assert.Equal(0u, Marks(100, 100 - IPixelTests.Smooth - 1, 0, 100, 100).Smooth);
        Assert.Equal(0u, Marks(100, 100, 100 - IPixelTests.Sharp, 100, 100).Stroke);
        Assert.Equal(1u, Marks(100, 100, 100 - IPixelTests.Sharp - 1, 100, 100).Stroke);
        Assert.Equal(0u, Marks(100, 100 - IPixelTests.Ridge, 100, 50, 100).Ridge);
        Assert.Equal(1u, Marks(100, 100 - IPixelTests.Ridge - 1, 100, 50, 100).Ridge);
        Assert.Equal(0u, Marks(100, 100, 50, 100, 100 + IPixelTests.Ridge).Ridge);
        Assert.Equal(1u, Marks(100, 100, 140, 100, 100 + IPixelTests.Ridge + 1).Ridge);
        Assert.Equal(0u, Marks(100, 100 + IPixelTests.Fringe, 100, 100, 100).Fringe);
        Assert.Equal(1u, Marks(100, 100 + IPixelTests.Fringe + 1, 100, 100, 100).Fringe);
    }

    /// <summary>The first pixel's marks, with its and its four neighbours' blue.</summary>
    private static PixelMarks Marks(int here, int west, int north, int east, int south)
    {
        byte[] pixels = new byte[3 * Stride];
        pixels[Stride + 4] = (byte)here;
        pixels[Stride] = (byte)west;
        pixels[Stride + 8] = (byte)east;
        pixels[4] = (byte)north;
        pixels[2 * Stride + 4] = (byte)south;
        PixelMarks marks = PixelTestsScalar.Test(ref MemoryMarshal.GetReference(pixels.AsSpan(Stride + 4)), Stride);
        return new PixelMarks { New = marks.New & 1, Smooth = marks.Smooth & 1, Stroke = marks.Stroke & 1, Ridge = marks.Ridge & 1, Fringe = marks.Fringe & 1 };
    }
}
