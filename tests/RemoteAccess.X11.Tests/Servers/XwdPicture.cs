using System.Buffers.Binary;

namespace RemoteAccess.Tests;

/// <summary>A window dump of xwd, format version 7 (XWDFile.h): a header of 25 big-endian words, a name, colours, rows.</summary>
internal sealed class XwdPicture
{
    private XwdPicture(PixelSize size, uint[] pixels)
    {
        Size = size;
        Pixels = pixels;
    }

    public PixelSize Size { get; }

    /// <summary>0x00RRGGBB, rows without slack.</summary>
    public uint[] Pixels { get; }

    public static XwdPicture Parse(byte[] file)
    {
        int Word(int index) => BinaryPrimitives.ReadInt32BigEndian(file.AsSpan(index * 4));
        Assert.Equal(7, Word(1));
        int width = Word(4), height = Word(5), byteOrder = Word(7), bits = Word(11), stride = Word(12), colours = Word(19);
        // With windows of another depth on the screen, xwd puts the picture together itself, three bytes a pixel.
        Assert.True(bits is 24 or 32, $"{bits} bits a pixel");
        int at = Word(0) + (colours * 12);
        uint[] pixels = new uint[width * height];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                ReadOnlySpan<byte> pixel = file.AsSpan(at + (y * stride) + (x * bits / 8), bits / 8);
                pixels[(y * width) + x] = byteOrder == 0
                    ? (uint)(pixel[0] | (pixel[1] << 8) | (pixel[2] << 16))
                    : (uint)(pixel[^1] | (pixel[^2] << 8) | (pixel[^3] << 16));
            }
        }
        return new XwdPicture(new PixelSize(width, height), pixels);
    }
}
