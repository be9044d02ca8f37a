namespace RemoteAccess.Trust;

/// <summary>
/// The disk as the ledger writes it: every change of a file's bytes or length goes through here. A seam so that tests can fail and count what no test
/// can make a real disk do, and cut its power.
/// </summary>
internal interface ILedgerDisk
{
    void Write(FileStream file, ReadOnlySpan<byte> bytes, long offset);

    void SetLength(FileStream file, long length);

    /// <summary>Returns when what was written can survive a loss of power.</summary>
    void Flush(FileStream file);

    /// <summary>After a loss of power the file may be back.</summary>
    void Delete(string path);
}

/// <summary>The real one.</summary>
internal sealed class FileSystemDisk : ILedgerDisk
{
    public void Write(FileStream file, ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(file.SafeFileHandle, bytes, offset);

    public void SetLength(FileStream file, long length) => RandomAccess.SetLength(file.SafeFileHandle, length);

    public void Delete(string path) => File.Delete(path);

    public void Flush(FileStream file) => RandomAccess.FlushToDisk(file.SafeFileHandle);
}
