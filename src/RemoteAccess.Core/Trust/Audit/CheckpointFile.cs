using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>The signed checkpoints, one note after the other (docs/ledger.md §5). Everything here happens under the lock.</summary>
internal sealed class CheckpointFile(string directory, CheckpointNote notes, ILedgerDisk disk) : IDisposable
{
    private readonly string path = Path.Combine(directory, LedgerFiles.Checkpoints);
    private FileStream? file;
    private long end;

    /// <summary>The latest one, its signature checked.</summary>
    public LedgerCheckpoint? Last { get; private set; }

    /// <summary>Reads what is new and cuts a torn tail.</summary>
    /// <exception cref="StateException">It is not what was written.</exception>
    public void CatchUp()
    {
        file ??= LedgerFiles.OpenForWriting(path);
        long length = RandomAccess.GetLength(file.SafeFileHandle);
        if (length < end || !File.Exists(path)) throw Damaged("was cut or removed while the ledger was open");
        if (length == end) return;
        LedgerCheckpoint? known = Last;
        var cursor = new CheckpointCursor(file.SafeFileHandle, notes, end);
        while (FileFault.Run(path, cursor.Next) is { } next)
        {
            if (Last is not null && next.Size <= Last.Size) throw Damaged($"says {next.Size} entries after it said {Last.Size}");
            Last = next;
        }

        if (Last is not null && Last != known && !notes.IsSigned(Last)) throw Damaged($"holds a checkpoint at {Last.Size} entries that this computer did not sign");
        end = cursor.Offset;
        if (length == end) return;
        if (!notes.IsTorn(cursor.ReadTail(), end)) throw Damaged($"is damaged at byte {end}");
        Cut(file);
    }

    /// <summary>Signs and writes; returns when it is on the disk. After a failure nothing of it is there.</summary>
    public LedgerCheckpoint Append(long size, byte[] root, ISigningKey key)
    {
        FileStream target = file ?? throw new InvalidOperationException("The ledger was not opened.");
        LedgerCheckpoint checkpoint = notes.Sign(size, root, key);
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(checkpoint.Note);
        try
        {
            FileFault.Run(path, () => disk.Write(target, bytes, end));
            FileFault.Run(path, () => disk.Flush(target));
        }
        catch (StateException)
        {
            Cut(target);
            throw;
        }

        end += bytes.Length;
        return Last = checkpoint;
    }

    public void Dispose() => file?.Dispose();

    /// <summary>On the disk too, before the next note is written there: what would remain of both would be neither.</summary>
    private void Cut(FileStream target)
    {
        FileFault.Run(path, () => disk.SetLength(target, end));
        FileFault.Run(path, () => disk.Flush(target));
    }

    private StateException Damaged(string what) =>
        new(StateError.Corrupted, path, $"{path} {what}. It was damaged or altered; keep it as it is and have it looked at.");
}
