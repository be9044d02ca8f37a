using System.Buffers;
using System.Text;

namespace RemoteAccess.Trust;

/// <summary>
/// Where the ledger ends: the open segment, the last leaf, the edge of the tree. Everything here happens under the lock,
/// and every batch begins with <see cref="CatchUp"/>, which opens the ledger the first time and afterwards reads what others appended.
/// </summary>
internal sealed class AppendPoint(string directory, string hostId, string bootId, TimeProvider time, ILedgerDisk disk, long segmentSize) : IDisposable
{
    private readonly byte[] host = Encoding.ASCII.GetBytes(hostId);
    private readonly MerkleFrontier frontier = new();
    private byte[] lastLeaf = new byte[MerkleFrontier.HashSize];
    private FileStream? segment;
    private long end;
    private bool unflushed;

    /// <summary>Entries so far.</summary>
    public long Size => frontier.Size;

    public byte[] Root() => frontier.Root();

    /// <summary>Reads what is new, holds it against <paramref name="signed"/>, and cuts a torn tail that nobody was ever told is there.</summary>
    /// <exception cref="StateException">The ledger is not what was written.</exception>
    public void CatchUp(LedgerCheckpoint? signed)
    {
        IReadOnlyList<long>? expected = segment is null ? Begin(signed) : null;
        int visited = 1;
        segment ??= LedgerFiles.OpenForWriting(LedgerFiles.SegmentPath(directory, Size));
        long length = RandomAccess.GetLength(segment.SafeFileHandle);
        bool isInPlace = RequireInPlaceOrPruned(segment, length);
        RequireSignedRoot(signed);
        byte[] tail = length == end ? [] : ReadNewRecords(segment, signed);
        // While it is not full nobody begins another.
        while (end > 0 && (expected is not null || !isInPlace || end >= segmentSize) && HasNext(signed))
        {
            if (tail.Length > 0) throw Damaged(segment, "stands before a later segment and does not end with a whole record");
            FlushIfNeeded();
            Enter(LedgerFiles.OpenForWriting(LedgerFiles.SegmentPath(directory, Size)));
            visited++;
            isInPlace = true;
            tail = ReadNewRecords(segment, signed);
        }

        if (!isInPlace) throw Damaged(segment, "was removed while the ledger was open, and nothing follows it");
        if (expected is not null && expected.Count > visited) throw Damaged(segment, $"is followed by a segment that does not begin with entry {Size}");
        if (signed is not null && signed.Size > Size) throw Damaged(segment, $"ends at {Size} entries, and the computer has signed that there were {signed.Size}");
        if (tail.Length > 0) CutTorn(segment, tail);
        FlushIfNeeded();
    }

    /// <summary>Writes the entries in one go and returns when they are on the disk. After a failure nothing of them is there.</summary>
    public long Append(IReadOnlyList<LedgerEntryDraft> drafts)
    {
        if (end >= segmentSize) Enter(LedgerFiles.OpenForWriting(LedgerFiles.SegmentPath(directory, Size)));
        FileStream target = segment ?? throw new InvalidOperationException("The ledger was not opened.");
        var batch = new ArrayBufferWriter<byte>(1024 * drafts.Count);
        byte[][] leaves = Encode(drafts, batch);
        try
        {
            FileFault.Run(target.Name, () => disk.Write(target, batch.WrittenSpan, end));
            FileFault.Run(target.Name, () => disk.Flush(target));
        }
        catch (StateException)
        {
            // On the disk too, before anything else may be written there: what would remain of both would be neither.
            FileFault.Run(target.Name, () => disk.SetLength(target, end));
            FileFault.Run(target.Name, () => disk.Flush(target));
            throw;
        }

        long first = Size;
        foreach (byte[] leaf in leaves) frontier.Append(leaf);
        lastLeaf = leaves[^1];
        end += batch.WrittenCount;
        return first;
    }

    public void Dispose() => segment?.Dispose();

    private byte[][] Encode(IReadOnlyList<LedgerEntryDraft> drafts, ArrayBufferWriter<byte> batch)
    {
        byte[][] leaves = new byte[drafts.Count][];
        byte[] previous = lastLeaf;
        var entry = new ArrayBufferWriter<byte>(1024);
        for (int i = 0; i < drafts.Count; i++)
        {
            entry.ResetWrittenCount();
            (long seconds, long rest) = Math.DivRem(time.GetTimestamp(), time.TimestampFrequency);
            drafts[i].Write(entry, new LedgerEntryPlace
            {
                Sequence = Size + i,
                Time = time.GetUtcNow(),
                Monotonic = seconds * 1000 + rest * 1000 / time.TimestampFrequency,
                Boot = bootId,
                Host = hostId,
                Previous = previous,
            });
            int length = entry.WrittenCount + LedgerRecord.Overhead;
            LedgerRecord.Frame(entry.WrittenSpan, batch.GetSpan(length));
            batch.Advance(length);
            leaves[i] = previous = new byte[MerkleFrontier.HashSize];
            MerkleFrontier.HashLeaf(entry.WrittenSpan, previous);
        }

        return leaves;
    }

