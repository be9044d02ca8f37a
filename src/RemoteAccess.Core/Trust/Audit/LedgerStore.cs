using Microsoft.Win32.SafeHandles;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>The ledger on the disk, for one caller at a time. Each operation takes the lock between processes, catches up, and then writes.</summary>
internal sealed class LedgerStore : IDisposable
{
    public const long DefaultSegmentSize = 16 * 1024 * 1024;

    /// <summary>How long another holder of the lock may take: far longer than any batch.</summary>
    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(10);

    private readonly string lockFile;
    private readonly ISigningKey hostKey;
    private readonly AppendPoint entries;
    private readonly CheckpointNote notes;
    private readonly CheckpointFile checkpoints;
    private readonly LedgerReserve reserve;

    private LedgerStore(string directory, ISigningKey hostKey, TimeProvider time, ILedgerDisk disk, long segmentSize)
    {
        notes = new CheckpointNote(hostKey.PublicKey);
        lockFile = Path.Combine(directory, LedgerFiles.Lock);
        this.hostKey = hostKey;
        entries = new AppendPoint(directory, notes.HostId, BootIdentity.Read(time), time, disk, segmentSize);
        checkpoints = new CheckpointFile(directory, notes, disk);
        reserve = new LedgerReserve(directory, disk);
    }

    /// <summary>Entries that no checkpoint covers yet.</summary>
    public long Unsigned => entries.Size - (checkpoints.Last?.Size ?? 0);

    /// <summary>The latest checkpoint as of the last time the lock was held.</summary>
    public LedgerCheckpoint? LastCheckpoint => checkpoints.Last;

    public static LedgerStore Open(string directory, ISigningKey hostKey, TimeProvider time, ILedgerDisk disk, long segmentSize)
    {
        LedgerFiles.CreateDirectory(directory);
        FileLock.RequireExclusion(Path.Combine(directory, LedgerFiles.Lock), LockPatience);
        var store = new LedgerStore(directory, hostKey, time, disk, segmentSize);
        try
        {
            using SafeFileHandle held = FileLock.Take(store.lockFile, LockPatience);
            store.CatchUp();
            return store;
        }
        catch (Exception)
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>Takes the lock and reads what others appended. The methods below need it; disposing the result lets it go.</summary>
    public SafeFileHandle Enter() => Enter(FileLock.Take(lockFile, LockPatience));

    /// <summary>The same without waiting; null while another process has the lock.</summary>
    public SafeFileHandle? TryEnter() => FileLock.TryTake(lockFile) is { } held ? Enter(held) : null;

    /// <summary>Appends entries that need the reserve whole.</summary>
    public long AppendOrdinary(IReadOnlyList<LedgerEntryDraft> drafts)
    {
        reserve.Require();
        return entries.Append(drafts);
    }

    /// <summary>Appends entries that may use up the reserve.</summary>
    public long AppendLast(IReadOnlyList<LedgerEntryDraft> drafts) => UsingReserve(() => entries.Append(drafts));

    /// <summary>Signs the present tree head, unless the latest checkpoint is about it already. May use up the reserve.</summary>
    public LedgerCheckpoint Checkpoint() => checkpoints.Last is { } last && last.Size == entries.Size
        ? last
        : UsingReserve(() => checkpoints.Append(entries.Size, entries.Root(), hostKey));

    public void Dispose()
    {
        entries.Dispose();
        checkpoints.Dispose();
        notes.Dispose();
    }

    private SafeFileHandle Enter(SafeFileHandle held)
    {
        try
        {
            CatchUp();
            return held;
        }
        catch (Exception)
        {
            held.Dispose();
            throw;
        }
    }

    private T UsingReserve<T>(Func<T> write)
    {
        try
        {
            return write();
        }
        catch (StateException full) when (full.Error == StateError.DiskFull)
        {
            if (!reserve.Release()) throw;
            return write();
        }
    }

    private void CatchUp()
    {
        checkpoints.CatchUp();
        entries.CatchUp(checkpoints.Last);
    }
}
