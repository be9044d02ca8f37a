using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace RemoteAccess.Tests;

/// <summary>Reads what a PNG of 8-bit red, green and blue says, independently of the writer: every filter, checksums bit by bit.</summary>
internal static class PngReader
{
    public static (PixelSize Size, byte[] Rgb) Read(ReadOnlySpan<byte> file)
    {
        Assert.True(file[..8].SequenceEqual(new byte[] { 137, 80, 78, 71, 13, 10, 26, 10 }));
        file = file[8..];
        byte[] header = [];
        using var compressed = new MemoryStream();
        for (string type = ""; type != "IEND";)
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(file);
            type = Encoding.ASCII.GetString(file.Slice(4, 4));
            ReadOnlySpan<byte> data = file.Slice(8, length);
            Assert.Equal(BinaryPrimitives.ReadUInt32BigEndian(file[(8 + length)..]), Checksum(file.Slice(4, 4 + length)));
            if (type == "IHDR") header = data.ToArray();
            else if (type == "IDAT") compressed.Write(data);
            else Assert.Equal(("IEND", 0), (type, length));
            file = file[(12 + length)..];
        }

        Assert.Equal(0, file.Length);
        Assert.Equal([8, 2, 0, 0, 0], header[8..]);
        var size = new PixelSize(BinaryPrimitives.ReadInt32BigEndian(header), BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4)));
        compressed.Position = 0;
        using var inflated = new MemoryStream();
        using (var zlib = new ZLibStream(compressed, CompressionMode.Decompress)) zlib.CopyTo(inflated);
        return (size, Unfilter(inflated.ToArray(), size));
    }

    private static byte[] Unfilter(byte[] rows, PixelSize size)
    {
        int length = size.Width * 3;
        Assert.Equal((length + 1) * size.Height, rows.Length);
        var rgb = new byte[length * size.Height];
        for (int y = 0; y < size.Height; y++)
        {
            byte filter = rows[y * (length + 1)];
            for (int x = 0; x < length; x++)
            {
                int left = x < 3 ? 0 : rgb[y * length + x - 3], up = y == 0 ? 0 : rgb[(y - 1) * length + x];
                int predicted = filter switch
                {
                    0 => 0,
                    1 => left,
                    2 => up,
                    _ => throw new InvalidDataException($"The writer is not meant to use filter {filter}."),
                };
                rgb[y * length + x] = (byte)(rows[y * (length + 1) + 1 + x] + predicted);
            }
        }

        return rgb;
    }

    private static uint Checksum(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in data)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
        }

        return ~crc;
    }
}