    private byte[] ReadNewRecords(FileStream file, LedgerCheckpoint? signed)
    {
        var cursor = new RecordCursor(file.SafeFileHandle, end);
        while (true)
        {
            RecordStatus status = FileFault.Run(file.Name, () => ReadOne(cursor, file, signed));
            if (status == RecordStatus.Whole) continue;
            end = cursor.Offset;
            return status == RecordStatus.End ? [] : cursor.Tail;
        }
    }

    private RecordStatus ReadOne(RecordCursor cursor, FileStream file, LedgerCheckpoint? signed)
    {
        long offset = cursor.Offset;
        RecordStatus status = cursor.Next(out ReadOnlySpan<byte> entry);
        if (status != RecordStatus.Whole) return status;
        if (!LedgerEntryFields.TryRead(entry, out LedgerEntryFields fields))
        {
            if (LedgerEntryFields.IsNewer(entry)) throw new StateException(StateError.NewerVersion, file.Name, $"{file.Name} was written by a later version of this software. Update it.");
            throw Damaged(file, $"holds at byte {offset} something that is not an entry");
        }

        if (fields.Sequence != Size) throw Damaged(file, $"holds at byte {offset} entry {fields.Sequence} where entry {Size} belongs");
        if (!fields.Host.SequenceEqual(host)) throw Damaged(file, $"holds at byte {offset} an entry of another computer");
        if (!LedgerChain.Continues(fields.Previous, lastLeaf)) throw Damaged(file, $"holds at byte {offset} entry {Size}, which does not continue the one before");
        MerkleFrontier.HashLeaf(entry, lastLeaf);
        frontier.Append(lastLeaf);
        unflushed = true;
        RequireSignedRoot(signed);
        return status;
    }

    private void CutTorn(FileStream file, byte[] tail)
    {
        if (!LedgerRecord.IsTorn(tail, end)) throw Damaged(file, $"is damaged at byte {end}, in what may be entry {Size}");
        FileFault.Run(file.Name, () => disk.SetLength(file, end));
        unflushed = true;
    }

    private void FlushIfNeeded()
    {
        // Whole records of a process that died before its fsync may so far be in memory only.
        if (unflushed && segment is not null) FileFault.Run(segment.Name, () => disk.Flush(segment));
        unflushed = false;
    }

    private void Enter(FileStream next)
    {
        segment?.Dispose();
        segment = next;
        end = 0;
    }

    private void RequireSignedRoot(LedgerCheckpoint? signed)
    {
        if (signed is null || signed.Size != Size || Root().AsSpan().SequenceEqual(signed.Root.Span)) return;
        throw new StateException(StateError.Corrupted, directory, $"The first {Size} entries in {directory} are not the ones that the computer has signed.");
    }

    /// <summary>False when another process has pruned the segment since: what is left to read of it is read from the open file, and another follows.</summary>
    private bool RequireInPlaceOrPruned(FileStream file, long length)
    {
        if (length < end) throw Damaged(file, $"was cut to {length} bytes while the ledger was open");
        var inPlace = new FileInfo(file.Name);
        if (inPlace.Exists && inPlace.Length == length) return true;
        if (!inPlace.Exists && File.Exists(LedgerFiles.HashesPath(file.Name))) return false;
        throw Damaged(file, "was removed or replaced while the ledger was open");
    }

    /// <summary>Takes up what is kept as hashes only; the segments, of which the first must follow that.</summary>
    private IReadOnlyList<long> Begin(LedgerCheckpoint? signed)
    {
        TakeUpPruned(signed);
        IReadOnlyList<long> segments = LedgerFiles.Segments(directory);
        if (Size == 0 && segments.Count == 0 || segments.Count > 0 && segments[0] == Size) return segments;
        string first = LedgerFiles.SegmentPath(directory, Size);
        throw new StateException(StateError.Corrupted, first, $"{first}, {(Size == 0 ? "the beginning of the ledger" : "which follows the pruned entries")}, is missing.");
    }

    private bool HasNext(LedgerCheckpoint? signed)
    {
        TakeUpPruned(signed);
        return File.Exists(LedgerFiles.SegmentPath(directory, Size));
    }

    private void TakeUpPruned(LedgerCheckpoint? signed)
    {
        while (LedgerFiles.IsPruned(directory, Size))
        {
            ReadOnlyMemory<byte> leaves = PrunedHashes.Read(LedgerFiles.HashesPath(directory, Size), Size);
            for (; !leaves.IsEmpty; leaves = leaves[MerkleFrontier.HashSize..])
            {
                leaves.Span[..MerkleFrontier.HashSize].CopyTo(lastLeaf);
                frontier.Append(lastLeaf);
                RequireSignedRoot(signed);
            }
        }
    }

    private static StateException Damaged(FileStream file, string what) =>
        new(StateError.Corrupted, file.Name, $"{file.Name} {what}. It was damaged or altered; keep it as it is and have it looked at.");
}
