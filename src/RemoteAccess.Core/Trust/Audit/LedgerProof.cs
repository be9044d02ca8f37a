namespace RemoteAccess.Trust;

/// <summary>Makes consistency proofs of a ledger on the disk: one pass over its leaves, in memory that does not grow with it. Needs no lock.</summary>
internal static class LedgerProof
{
    /// <summary>The proof from <paramref name="first"/> to <paramref name="second"/> entries, 32 bytes a hash.</summary>
    /// <exception cref="StateException">The ledger cannot be read, or has not so many entries.</exception>
    public static byte[] Make(string directory, long first, long second, CancellationToken cancellationToken)
    {
        IReadOnlyList<LeafRun> runs = ConsistencyProof.Runs(first, second);
        if (runs.Count == 0) return [];
        byte[] proof = new byte[runs.Count * MerkleFrontier.HashSize];
        // In the order of the leaves; each remembers its place in the proof.
        (LeafRun Run, int Place)[] ordered = [.. runs.Select(static (run, place) => (run, place)).OrderBy(static pair => pair.run.Start)];
        int next = 0;
        long leaf = 0;
        var subtree = new MerkleFrontier();
        LedgerLeaves.Read(directory, second, hash =>
        {
            cancellationToken.ThrowIfCancellationRequested();
            long at = leaf++;
            if (next == ordered.Length || at < ordered[next].Run.Start) return;
            subtree.Append(hash);
            if (leaf != ordered[next].Run.End) return;
            subtree.Root().CopyTo(proof, ordered[next].Place * MerkleFrontier.HashSize);
            subtree = new MerkleFrontier();
            next++;
        });
        return proof;
    }
}
