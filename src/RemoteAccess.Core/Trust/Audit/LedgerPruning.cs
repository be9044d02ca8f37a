using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace RemoteAccess.Trust;

/// <summary>
/// Takes old entries out of a ledger and leaves their hashes (docs/ledger-witness.md §6): whole segments, from the beginning, never the last one. For each the hashes are on
/// the disk before the segment is deleted; while both are there the segment counts. What is interrupted is finished by pruning again.
/// </summary>
internal sealed class LedgerPruning(string directory, ILedgerDisk disk)
{
    /// <summary>Of the entry that records it: <c>to</c> is how many entries from the beginning are kept as hashes only.</summary>
    public const string EntryType = "ledger.pruned";

    private static readonly TimeSpan LockPatience = TimeSpan.FromSeconds(10);

    /// <summary>So much is never pruned: longer than any session lasts.</summary>
    public static TimeSpan AlwaysKept { get; } = TimeSpan.FromDays(1);

    /// <exception cref="ArgumentException">Not old enough to be pruned.</exception>
    public static void RequireOld(DateTimeOffset before, DateTimeOffset now)
    {
        if (before > now - AlwaysKept) throw new ArgumentException("What happened in the last 24 hours is not pruned; name an earlier time.", nameof(before));
    }

    /// <summary>Plans, has the plan recorded, and prunes. Returns how many entries were pruned now.</summary>
    /// <param name="before">Entries from then on stay.</param>
    /// <param name="record">Puts into the signed ledger that so many entries from the beginning are kept as hashes only.</param>
    /// <exception cref="StateException">Not all was pruned; doing it again goes on.</exception>
    public async ValueTask<long> RunAsync(DateTimeOffset before, Func<long, ValueTask> record)
    {
        long end = await Task.Run(() => Plan(before)).ConfigureAwait(false);
        if (LedgerFiles.Segments(directory) is not [var first, ..] || first >= end) return 0;
        await record(end).ConfigureAwait(false);
        return await Task.Run(() => Prune(end)).ConfigureAwait(false);
    }

    /// <summary>How many entries from the beginning are in whole segments of which every entry is older than <paramref name="before"/>; those pruned already counted.</summary>
    /// <exception cref="StateException">The ledger cannot be read.</exception>
    private long Plan(DateTimeOffset before)
    {
        long end = LedgerFiles.SkipPruned(directory, 0);
        IReadOnlyList<long> segments = LedgerFiles.Segments(directory);
        for (int i = 0; i + 1 < segments.Count; i++)
        {
            if (segments[i] != end) throw Gap(end);
            using var segment = new SegmentScan(LedgerFiles.SegmentPath(directory, segments[i]), segments[i]);
            while (segment.TryNext(out _, out _, out LedgerEntryFields fields))
            {
                if (fields.Time >= before) return end;
            }

            end = LedgerFiles.SkipPruned(directory, segment.Next);
            if (end != segments[i + 1]) throw Gap(segment.Next);
        }

        return end;
    }

    /// <summary>Prunes the segments before entry <paramref name="end"/>, as <see cref="Plan"/> has it. The signed ledger must say so already.</summary>
    /// <exception cref="StateException">Not all of it was pruned.</exception>
    private long Prune(long end)
    {
        long pruned = 0;
        IReadOnlyList<long> segments = LedgerFiles.Segments(directory);
        for (int i = 0; i + 1 < segments.Count && segments[i] < end; i++)
        {
            using SafeFileHandle held = FileLock.Take(Path.Combine(directory, LedgerFiles.Lock), LockPatience);
            // Another process may have pruned it meanwhile.
            if (File.Exists(LedgerFiles.SegmentPath(directory, segments[i]))) pruned += Prune(segments[i], segments[i + 1]);
        }

        return pruned;
    }

    private long Prune(long first, long following)
    {
        string path = LedgerFiles.SegmentPath(directory, first), hashes = LedgerFiles.HashesPath(directory, first);
        var leaves = new ArrayBufferWriter<byte>();
        long end = LedgerLeaves.ReadSegment(path, first, following, leaf => leaves.Write(leaf));
        if (LedgerFiles.SkipPruned(directory, end) != following) throw Gap(end);
        using (FileStream file = LedgerFiles.OpenForWriting(hashes))
        {
            FileFault.Run(hashes, () => disk.SetLength(file, 0));
            FileFault.Run(hashes, () => disk.Write(file, PrunedHashes.Encode(first, leaves.WrittenSpan), 0));
            FileFault.Run(hashes, () => disk.Flush(file));
        }

        // Read back, because what is deleted now is nowhere else.
        if (!PrunedHashes.Read(hashes, first).Span.SequenceEqual(leaves.WrittenSpan)) throw new StateException(StateError.Corrupted, hashes, $"{hashes} did not keep what was written; {path} is not pruned.");
        FileFault.Run(path, () => disk.Delete(path));
        return end - first;
    }

    private StateException Gap(long sequence) => new(StateError.Corrupted, directory, $"The ledger in {directory} is damaged at entry {sequence}; nothing more is pruned.");
}
