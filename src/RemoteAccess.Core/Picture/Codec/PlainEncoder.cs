using System.Buffers;
using System.IO.Compression;

namespace RemoteAccess.Picture;

/// <summary>
/// The plain codec: header ‖ damage bits of the band ‖ Brotli of the damaged blocks' pixels (B, G, R; block by block, row by row).
/// Lossless. It stands in for the real codec behind the seam and will be deleted with its decoder.
/// </summary>
internal sealed class PlainEncoder : IPictureEncoder
{
    /// <summary>
    /// The most damaged pixels of one band, unless it is a single row of blocks: bounds the buffers on both sides to about 1 MB each,
    /// while a small change still is one message.
    /// </summary>
    public const int MaxBandPixels = 1 << 18;

    private const int Quality = 1;
    private const int WindowBits = 20;

    private byte[] raw = [];
    private ScreenFrame? frame;
    private BlockMap? damage;
    private PictureHeader header;
    private int nextRow;

    public void Begin(ScreenFrame frame, BlockMap damage, in PictureHeader header)
    {
        this.frame = frame;
        this.damage = damage;
        this.header = header;
        nextRow = 0;
    }

    public bool TryEncodeNext(IBufferWriter<byte> message)
    {
        if (frame is null || damage is null) return false;
        int rows = BandRows(damage, nextRow);
        int length = Gather(frame, damage, nextRow, rows);
        bool last = nextRow + rows == damage.Rows;

        (header with { FirstBlockRow = nextRow, BlockRows = rows, IsLastBand = last }).Write(message.GetSpan(PictureHeader.Length));
        message.Advance(PictureHeader.Length);
        for (int row = nextRow; row < nextRow + rows; row++) message.Write(damage.Row(row));
        Span<byte> compressed = message.GetSpan(BrotliEncoder.GetMaxCompressedLength(length));
        if (!BrotliEncoder.TryCompress(raw.AsSpan(0, length), compressed, out int written, Quality, WindowBits))
            throw new InvalidOperationException("Brotli needed more than its own bound.");
        message.Advance(written);

        nextRow += rows;
        if (last) (frame, damage) = (null, null);
        return true;
    }

    /// <summary>As many rows of blocks as stay within the bound, at least one.</summary>
    private static int BandRows(BlockMap damage, int firstRow)
    {
        int rows = 1;
        int blocks = damage.Count(firstRow, 1);
        while (firstRow + rows < damage.Rows && (blocks += damage.Count(firstRow + rows, 1)) <= MaxBandPixels / (BlockMap.Side * BlockMap.Side)) rows++;
        return rows;
    }

    private int Gather(ScreenFrame frame, BlockMap damage, int firstRow, int rows)
    {
        int capacity = damage.Count(firstRow, rows) * BlockMap.Side * BlockMap.Side * 3;
        if (raw.Length < capacity) raw = new byte[capacity];
        ReadOnlySpan<byte> pixels = frame.Pixels;
        int at = 0;
        for (int row = firstRow; row < firstRow + rows; row++)
        {
            for (int column = 0; column < damage.Columns; column++)
            {
                if (!damage[column, row]) continue;
                PixelRect block = damage.Block(column, row);
                for (int y = block.Y; y < block.Bottom; y++)
                {
                    ReadOnlySpan<byte> source = pixels.Slice(y * frame.Stride + block.X * 4, block.Width * 4);
                    for (int x = 0; x < source.Length; x += 4)
                    {
                        raw[at++] = source[x];
                        raw[at++] = source[x + 1];
                        raw[at++] = source[x + 2];
                    }
                }
            }
        }

        return at;
    }
}
