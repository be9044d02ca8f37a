using Microsoft.Win32.SafeHandles;

namespace RemoteAccess.Trust;

/// <summary>Reads checkpoint notes in order, up to <c>limit</c>, through a buffer of fixed size; signatures are the caller's to check.</summary>
internal sealed class CheckpointCursor(SafeFileHandle file, CheckpointNote notes, long offset, long limit = long.MaxValue)
{
    private readonly byte[] buffer = new byte[64 * CheckpointNote.MaxLength];
    private int start;
    private int filled;
    private long bufferOffset = offset;

    /// <summary>Where the next note begins.</summary>
    public long Offset => bufferOffset + start;

    /// <summary>The next note, or null where none can be read: at the end, at a torn tail, at damage.</summary>
    public LedgerCheckpoint? Next()
    {
        if (filled - start < CheckpointNote.MaxLength) Refill();
        if (!notes.TryRead(buffer.AsSpan(start, filled - start), out LedgerCheckpoint? checkpoint, out int consumed)) return null;
        start += consumed;
        return checkpoint;
    }

    /// <summary>What stands from here on, at most <see cref="CheckpointNote.MaxLength"/> bytes.</summary>
    public ReadOnlySpan<byte> ReadTail()
    {
        if (filled - start < CheckpointNote.MaxLength) Refill();
        return buffer.AsSpan(start, Math.Min(filled - start, CheckpointNote.MaxLength));
    }

    private void Refill()
    {
        buffer.AsSpan(start, filled - start).CopyTo(buffer);
        bufferOffset += start;
        filled -= start;
        start = 0;
        for (int read = -1; read != 0; filled += read)
        {
            long wanted = Math.Min(buffer.Length - filled, limit - bufferOffset - filled);
            read = RandomAccess.Read(file, buffer.AsSpan(filled, (int)wanted), bufferOffset + filled);
        }
    }
}
