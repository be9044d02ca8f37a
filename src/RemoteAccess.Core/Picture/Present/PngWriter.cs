using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace RemoteAccess.Picture;

/// <summary>Writes pictures as PNG (ISO/IEC 15948), 8 bits of red, green and blue, exact. Thread-safe.</summary>
public static class PngWriter
{
    private const int BytesPerPixel = 3;

    private static ReadOnlySpan<byte> Signature => [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Writes one picture; the stream need not seek and stays open.</summary>
    /// <param name="output">Where the file's bytes go, from the signature to the last chunk.</param>
    /// <param name="size">Pixels across and down, at least 1 each.</param>
    /// <param name="stride">Bytes from one row to the next, at least four times the width.</param>
    /// <param name="bgrx">B, G, R and a byte that is not looked at for each pixel, top row first; the last row may lack its slack.</param>
    /// <exception cref="ArgumentException">Size, stride and length do not fit together.</exception>
    /// <exception cref="IOException">The stream could not be written to.</exception>
    public static void Write(Stream output, PixelSize size, int stride, ReadOnlySpan<byte> bgrx)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (size.Width < 1 || size.Height < 1) throw new ArgumentException($"A picture of {size} pixels cannot be written.", nameof(size));
        if (stride < size.Width * 4L) throw new ArgumentException($"A row of {size.Width} pixels takes {size.Width * 4L} bytes, not {stride}.", nameof(stride));
        if (bgrx.Length < (size.Height - 1L) * stride + size.Width * 4L)
            throw new ArgumentException($"{bgrx.Length} bytes do not hold {size} pixels with {stride} bytes a row.", nameof(bgrx));

        output.Write(Signature);
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, size.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], size.Height);
        header[8] = 8; // bits a sample
        header[9] = 2; // red, green, blue
        header[10..].Clear(); // deflate, adaptive filters, not interlaced
        PngChunk.Write(output, "IHDR"u8, header);
        using (var data = new PngDataStream(output))
        using (var compressed = new ZLibStream(data, CompressionLevel.Fastest, leaveOpen: true))
        {
            WriteRows(compressed, size, stride, bgrx);
        }

        PngChunk.Write(output, "IEND"u8, []);
    }

    private static void WriteRows(ZLibStream compressed, PixelSize size, int stride, ReadOnlySpan<byte> bgrx)
    {
        int length = size.Width * BytesPerPixel;
        byte[] rented = ArrayPool<byte>.Shared.Rent(3 * (length + 1));
        try
        {
            Span<byte> row = rented.AsSpan(0, length), above = rented.AsSpan(length, length), filtered = rented.AsSpan(2 * length, length + 1);
            above.Clear();
            for (int y = 0; y < size.Height; y++)
            {
                ReadOnlySpan<byte> source = bgrx.Slice(y * stride, size.Width * 4);
                for (int x = 0; x < size.Width; x++)
                {
                    row[3 * x] = source[4 * x + 2];
                    row[3 * x + 1] = source[4 * x + 1];
                    row[3 * x + 2] = source[4 * x];
                }

                PngFilter.Apply(row, above, filtered, BytesPerPixel);
                compressed.Write(filtered);
                Span<byte> done = row;
                row = above;
                above = done;
            }
        }
        finally
        {
            // Pixels are not left behind in a shared array.
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }
}
