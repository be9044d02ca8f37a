using System.Buffers.Binary;

namespace RemoteAccess.Trust;

/// <summary>
/// The file that takes the place of a pruned segment (docs/ledger-witness.md §6): its leaf hashes, so that the tree, later checkpoints and proofs stand.
/// <code>"RASH" | u32 version=1 | u64 first | u64 count | leaf[32] × count | u32 CRC-32C of all before</code>
/// </summary>
internal static class PrunedHashes
{
    private const int HeaderLength = 24, ChecksumLength = 4;
    private const uint Version = 1;

    /// <summary>Far more than a segment's.</summary>
    private const int MaxLength = 256 * 1024 * 1024;

    private static ReadOnlySpan<byte> Magic => "RASH"u8;

    /// <param name="first">The number of the first entry.</param>
    /// <param name="leaves">32 bytes each, at least one.</param>
    public static byte[] Encode(long first, ReadOnlySpan<byte> leaves)
    {
        byte[] file = new byte[HeaderLength + leaves.Length + ChecksumLength];
        Magic.CopyTo(file);
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(4), Version);
        BinaryPrimitives.WriteInt64BigEndian(file.AsSpan(8), first);
        BinaryPrimitives.WriteInt64BigEndian(file.AsSpan(16), leaves.Length / MerkleFrontier.HashSize);
        leaves.CopyTo(file.AsSpan(HeaderLength));
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(^ChecksumLength..), LedgerRecord.Checksum(file.AsSpan(..^ChecksumLength)));
        return file;
    }

    /// <summary>The leaves in the file, 32 bytes each, at least one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="first">The number its first entry must have.</param>
    /// <exception cref="StateException">It cannot be read, or is not what was written.</exception>
    public static ReadOnlyMemory<byte> Read(string path, long first)
    {
        byte[] file = FileFault.Run(path, () => ReadFile(path));
        int leaves = file.Length - HeaderLength - ChecksumLength;
        if (leaves <= 0 || leaves % MerkleFrontier.HashSize != 0 || !file.AsSpan().StartsWith(Magic)) throw Damaged(path);
        if (BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(^ChecksumLength..)) != LedgerRecord.Checksum(file.AsSpan(..^ChecksumLength))) throw Damaged(path);
        if (BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(4)) > Version)
            throw new StateException(StateError.NewerVersion, path, $"{path} was written by a later version of this software. Update it.");
        if (BinaryPrimitives.ReadUInt32BigEndian(file.AsSpan(4)) != Version || BinaryPrimitives.ReadInt64BigEndian(file.AsSpan(8)) != first
            || BinaryPrimitives.ReadInt64BigEndian(file.AsSpan(16)) != leaves / MerkleFrontier.HashSize) throw Damaged(path);
        return file.AsMemory(HeaderLength, leaves);
    }

    /// <summary>As a segment is read: a copy of a ledger may have other modes.</summary>
    private static byte[] ReadFile(string path)
    {
        using FileStream file = LedgerFiles.OpenForReading(path);
        if (file.Length > MaxLength) throw Damaged(path);
        byte[] content = new byte[file.Length];
        file.ReadExactly(content);
        return content;
    }

    private static StateException Damaged(string path) =>
        new(StateError.Corrupted, path, $"{path} does not hold the hashes of pruned entries that belong there. It was damaged or altered; keep it as it is and have it looked at.");
}
