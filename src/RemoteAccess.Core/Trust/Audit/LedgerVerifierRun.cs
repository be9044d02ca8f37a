using System.Text;

namespace RemoteAccess.Trust;

/// <summary>
/// One verification: entries and checkpoints are read side by side, each checkpoint compared when the tree has its size. Memory does not
/// grow with the ledger.
/// </summary>
internal sealed class LedgerVerifierRun : IDisposable
{
    private readonly string directory;
    private readonly CheckpointNote notes;
    private readonly byte[] hostId;
    private readonly MerkleFrontier frontier = new();
    private readonly byte[] lastLeaf = new byte[MerkleFrontier.HashSize];
    private readonly string checkpointPath;
    private readonly FileStream? checkpointFile;
    private readonly CheckpointCursor? checkpoints;
    private LedgerCheckpoint? next;
    private long nextOffset;
    private long checkpointCount;
    private long signed;
    private int tornBytes;
    private long pruned;
    private long recordedPruning;
    private long signedPruning;

    public LedgerVerifierRun(string directory, CheckpointNote notes)
    {
        this.directory = directory;
        this.notes = notes;
        hostId = Encoding.ASCII.GetBytes(notes.HostId);
        checkpointPath = Path.Combine(directory, LedgerFiles.Checkpoints);
        if (!File.Exists(checkpointPath)) return;
        checkpointFile = LedgerFiles.OpenForReading(checkpointPath);
        // What is appended from now on may be about entries that this run has passed the end of.
        checkpoints = new CheckpointCursor(checkpointFile.SafeFileHandle, notes, 0, RandomAccess.GetLength(checkpointFile.SafeFileHandle));
    }

    public LedgerVerification Verify()
    {
        LedgerProblem? problem = NextCheckpoint() ?? CompareCheckpoint() ?? VerifySegments() ?? NothingSignedIsMissing() ?? PruningIsRecorded();
        return new LedgerVerification
        {
            Entries = frontier.Size,
            Checkpoints = checkpointCount,
            SignedEntries = signed,
            TornBytes = tornBytes,
            PrunedEntries = pruned,
            Root = frontier.Root(),
            Problem = problem,
        };
    }

    public void Dispose() => checkpointFile?.Dispose();

    private LedgerProblem? VerifyPruned(string path, long first)
    {
        if (first != frontier.Size) return new LedgerProblem(path, 0, frontier.Size, $"The hashes of entry {frontier.Size} should be next; this file is named for entry {first}.");
        ReadOnlyMemory<byte> leaves;
        try
        {
            leaves = PrunedHashes.Read(path, first);
        }
        catch (StateException damaged) when (damaged.Error == StateError.Corrupted)
        {
            return new LedgerProblem(path, 0, frontier.Size, "The file does not hold the hashes of pruned entries with a right checksum.");
        }

        for (; !leaves.IsEmpty; leaves = leaves[MerkleFrontier.HashSize..])
        {
            leaves.Span[..MerkleFrontier.HashSize].CopyTo(lastLeaf);
            frontier.Append(lastLeaf);
            pruned = frontier.Size;
            if (CompareCheckpoint() is { } problem) return problem;
        }

        return null;
    }

    /// <summary>Without the computer's word for it entries cannot be taken out.</summary>
    private LedgerProblem? PruningIsRecorded() => pruned <= signedPruning
        ? null
        : new LedgerProblem(LedgerFiles.HashesPath(directory, 0), 0, 0, $"The first {pruned} entries are kept as hashes only, and no signed entry records that they were pruned.");

    private LedgerProblem? VerifySegments()
    {
        IReadOnlyList<long> segments = LedgerFiles.Segments(directory);
        var hashes = new Queue<long>(LedgerFiles.Pruned(directory));
        for (int i = 0; i < segments.Count; i++)
        {
            while (hashes.TryPeek(out long first) && first < segments[i])
            {
                if (VerifyPruned(LedgerFiles.HashesPath(directory, first), hashes.Dequeue()) is { } problemOfHashes) return problemOfHashes;
            }

            string path = LedgerFiles.SegmentPath(directory, segments[i]);
            if (segments[i] != frontier.Size) return new LedgerProblem(path, 0, frontier.Size, $"The next segment should begin with entry {frontier.Size}; this one is named for entry {segments[i]}.");
            bool isLast = i == segments.Count - 1;
            if (FileFault.Run(path, () => VerifySegment(path, isLast)) is { } problem) return problem;
        }

        return hashes.TryPeek(out long last) ? new LedgerProblem(LedgerFiles.HashesPath(directory, last), 0, frontier.Size, "These hashes have no segment after them, and the last one is never pruned.") : null;
    }

