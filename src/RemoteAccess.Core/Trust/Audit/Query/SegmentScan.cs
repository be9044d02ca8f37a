namespace RemoteAccess.Trust;

/// <summary>
/// Goes over the entries of one segment in order and holds each against what the ledger's form demands: framing, checksum, canonical form,
/// number. The segment may grow meanwhile; a record whose writing is under way, or was interrupted, is the end.
/// </summary>
internal sealed class SegmentScan(string path, long first) : IDisposable
{
    private readonly FileStream file = LedgerFiles.OpenForReading(path);
    private RecordCursor? cursor;
    private byte[]? record;

    /// <summary>The number that the next entry must have; behind the last one, the number that the next segment is named for.</summary>
    public long Next { get; private set; } = first;

    /// <summary>The bytes of the next entry, valid until the next call, and its members; false at the end.</summary>
    /// <param name="offset">Where its record begins.</param>
    /// <param name="entry">Its bytes.</param>
    /// <param name="fields">Its members.</param>
    /// <exception cref="StateException">What stands there is no entry.</exception>
    public bool TryNext(out long offset, out ReadOnlySpan<byte> entry, out LedgerEntryFields fields)
    {
        try
        {
            return TryRead(out offset, out entry, out fields);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw FileFault.Explain(path, failure);
        }
    }

    /// <summary>The entry whose record begins at <paramref name="offset"/>, where this scan has found one.</summary>
    public LedgerEntry ReadAt(long offset) => FileFault.Run(path, () =>
    {
        record ??= new byte[LedgerRecord.MaxEntry + LedgerRecord.Overhead];
        int length = 0;
        for (int read = -1; read != 0 && length < record.Length; length += read) read = RandomAccess.Read(file.SafeFileHandle, record.AsSpan(length), offset + length);
        if (LedgerRecord.TryRead(record.AsSpan(0, length), out ReadOnlySpan<byte> bytes) == RecordStatus.Whole && LedgerEntry.TryRead(bytes, out LedgerEntry? entry)) return entry!;
        throw new StateException(StateError.Corrupted, path, $"{path} was changed at byte {offset} while it was read.");
    });

    public void Dispose() => file.Dispose();

    private bool TryRead(out long offset, out ReadOnlySpan<byte> entry, out LedgerEntryFields fields)
    {
        cursor ??= new RecordCursor(file.SafeFileHandle, 0);
        offset = cursor.Offset;
        fields = default;
        RecordStatus status = cursor.Next(out entry);
        if (status == RecordStatus.End) return false;
        if (status != RecordStatus.Whole)
        {
            if (LedgerRecord.IsTorn(cursor.Tail, offset)) return false;
            throw new StateException(StateError.Corrupted, path, $"{path} is damaged at byte {offset}, in what may be entry {Next}.");
        }

        if (LedgerEntryFields.TryRead(entry, out fields) && fields.Sequence == Next)
        {
            Next++;
            return true;
        }

        throw LedgerEntryFields.IsNewer(entry)
            ? new StateException(StateError.NewerVersion, path, $"{path} was written by a later version of this software. Update it.")
            : new StateException(StateError.Corrupted, path, $"{path} holds at byte {offset} something that is not entry {Next}.");
    }
}
