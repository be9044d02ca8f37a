using RemoteAccess.Trust;

namespace RemoteAccess.Fuzz.Targets;

/// <summary>
/// The bytes of a segment, read as the ledger reads them: records, then entries, then the question whether the rest may be cut. What is
/// read must be what a writer would have written, and what was whole before the last record must never be called torn.
/// </summary>
internal sealed class LedgerReaderTarget : FuzzTarget
{
    public override string Name => "ledger-reader";

    public override IReadOnlyList<byte[]> Seeds { get; } = [LedgerSamples.Log(1), LedgerSamples.Log(4), [.. LedgerSamples.Log(2), .. LedgerSamples.Log(1)[..200]]];

    public override void Execute(ReadOnlySpan<byte> input)
    {
        ReadOnlySpan<byte> rest = input;
        while (LedgerRecord.TryRead(rest, out ReadOnlySpan<byte> entry) == RecordStatus.Whole)
        {
            byte[] record = LedgerSamples.Record(entry.ToArray());
            if (!rest.StartsWith(record)) throw new InvalidDataException("A record was read that no writer writes.");
            if (LedgerEntry.TryRead(entry, out LedgerEntry? read)) Use(read!);
            rest = rest[record.Length..];
        }

        if (!LedgerRecord.IsTorn(rest)) return;
        // Only what no whole record begins may be cut: put behind another length, it must not hold an entry with its checksum.
        for (int length = LedgerRecord.MinEntry; length + LedgerRecord.Overhead <= Math.Min(rest.Length, 1200); length += 13)
        {
            byte[] other = rest[..(length + LedgerRecord.Overhead)].ToArray();
            System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(other, length);
            if (LedgerRecord.TryRead(other, out _) == RecordStatus.Whole) throw new InvalidDataException("A whole record was called torn.");
        }
    }

    public override bool MutateStructure(Random random, ref byte[] input)
    {
        // Change a byte inside the first record and put its checksum right again, so that the change reaches the entry's reader.
        if (LedgerRecord.TryRead(input, out ReadOnlySpan<byte> entry) != RecordStatus.Whole) return false;
        byte[] changed = entry.ToArray();
        changed[random.Next(changed.Length)] = (byte)random.Next(256);
        byte[] record = LedgerSamples.Record(changed);
        input = [.. record, .. input[record.Length..]];
        return true;
    }

    private static void Use(LedgerEntry entry)
    {
        if (entry.Actor().Count + entry.Data().Count < 0 || entry.LeafHash.Length != 32) throw new InvalidDataException("An entry without its parts.");
    }
}
