using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace RemoteAccess.Trust;

/// <summary>What stands at a place in a segment.</summary>
internal enum RecordStatus
{
    /// <summary>One record with a right checksum.</summary>
    Whole,
    /// <summary>Nothing: the bytes end here.</summary>
    End,
    /// <summary>The bytes end before the record does.</summary>
    Incomplete,
    /// <summary>No record can begin like this, or its checksum is wrong.</summary>
    Damaged,
}

/// <summary>The framing of docs/ledger.md §2: u32 length ‖ entry ‖ u32 CRC-32C of the entry, big-endian.</summary>
internal static class LedgerRecord
{
    public const int MaxEntry = 16 * 1024;
    public const int MinEntry = 2;
    public const int Overhead = 8;

    /// <summary>The most bytes one write adds, and so the longest tail a crash can leave torn.</summary>
    public const int MaxBatch = 1024 * 1024;

    public static void Frame(ReadOnlySpan<byte> entry, Span<byte> record)
    {
        BinaryPrimitives.WriteInt32BigEndian(record, entry.Length);
        entry.CopyTo(record[4..]);
        BinaryPrimitives.WriteUInt32BigEndian(record[(4 + entry.Length)..], Checksum(entry));
    }

    public static RecordStatus TryRead(ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> entry)
    {
        entry = default;
        if (bytes.Length < 4) return bytes.IsEmpty ? RecordStatus.End : RecordStatus.Incomplete;
        int length = BinaryPrimitives.ReadInt32BigEndian(bytes);
        if (length is < MinEntry or > MaxEntry) return RecordStatus.Damaged;
        if (bytes.Length < length + Overhead) return RecordStatus.Incomplete;
        if (Checksum(bytes.Slice(4, length)) != BinaryPrimitives.ReadUInt32BigEndian(bytes[(4 + length)..])) return RecordStatus.Damaged;
        entry = bytes.Slice(4, length);
        return RecordStatus.Whole;
    }

    /// <summary>True when the <paramref name="tail"/> that begins at <paramref name="offset"/> is what an interrupted write left: cut short, or with a sector missing.</summary>
    public static bool IsTorn(ReadOnlySpan<byte> tail, long offset) => IsTorn(tail) || SectorLoss.ExplainsRecord(tail, offset);

    /// <summary>
    /// True when <paramref name="tail"/>, everything after the last whole record of the last segment, can be what an interrupted write
    /// left: the beginning of a record, cut by the end of the file or by zeros up to it (a file system that had grown the file but not
    /// yet filled it). Damage to records that were once whole is not torn, and is never cut.
    /// </summary>
    public static bool IsTorn(ReadOnlySpan<byte> tail)
    {
        if (tail.Length > MaxBatch) return false;
        ReadOnlySpan<byte> written = tail.TrimEnd((byte)0);
        if (written.IsEmpty) return true;
        if (tail.Length < 4) return tail[0] == 0 && (tail.Length < 2 || tail[1] == 0);
        int length = BinaryPrimitives.ReadInt32BigEndian(tail);
        if (length is < MinEntry or > MaxEntry) return false;
        bool cutByEnd = tail.Length < length + Overhead;
        bool cutByZeros = written.Length <= 4 + length;
        if (!cutByEnd && !cutByZeros) return false;
        ReadOnlySpan<byte> beginning = written.Length > 4 ? written[4..] : [];
        ReadOnlySpan<byte> expected = "{\"actor\":{"u8;
        int compared = Math.Min(beginning.Length, expected.Length);
        return beginning[..compared].SequenceEqual(expected[..compared]) && !HoldsWholeEntry(tail[4..]);
    }

    /// <summary>CRC-32C (RFC 3720 §12.1).</summary>
    public static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(bytes);
        foreach (ulong word in words) crc = BitOperations.Crc32C(crc, BitConverter.IsLittleEndian ? word : BinaryPrimitives.ReverseEndianness(word));
        foreach (byte value in bytes[(words.Length * 8)..]) crc = BitOperations.Crc32C(crc, value);
        return ~crc;
    }

    /// <summary>An entry with its checksum under another length than the one written in front: then it was the length that was damaged.</summary>
    private static bool HoldsWholeEntry(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        int last = Math.Min(bytes.Length - 4, MaxEntry);
        for (int length = 1; length <= last; length++)
        {
            crc = BitOperations.Crc32C(crc, bytes[length - 1]);
            if (length >= MinEntry && ~crc == BinaryPrimitives.ReadUInt32BigEndian(bytes[length..])) return true;
        }

        return false;
    }
}
