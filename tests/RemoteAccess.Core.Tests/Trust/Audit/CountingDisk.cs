using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>The real disk, counting, and failing when told to.</summary>
internal sealed class CountingDisk : ILedgerDisk
{
    private readonly FileSystemDisk real = new();
    private int flushes;

    public int Flushes => Volatile.Read(ref flushes);

    public int Writes { get; private set; }

    /// <summary>Thrown by the next flush, after the bytes went to the file.</summary>
    public Exception? FailFlush { get; set; }

    /// <summary>Thrown by the next write, after half of its bytes went to the file.</summary>
    public Exception? FailWrite { get; set; }

    /// <summary>Called in each flush before it happens.</summary>
    public Action? Flushing { get; set; }

    public void Write(FileStream file, ReadOnlySpan<byte> bytes, long offset)
    {
        Writes++;
        if (FailWrite is { } failure)
        {
            FailWrite = null;
            real.Write(file, bytes[..(bytes.Length / 2)], offset);
            throw failure;
        }

        real.Write(file, bytes, offset);
    }

    public void Delete(string path) => real.Delete(path);

    public void SetLength(FileStream file, long length) => real.SetLength(file, length);

    public void Flush(FileStream file)
    {
        Interlocked.Increment(ref flushes);
        Flushing?.Invoke();
        if (FailFlush is { } failure)
        {
            FailFlush = null;
            throw failure;
        }

        real.Flush(file);
    }
}
