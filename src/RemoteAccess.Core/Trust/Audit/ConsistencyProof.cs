using System.Numerics;
using System.Security.Cryptography;

namespace RemoteAccess.Trust;

/// <summary>RFC 6962 §2.1.2: shows that the first entries of a ledger are still the ones they were when it had so many. Pure.</summary>
internal static class ConsistencyProof
{
    /// <summary>More than a tree of 2^53 leaves can need.</summary>
    public const int MaxHashes = 64;

    /// <summary>
    /// The runs of leaves whose subtree roots are the proof from <paramref name="first"/> to <paramref name="second"/> leaves, in the proof's order.
    /// They do not overlap. None when the two are equal, or the first is 0.
    /// </summary>
    public static IReadOnlyList<LeafRun> Runs(long first, long second)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first, second);
        List<LeafRun> runs = [];
        if (first > 0) AddRuns(runs, 0, first, second, isWhole: true);
        return runs;
    }

    /// <summary>RFC 9162 §2.1.4.2.</summary>
    /// <param name="first">Leaves of the older tree.</param>
    /// <param name="firstRoot">Its root, 32 bytes.</param>
    /// <param name="second">Leaves of the newer tree, not fewer.</param>
    /// <param name="secondRoot">Its root, 32 bytes.</param>
    /// <param name="hashes">The proof, 32 bytes each.</param>
    public static bool Verify(long first, ReadOnlySpan<byte> firstRoot, long second, ReadOnlySpan<byte> secondRoot, ReadOnlySpan<byte> hashes)
    {
        const int Size = MerkleFrontier.HashSize;
        if (first < 0 || second < first || hashes.Length % Size != 0 || hashes.Length > MaxHashes * Size) return false;
        if (first == 0) return hashes.IsEmpty && firstRoot.SequenceEqual(SHA256.HashData([]));
        if (first == second) return hashes.IsEmpty && firstRoot.SequenceEqual(secondRoot);
        // Of a tree that is one complete subtree the proof leaves out the root, which is known.
        ReadOnlySpan<byte> start = firstRoot;
        if (!BitOperations.IsPow2(first))
        {
            if (hashes.IsEmpty) return false;
            start = hashes[..Size];
            hashes = hashes[Size..];
        }

        byte[] older = start.ToArray(), newer = start.ToArray();
        long inFirst = first - 1, inSecond = second - 1;
        for (; (inFirst & 1) == 1; inFirst >>= 1) inSecond >>= 1;
        for (; !hashes.IsEmpty; hashes = hashes[Size..])
        {
            ReadOnlySpan<byte> hash = hashes[..Size];
            if (inSecond == 0) return false;
            if ((inFirst & 1) == 1 || inFirst == inSecond)
            {
                MerkleFrontier.HashNode(hash, older, older);
                MerkleFrontier.HashNode(hash, newer, newer);
                for (; (inFirst & 1) == 0 && inFirst != 0; inFirst >>= 1) inSecond >>= 1;
            }
            else
            {
                MerkleFrontier.HashNode(newer, hash, newer);
            }

            inFirst >>= 1;
            inSecond >>= 1;
        }

        return inSecond == 0 && firstRoot.SequenceEqual(older) && secondRoot.SequenceEqual(newer);
    }

    private static void AddRuns(List<LeafRun> runs, long start, long first, long count, bool isWhole)
    {
        if (first == count)
        {
            if (!isWhole) runs.Add(new LeafRun(start, start + count));
            return;
        }

        long left = 1L << BitOperations.Log2((ulong)count - 1);
        if (first <= left)
        {
            AddRuns(runs, start, first, left, isWhole);
            runs.Add(new LeafRun(start + left, start + count));
        }
        else
        {
            AddRuns(runs, start + left, first - left, count - left, isWhole: false);
            runs.Add(new LeafRun(start, start + left));
        }
    }
}

/// <summary>Leaves from <paramref name="Start"/> to before <paramref name="End"/>.</summary>
internal readonly record struct LeafRun(long Start, long End);
