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
        ArgumentNullException.ThrowIfNull(directory);
        ArgumentOutOfRangeException.ThrowIfNegative(fromSequence);
        return ReadSegments(Path.GetFullPath(directory), fromSequence);
    }

    private static IEnumerable<LedgerEntry> ReadSegments(string directory, long from)
    {
        LedgerFiles.RequireDirectory(directory);
        long sequence = LedgerFiles.Segments(directory).LastOrDefault(first => first <= from);
        while (File.Exists(LedgerFiles.SegmentPath(directory, sequence)))
        {
            long begin = sequence;
            foreach (LedgerEntry entry in ReadSegment(LedgerFiles.SegmentPath(directory, sequence), sequence))
            {
                sequence++;
                if (entry.Sequence >= from) yield return entry;
            }

            if (sequence == begin) yield break;
        }
    }

    private static IEnumerable<LedgerEntry> ReadSegment(string path, long sequence)
    {
        using FileStream file = LedgerFiles.OpenForReading(path);
        var cursor = new RecordCursor(file.SafeFileHandle, 0);
        while (FileFault.Run(path, () => ReadOne(cursor, path, sequence)) is { } entry)
        {
            yield return entry;
            sequence++;
        }
    }

    private static LedgerEntry? ReadOne(RecordCursor cursor, string path, long sequence)
    {
        long offset = cursor.Offset;
        RecordStatus status = cursor.Next(out ReadOnlySpan<byte> bytes);
        if (status == RecordStatus.End) return null;
        if (status != RecordStatus.Whole)
        {
            if (LedgerRecord.IsTorn(cursor.ReadTail())) return null;
            throw new StateException(StateError.Corrupted, path, $"{path} is damaged at byte {offset}, in what may be entry {sequence}.");
        }

        if (LedgerEntry.TryRead(bytes, out LedgerEntry? entry) && entry!.Sequence == sequence) return entry;
        throw LedgerEntryFields.IsNewer(bytes)
            ? new StateException(StateError.NewerVersion, path, $"{path} was written by a later version of this software. Update it.")
            : new StateException(StateError.Corrupted, path, $"{path} holds at byte {offset} something that is not entry {sequence}.");
    }
}