    private LedgerProblem? VerifySegment(string path, bool isLast)
    {
        using FileStream file = LedgerFiles.OpenForReading(path);
        var cursor = new RecordCursor(file.SafeFileHandle, 0);
        while (true)
        {
            long offset = cursor.Offset;
            RecordStatus status = cursor.Next(out ReadOnlySpan<byte> entry);
            if (status == RecordStatus.End) return null;
            if (status != RecordStatus.Whole)
            {
                byte[] tail = cursor.Tail;
                if (!isLast || !LedgerRecord.IsTorn(tail, offset)) return new LedgerProblem(path, offset, frontier.Size, "The bytes here are not a whole record with a right checksum.");
                tornBytes = tail.Length;
                return null;
            }

            if (WhatIsWrongWith(entry) is { } wrong) return new LedgerProblem(path, offset, frontier.Size, wrong);
            NotePruning(entry);
            MerkleFrontier.HashLeaf(entry, lastLeaf);
            frontier.Append(lastLeaf);
            if (CompareCheckpoint() is { } problem) return problem;
        }
    }

    private void NotePruning(ReadOnlySpan<byte> bytes)
    {
        if (pruned == 0 || !LedgerEntry.TryRead(bytes, out LedgerEntry? entry) || entry!.Type != LedgerPruning.EntryType) return;
        recordedPruning = Math.Max(recordedPruning, JsonMembers.Number(entry.Data(), "to") ?? 0);
    }

    private string? WhatIsWrongWith(ReadOnlySpan<byte> entry)
    {
        if (!LedgerEntryFields.TryRead(entry, out LedgerEntryFields fields))
        {
            return LedgerEntryFields.IsNewer(entry)
                ? "The entry was written by a later version of this software, which must verify it."
                : "The record holds something that is not an entry in canonical form.";
        }

        if (fields.Sequence != frontier.Size) return $"The entry says it is number {fields.Sequence}.";
        if (!fields.Host.SequenceEqual(hostId)) return "The entry belongs to another computer.";
        return LedgerChain.Continues(fields.Previous, lastLeaf) ? null : "The entry does not continue the one before: something was changed, removed or put in.";
    }

    /// <summary>Holds the tree against the checkpoints made at its present size, and moves on to the next one.</summary>
    private LedgerProblem? CompareCheckpoint()
    {
        while (next is { } checkpoint && checkpoint.Size == frontier.Size)
        {
            if (!checkpoint.Root.Span.SequenceEqual(frontier.Root())) return AtCheckpoint($"The first {checkpoint.Size} entries are not the ones that the computer signed.");
            checkpointCount++;
            signed = checkpoint.Size;
            signedPruning = recordedPruning;
            if (NextCheckpoint() is { } problem) return problem;
        }

        return null;
    }

    private LedgerProblem? NextCheckpoint()
    {
        LedgerCheckpoint? previous = next;
        next = null;
        if (checkpoints is null) return null;
        nextOffset = checkpoints.Offset;
        next = FileFault.Run(checkpointPath, checkpoints.Next);
        if (next is null)
        {
            ReadOnlySpan<byte> tail = checkpoints.ReadTail();
            return tail.IsEmpty || notes.IsTorn(tail, nextOffset) ? null : AtCheckpoint("The bytes here are not a checkpoint of this computer.");
        }

        if (previous is not null && next.Size <= previous.Size) return AtCheckpoint($"The checkpoint is about {next.Size} entries and stands after one about {previous.Size}.");
        return notes.IsSigned(next) ? null : AtCheckpoint($"The checkpoint about {next.Size} entries was not signed with this computer's key.");
    }

    private LedgerProblem? NothingSignedIsMissing() => next is null
        ? null
        : AtCheckpoint($"The computer signed that there were {next.Size} entries, and {frontier.Size} are there: the others were removed.");

    private LedgerProblem AtCheckpoint(string text) => new(checkpointPath, nextOffset, frontier.Size, text);
}
