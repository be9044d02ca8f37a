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
            // The last byte goes when the others are on the disk: after a loss of power a reserve of full length is a reserve, not a hole of that size.
            FileFault.Run(path, () => disk.Write(file, filling.AsSpan(0, Size - 1), 0));
            FileFault.Run(path, () => disk.Flush(file));
            FileFault.Run(path, () => disk.Write(file, filling.AsSpan(Size - 1), Size - 1));
            FileFault.Run(path, () => disk.Flush(file));
        }
        catch (StateException)
        {
            FileFault.Run(path, () => disk.SetLength(file, 0));
            throw;
        }
    }

    /// <summary>Gives its room back to the disk; false when it was spent before.</summary>
    public bool Release()
    {
        if (!File.Exists(path)) return false;
        using FileStream file = LedgerFiles.OpenForWriting(path);
        if (file.Length == 0) return false;
        FileFault.Run(path, () => disk.SetLength(file, 0));
        FileFault.Run(path, () => disk.Flush(file));
        return true;
    }
}
