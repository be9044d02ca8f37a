namespace RemoteAccess.Picture;

/// <summary>Cuts what is written to it into data chunks of a PNG file. Disposing it writes the last one.</summary>
internal sealed class PngDataStream(Stream output) : Stream
{
    private readonly byte[] chunk = new byte[64 * 1024];
    private int filled;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int part = Math.Min(buffer.Length, chunk.Length - filled);
            buffer[..part].CopyTo(chunk.AsSpan(filled));
            filled += part;
            buffer = buffer[part..];
            if (filled == chunk.Length) WriteChunk();
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && filled > 0) WriteChunk();
        base.Dispose(disposing);
    }

    private void WriteChunk()
    {
        PngChunk.Write(output, "IDAT"u8, chunk.AsSpan(0, filled));
        filled = 0;
    }
}
