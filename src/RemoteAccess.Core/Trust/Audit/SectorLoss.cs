using System.Buffers.Binary;

namespace RemoteAccess.Trust;

/// <summary>
/// What a loss of power can leave of a write that crossed sectors: a disk writes each of its sectors whole or not at all, in any order, and one beyond the
/// old end of the file that it did not write reads as zeros, while later ones are there. Nothing that was whole once looks like that: entries and
/// notes hold no zero bytes, and a record's own zeros are fewer than asked for here.
/// </summary>
internal static class SectorLoss
{
    /// <summary>The smallest sector there is; larger ones are several.</summary>
    private const int Sector = 512;

    /// <summary>A record's length is below 65536, so that its first two bytes are zeros anyway.</summary>
    private const int LeastLostOfALength = 3;

    /// <summary>True when the record that begins the <paramref name="tail"/> cannot be whole because a sector of it was not written.</summary>
    /// <param name="tail">What stands in the file from <paramref name="offset"/> to its end.</param>
    /// <param name="offset">Where the record begins.</param>
    public static bool ExplainsRecord(ReadOnlySpan<byte> tail, long offset)
    {
        if (tail.Length > LedgerRecord.MaxBatch) return false;
        int length = tail.Length < 4 ? 0 : BinaryPrimitives.ReadInt32BigEndian(tail);
        bool isLength = length is >= LedgerRecord.MinEntry and <= LedgerRecord.MaxEntry;
        return IsAnySectorZero(tail, offset, extent: isLength ? length + LedgerRecord.Overhead : 4, LeastLostOfALength);
    }

    /// <summary>The same for a note at the end of the checkpoints.</summary>
    public static bool ExplainsNote(ReadOnlySpan<byte> tail, long offset) =>
        tail.Length < CheckpointNote.MaxLength && IsAnySectorZero(tail, offset, tail.Length, leastAtTheBeginning: 1);

    private static bool IsAnySectorZero(ReadOnlySpan<byte> tail, long offset, int extent, int leastAtTheBeginning)
    {
        int end = Sector - (int)(offset % Sector);
        for (int start = 0; start < Math.Min(extent, tail.Length); start = end, end += Sector)
        {
            ReadOnlySpan<byte> part = tail[start..Math.Min(end, tail.Length)];
            if (part.IndexOfAnyExcept((byte)0) < 0 && (start > 0 || part.Length >= leastAtTheBeginning)) return true;
        }

        return false;
    }
}
