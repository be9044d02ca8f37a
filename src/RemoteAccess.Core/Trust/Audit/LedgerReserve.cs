using System.Security.Cryptography;

namespace RemoteAccess.Trust;

/// <summary>
/// One MiB held back on the disk so that the end of what is running can still be written when the disk is full. Ordinary entries
/// need it whole, so a session can only begin while its end has room.
/// </summary>
internal sealed class LedgerReserve(string directory, ILedgerDisk disk)
{
    public const int Size = 1024 * 1024;

    private readonly string path = Path.Combine(directory, LedgerFiles.Reserve);

    /// <summary>Makes it if it is not there.</summary>
    /// <exception cref="StateException">There is no room for it.</exception>
    public void Require()
    {
        if (new FileInfo(path) is { Exists: true, Length: Size }) return;
        // Random, because a file system that compresses would hold nothing back for zeros.
        byte[] filling = RandomNumberGenerator.GetBytes(Size);
        using FileStream file = LedgerFiles.OpenForWriting(path);
        try
        {
            FileFault.Run(path, () => disk.Write(file.SafeFileHandle, filling, 0));
            FileFault.Run(path, () => disk.Flush(file.SafeFileHandle));
        }
        catch (StateException)
        {
            FileFault.Run(path, () => RandomAccess.SetLength(file.SafeFileHandle, 0));
            throw;
        }
    }

    /// <summary>Gives its room back to the disk; false when it was spent before.</summary>
    public bool Release()
    {
        if (!File.Exists(path)) return false;
        using FileStream file = LedgerFiles.OpenForWriting(path);
        if (file.Length == 0) return false;
        FileFault.Run(path, () => RandomAccess.SetLength(file.SafeFileHandle, 0));
        FileFault.Run(path, () => disk.Flush(file.SafeFileHandle));
        return true;
    }
}
