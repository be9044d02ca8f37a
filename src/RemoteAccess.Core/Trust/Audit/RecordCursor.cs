using Microsoft.Win32.SafeHandles;

namespace RemoteAccess.Trust;

/// <summary>Reads the records of one segment in order, through a buffer that is no larger than the file when it begins. The file may grow while it is read.</summary>
internal sealed class RecordCursor(SafeFileHandle file, long offset)
{
    private const int LeastBuffer = LedgerRecord.MaxEntry + LedgerRecord.Overhead, MostBuffer = 256 * 1024;

    private readonly byte[] buffer = new byte[(int)Math.Clamp(RandomAccess.GetLength(file) - offset, LeastBuffer, MostBuffer)];
    private int start;
    private int filled;
    private long bufferOffset = offset;

    /// <summary>Where the next record begins.</summary>
    public long Offset => bufferOffset + start;

    /// <summary>
    /// What stood from here to the end of the file, or its first <see cref="LedgerRecord.MaxBatch"/> + 1 bytes, when <see cref="Next"/> found neither a whole
    /// record nor the end: the bytes that it judged.
    /// </summary>
    public byte[] Tail { get; private set; } = [];

    /// <summary>The next record's entry, valid until the next call. Anything but a whole record leaves the cursor where it is.</summary>
    public RecordStatus Next(out ReadOnlySpan<byte> entry)
    {
        while (true)
        {
            RecordStatus status = LedgerRecord.TryRead(buffer.AsSpan(start, filled - start), out entry);
            if (status == RecordStatus.Whole)
            {
                start += entry.Length + LedgerRecord.Overhead;
                return status;
            }
            if (status != RecordStatus.Damaged && Refill()) continue;
            if (status == RecordStatus.End) return status;
            // Somebody may have been in the middle of writing it: what is whole by now is read again, and only the rest is judged.
            Tail = ReadTail();
            if (LedgerRecord.TryRead(Tail, out _) != RecordStatus.Whole) return status;
            (bufferOffset, start, filled) = (Offset, 0, 0);
        }
    }

    private byte[] ReadTail()
    {
        byte[] tail = new byte[Math.Clamp(RandomAccess.GetLength(file) - Offset, 0, LedgerRecord.MaxBatch) + 1];
        int length = 0;
        for (int read = -1; read != 0 && length < tail.Length; length += read)
        {
            read = RandomAccess.Read(file, tail.AsSpan(length), Offset + length);
            // It has grown since.
            if (length + read == tail.Length) Array.Resize(ref tail, Math.Min(tail.Length * 2, LedgerRecord.MaxBatch + 1));
        }
        return tail[..length];
    }

    private bool Refill()
    {
        buffer.AsSpan(start, filled - start).CopyTo(buffer);
        bufferOffset += start;
        filled -= start;
        start = 0;
        int read = RandomAccess.Read(file, buffer.AsSpan(filled), bufferOffset + filled);
        filled += read;
        return read > 0;
    }
}
