using Microsoft.Win32.SafeHandles;

namespace RemoteAccess.Trust;

/// <summary>The disk as the ledger writes it; a seam so that tests can fail and count what no test can make a real disk do.</summary>
internal interface ILedgerDisk
{
    void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset);

    /// <summary>Returns when what was written can survive a loss of power.</summary>
    void Flush(SafeFileHandle file);
}

/// <summary>The real one.</summary>
internal sealed class FileSystemDisk : ILedgerDisk
{
    public void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(file, bytes, offset);

    public void Flush(SafeFileHandle file) => RandomAccess.FlushToDisk(file);
}
