using RemoteAccess.Picture;

namespace RemoteAccess.Benchmarks;

/// <summary>A whole frame through the context coder, row by row, and back.</summary>
internal sealed class TextCoder
{
    private readonly ScreenFrame frame;
    private readonly RangeEncoder encoder = new();
    private readonly RangeDecoder decoder = new();
    private readonly ContextModel encoding = new();
    private readonly ContextModel decoding = new();
    private readonly PixelRows rows = new();
    private readonly InexactBlocks exact = new();
    private readonly byte[] decoded;
    private byte[] payload = [];
    private int length;

    public TextCoder(ScreenFrame frame)
    {
        this.frame = frame;
        decoded = new byte[frame.Size.Width * frame.Size.Height * 4];
        rows.Reset(frame.Size.Width);
        exact.Reset(frame.Size);
        var all = new BlockClasses();
        var tiles = new TileMap();
        all.Reset(frame.Size);
        tiles.Reset(frame.Size);
        for (int row = 0; row < all.Rows; row++) all.Row(row).Fill(BlockClass.Context);
        exact.Apply(all, tiles.Kinds, default);
    }

    public void Reset()
    {
        encoding.Reset();
        decoding.Reset();
    }

    public void Encode()
    {
        encoder.Reset();
        for (int y = 0; y < frame.Size.Height; y++)
        {
            rows.Load(frame.Pixels, frame.Stride, frame.Size, y, 0, exact.Columns, exact);
            ContextEncoder.EncodeRow(encoder, encoding, rows.North2, rows.North, rows.Row, PixelRows.Margin, PixelRows.Margin + frame.Size.Width);
        }

        ReadOnlySpan<byte> coded = encoder.Finish();
        length = coded.Length;
        if (payload.Length < length) payload = new byte[2 * length];
        coded.CopyTo(payload);
    }

    public void Decode()
    {
        decoder.Reset(payload.AsSpan(0, length));
        int stride = frame.Size.Width * 4;
        for (int y = 0; y < frame.Size.Height; y++)
        {
            rows.Load(decoded, stride, frame.Size, y, 0, exact.Columns, exact);
            ContextDecoder.DecodeRow(decoder, decoding, rows.North2, rows.North, rows.Row, PixelRows.Margin, PixelRows.Margin + frame.Size.Width);
            System.Runtime.InteropServices.MemoryMarshal.AsBytes(rows.Row.Slice(PixelRows.Margin, frame.Size.Width)).CopyTo(decoded.AsSpan(y * stride));
        }

        decoder.DemandEnd();
    }
}
