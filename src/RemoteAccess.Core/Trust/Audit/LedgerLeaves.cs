namespace RemoteAccess.Trust;

/// <summary>Takes one leaf hash, 32 bytes, valid during the call.</summary>
internal delegate void LeafVisitor(ReadOnlySpan<byte> leaf);

/// <summary>The leaf hashes of a ledger in order, from its files. Framing and checksums are checked, the entries' form and the chain are not.</summary>
internal static class LedgerLeaves
{
    /// <summary>Hands out the first <paramref name="size"/> leaves.</summary>
    /// <exception cref="StateException">They cannot be read, or there are not so many.</exception>
    public static void Read(string directory, long size, LeafVisitor visit)
    {
        LedgerFiles.RequireDirectory(directory);
        long next = 0;
        while (next < size)
        {
            long before = next;
            string path = LedgerFiles.SegmentPath(directory, next);
            next = LedgerFiles.IsPruned(directory, before) ? ReadHashes(LedgerFiles.HashesPath(directory, before), before, size, visit) : ReadSegmentOrItsHashes(path, before, size, visit);
            if (next == before) throw new StateException(StateError.Corrupted, path, $"{path} ends before entry {size - 1}.");
        }
    }

    /// <summary>Hands out the leaves of a segment up to before entry <paramref name="size"/>; returns the number of the entry after the last.</summary>
    public static long ReadSegment(string path, long first, long size, LeafVisitor visit) => FileFault.Run(path, () =>
    {
        using FileStream file = LedgerFiles.OpenForReading(path);
        var cursor = new RecordCursor(file.SafeFileHandle, 0);
        Span<byte> leaf = stackalloc byte[MerkleFrontier.HashSize];
        for (; first < size && cursor.Next(out ReadOnlySpan<byte> entry) == RecordStatus.Whole; first++)
        {
            MerkleFrontier.HashLeaf(entry, leaf);
            visit(leaf);
        }

        return first;
    });

    private static long ReadSegmentOrItsHashes(string path, long first, long size, LeafVisitor visit)
    {
        try
        {
            return ReadSegment(path, first, size, visit);
        }
        catch (StateException missing) when (missing.Error == StateError.Missing && File.Exists(LedgerFiles.HashesPath(path)))
        {
            // Pruned at this moment: nothing of it has been handed out.
            return ReadHashes(LedgerFiles.HashesPath(path), first, size, visit);
        }
    }

    private static long ReadHashes(string path, long first, long size, LeafVisitor visit)
    {
        ReadOnlyMemory<byte> leaves = PrunedHashes.Read(path, first);
        for (; first < size && !leaves.IsEmpty; first++, leaves = leaves[MerkleFrontier.HashSize..]) visit(leaves.Span[..MerkleFrontier.HashSize]);
        return first;
    }
}
