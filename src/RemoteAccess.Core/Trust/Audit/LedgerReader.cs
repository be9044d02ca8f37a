namespace RemoteAccess.Trust;

/// <summary>Reads a ledger's entries, also while others append to it. Thread-safe; each enumeration is independent.</summary>
public static class LedgerReader
{
    /// <summary>
    /// Entries from <paramref name="fromSequence"/> on, in order, up to the last whole one there is when the end is reached. Reads files
    /// while it is enumerated. It checks each entry's form, checksum and number, not the chain and not the signatures:
    /// that is <see cref="LedgerVerifier"/>.
    /// </summary>
    /// <param name="directory">The ledger's directory.</param>
    /// <param name="fromSequence">The first entry wanted, from 0.</param>
    /// <exception cref="StateException">While enumerating: missing, not readable, damaged or written by a later version.</exception>
    public static IEnumerable<LedgerEntry> Read(string directory, long fromSequence = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fromSequence);
        return Read(directory, new LedgerQuery { From = fromSequence });
    }

    /// <summary>
    /// The entries that <paramref name="query"/> wants, in its order. Oldest first, it ends at the last whole entry there is when the end is
    /// reached; newest first, it begins with the last whole one there was at the start, and reads one segment (16 MiB) at a time, so that
    /// the newest page costs the same in every ledger. It checks what <see cref="Read(string, long)"/> checks, for each entry on its way.
    /// </summary>
    /// <param name="directory">The ledger's directory.</param>
    /// <param name="query">What is wanted.</param>
    /// <exception cref="ArgumentException">A member of the query is outside its range.</exception>
    /// <exception cref="StateException">While enumerating: missing, not readable, damaged or written by a later version.</exception>
    public static IEnumerable<LedgerEntry> Read(string directory, LedgerQuery query)
    {
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentNullException.ThrowIfNull(query);
        query.Validate();
        directory = Path.GetFullPath(directory);
        IEnumerable<LedgerEntry> found = query.NewestFirst ? ReadBackwards(directory, query) : ReadForwards(directory, query);
        return query.Limit is { } limit ? found.Take(limit) : found;
    }

    /// <summary>
    /// The same for an agent's state directory, for the customer at the computer: the state need not be open, and unlike opening it this does
    /// not read the whole ledger first.
    /// </summary>
    /// <param name="stateDirectory">The agent's state.</param>
    /// <param name="query">What is wanted.</param>
    /// <exception cref="ArgumentException">A member of the query is outside its range.</exception>
    /// <exception cref="StateException">There is no such state, or, while enumerating, its ledger cannot be read.</exception>
    public static IEnumerable<LedgerEntry> ReadState(string stateDirectory, LedgerQuery query)
    {
        ArgumentNullException.ThrowIfNull(stateDirectory);
        if (!Directory.Exists(stateDirectory)) throw new StateException(StateError.Missing, stateDirectory, $"{stateDirectory} does not exist.");
        return Read(StateDirectory.Open(stateDirectory).Ledger, query);
    }

    /// <summary>The number below which entries were pruned: only their hashes are kept, and nothing here tells them. 0 as a rule.</summary>
    /// <param name="directory">The ledger's directory.</param>
    /// <exception cref="StateException">It is missing or cannot be read.</exception>
    public static long PrunedBefore(string directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        LedgerFiles.RequireDirectory(directory);
        return LedgerFiles.PrunedBefore(Path.GetFullPath(directory));
    }

    private static IEnumerable<LedgerEntry> ReadForwards(string directory, LedgerQuery query)
    {
        LedgerFiles.RequireDirectory(directory);
        var filter = new LedgerFilter(query);
        // What is kept as hashes only cannot be told any more; the entry that records the pruning can.
        IReadOnlyList<long> segments = LedgerFiles.Segments(directory);
        long sequence = segments.LastOrDefault(first => first <= query.From, segments.Count > 0 ? segments[0] : 0);
        while (sequence < query.Before)
        {
            sequence = LedgerFiles.SkipPruned(directory, sequence);
            if (!File.Exists(LedgerFiles.SegmentPath(directory, sequence))) yield break;
            using var segment = new SegmentScan(LedgerFiles.SegmentPath(directory, sequence), sequence);
            while (segment.Next < query.Before && TryFindNext(segment, filter, out LedgerEntry? entry)) yield return entry!;
            if (segment.Next == sequence) yield break;
            sequence = segment.Next;
        }
    }

    private static IEnumerable<LedgerEntry> ReadBackwards(string directory, LedgerQuery query)
    {
        LedgerFiles.RequireDirectory(directory);
        var filter = new LedgerFilter(query);
        IReadOnlyList<long> segments = LedgerFiles.Segments(directory);
        for (int i = segments.Count - 1; i >= 0; i--)
        {
            if (segments[i] >= query.Before) continue;
            string path = LedgerFiles.SegmentPath(directory, segments[i]);
            if (LedgerFiles.IsPruned(directory, segments[i])) continue;
            using var segment = new SegmentScan(path, segments[i]);
            List<long> wanted = FindAll(segment, filter);
            if (i + 1 < segments.Count && LedgerFiles.SkipPruned(directory, segment.Next) != segments[i + 1])
                throw new StateException(StateError.Corrupted, path, $"{path} ends before entry {segment.Next}, and the next segment begins with entry {segments[i + 1]}.");
            for (int entry = wanted.Count - 1; entry >= 0; entry--) yield return segment.ReadAt(wanted[entry]);
            if (segments[i] <= query.From) yield break;
        }
    }

    private static bool TryFindNext(SegmentScan segment, LedgerFilter filter, out LedgerEntry? entry)
    {
        entry = null;
        while (segment.TryNext(out _, out ReadOnlySpan<byte> bytes, out LedgerEntryFields fields))
        {
            if (filter.Wants(fields, bytes) && LedgerEntry.TryRead(bytes, out entry)) return true;
        }

        return false;
    }

    /// <summary>Where the wanted records of the segment begin: 8 bytes each, a few hundred kilobytes in the worst case.</summary>
    private static List<long> FindAll(SegmentScan segment, LedgerFilter filter)
    {
        List<long> wanted = [];
        while (segment.TryNext(out long offset, out ReadOnlySpan<byte> bytes, out LedgerEntryFields fields))
        {
            if (filter.Wants(fields, bytes)) wanted.Add(offset);
        }

        return wanted;
    }
}
