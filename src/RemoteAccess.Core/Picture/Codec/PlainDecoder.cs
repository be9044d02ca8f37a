using System.IO.Compression;
using RemoteAccess.Transport;

namespace RemoteAccess.Picture;

/// <summary>Decodes what <see cref="PlainEncoder"/> writes; every length and bit is checked before it is used.</summary>
internal sealed class PlainDecoder : IPictureDecoder
{
    private readonly BlockMap damage = new();
    private byte[] raw = [];
    private uint epoch;
    private uint sequence;
    private int nextRow;

    public PictureHeader Decode(ReadOnlySpan<byte> message, Framebuffer picture)
    {
        if (!PictureHeader.TryRead(message, out PictureHeader header)) throw Malformed("header");
        Follow(header, picture);
        ReadOnlySpan<byte> rest = message[PictureHeader.Length..];

        damage.Reset(header.Size);
        int mapBytes = damage.RowBytes * header.BlockRows;
        if (rest.Length < mapBytes) throw Malformed("damage bits");
        for (int row = 0; row < header.BlockRows; row++)
        {
            ReadOnlySpan<byte> packed = rest.Slice(row * damage.RowBytes, damage.RowBytes);
            if ((damage.Columns & 7) != 0 && packed[^1] >> (damage.Columns & 7) != 0) throw Malformed("damage bits beyond the picture");
            packed.CopyTo(damage.Row(header.FirstBlockRow + row));
        }

        if (header.IsNewEpoch && damage.Count(header.FirstBlockRow, header.BlockRows) != header.BlockRows * damage.Columns)
            throw Malformed("an epoch that does not begin with the whole picture");

        if (header.BlockRows > 1 && damage.Count(header.FirstBlockRow, header.BlockRows) > PlainEncoder.MaxBandPixels / (BlockMap.Side * BlockMap.Side)) throw Malformed("band size");
        int expected = PixelBytes(header);
        // One byte more than expected: Brotli reports the end of its stream only with room to spare.
        if (raw.Length <= expected) raw = new byte[expected + 1];
        using var brotli = new BrotliDecoder();
        ReadOnlySpan<byte> compressed = rest[mapBytes..];
        if (brotli.Decompress(compressed, raw.AsSpan(0, expected + 1), out int consumed, out int written) != System.Buffers.OperationStatus.Done
            || consumed != compressed.Length || written != expected) throw Malformed("pixels");
        Scatter(header, picture);
        return header;
    }

    private void Follow(in PictureHeader header, Framebuffer picture)
    {
        if (header.IsNewEpoch && header.FirstBlockRow == 0)
        {
            if (header.Epoch <= epoch || header.Sequence <= sequence) throw Malformed("an epoch that is not newer");
            picture.Reset(header.Size);
        }
        else
        {
            bool continues = nextRow != 0;
            if (header.Epoch != epoch || header.Size != picture.Size || header.FirstBlockRow != nextRow) throw Malformed("band order");
            if (header.IsNewEpoch && !continues) throw Malformed("epoch");
            if (header.Sequence != (continues ? sequence : sequence + 1)) throw Malformed("sequence");
        }

        bool reachesEnd = header.FirstBlockRow + header.BlockRows == (header.Size.Height + BlockMap.Side - 1) / BlockMap.Side;
        if (header.IsLastBand != reachesEnd) throw Malformed("last band");
        (epoch, sequence) = (header.Epoch, header.Sequence);
        nextRow = reachesEnd ? 0 : header.FirstBlockRow + header.BlockRows;
    }

    private int PixelBytes(in PictureHeader header)
    {
        int pixels = 0;
        for (int row = header.FirstBlockRow; row < header.FirstBlockRow + header.BlockRows; row++)
            for (int column = 0; column < damage.Columns; column++)
                if (damage[column, row]) pixels += (int)damage.Block(column, row).Area;
        return pixels * 3;
    }

    private void Scatter(in PictureHeader header, Framebuffer picture)
    {
        Span<byte> pixels = picture.Writable;
        int at = 0;
        for (int row = header.FirstBlockRow; row < header.FirstBlockRow + header.BlockRows; row++)
        {
            for (int column = 0; column < damage.Columns; column++)
            {
                if (!damage[column, row]) continue;
                PixelRect block = damage.Block(column, row);
                picture.AddDamage(block);
                for (int y = block.Y; y < block.Bottom; y++)
                {
                    Span<byte> target = pixels.Slice(y * picture.Stride + block.X * 4, block.Width * 4);
                    for (int x = 0; x < target.Length; x += 4)
                    {
                        target[x] = raw[at++];
                        target[x + 1] = raw[at++];
                        target[x + 2] = raw[at++];
                        target[x + 3] = 0;
                    }
                }
            }
        }
    }

    private static ChannelException Malformed(string what) => new(ChannelError.Malformed, $"A picture message is not of this codec: {what}.");
}
