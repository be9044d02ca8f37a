using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

public sealed class PngWriterTests
{
    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(3, 2, 8)]
    [InlineData(257, 129, 0)]
    [InlineData(640, 200, 64)]
    public void Write_AnyPicture_ReadsBackExactly(int width, int height, int slack)
    {
        int stride = width * 4 + slack;
        var pixels = new byte[stride * height - slack];
        var random = new Random(width);
        // A third noise, a third gradient across, a third equal rows: each of the filters is best somewhere.
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width * 4; x++)
                pixels[y * stride + x] = (byte)(y * 3 / height == 0 ? random.Next(256) : y * 3 / height == 1 ? 128 + x + y * y : (x * x) ^ (x >> 3));
        }

        using var file = new MemoryStream();
        PngWriter.Write(file, new PixelSize(width, height), stride, pixels);
        (PixelSize size, byte[] rgb) = PngReader.Read(file.ToArray());
        Assert.Equal(new PixelSize(width, height), size);
        for (int i = 0; i < width * height; i++)
        {
            int at = i / width * stride + i % width * 4;
            Assert.Equal((pixels[at + 2], pixels[at + 1], pixels[at]), (rgb[3 * i], rgb[3 * i + 1], rgb[3 * i + 2]));
        }
    }

    [Fact]
    public void Write_KnownPixel_HasTheStandardsChecksum()
    {
        using var file = new MemoryStream();
        PngWriter.Write(file, new PixelSize(1, 1), 4, [1, 2, 3, 255]);
        // The end chunk's checksum is a constant of the standard.
        Assert.Equal([0, 0, 0, 0, (byte)'I', (byte)'E', (byte)'N', (byte)'D', 0xAE, 0x42, 0x60, 0x82], file.ToArray()[^12..]);
        Assert.Equal([3, 2, 1], PngReader.Read(file.ToArray()).Rgb);
    }

    [Theory]
    [InlineData(0, 1, 4, 4)]
    [InlineData(2, 1, 7, 8)]
    [InlineData(2, 2, 8, 15)]
    [InlineData(int.MaxValue, int.MaxValue, int.MaxValue, 16)]
    public void Write_SizesThatDoNotFit_AreRefusedAndNothingIsWritten(int width, int height, int stride, int length)
    {
        using var file = new MemoryStream();
        Assert.ThrowsAny<ArgumentException>(() => PngWriter.Write(file, new PixelSize(width, height), stride, new byte[length]));
        Assert.Equal(0, file.Length);
    }
}
