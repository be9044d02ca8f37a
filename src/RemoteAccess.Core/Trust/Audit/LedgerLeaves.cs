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
            next = FileFault.Run(path, () => ReadSegment(path, before, size, visit));
            if (next == before) throw new StateException(StateError.Corrupted, path, $"{path} ends before entry {size - 1}.");
        }
    }

    private static long ReadSegment(string path, long first, long size, LeafVisitor visit)
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
    }
}
