using System.Security.Cryptography;

namespace RemoteAccess.Trust;

/// <summary>
/// The right edge of an RFC 6962 §2.1 Merkle tree: the roots of its complete subtrees, at most one for each power of two. Enough to add
/// leaves and to tell the root at each size, in memory that does not grow with the ledger.
/// </summary>
internal sealed class MerkleFrontier
{
    public const int HashSize = 32;

    private readonly byte[] subtrees = new byte[64 * HashSize];
    private readonly byte[] node = new byte[1 + (2 * HashSize)];
    private int count;

    public MerkleFrontier() => node[0] = 1;

    /// <summary>Leaves so far.</summary>
    public long Size { get; private set; }

    /// <summary>SHA-256(00 ‖ entry).</summary>
    public static void HashLeaf(ReadOnlySpan<byte> entry, Span<byte> leaf)
    {
        Span<byte> input = stackalloc byte[1 + entry.Length];
        input[0] = 0;
        entry.CopyTo(input[1..]);
        SHA256.HashData(input, leaf);
    }

    /// <summary>SHA-256(01 ‖ left ‖ right); <paramref name="node"/> may be one of the two.</summary>
    public static void HashNode(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> node)
    {
        Span<byte> input = stackalloc byte[1 + (2 * HashSize)];
        input[0] = 1;
        left.CopyTo(input[1..]);
        right.CopyTo(input[(1 + HashSize)..]);
        SHA256.HashData(input, node);
    }

    public void Append(ReadOnlySpan<byte> leaf)
    {
        leaf.CopyTo(subtrees.AsSpan(count * HashSize, HashSize));
        count++;
        // Each trailing one bit of the old size is a complete subtree as large as the one on top of it now.
        for (long size = Size; (size & 1) == 1; size >>= 1)
        {
            subtrees.AsSpan((count - 2) * HashSize, 2 * HashSize).CopyTo(node.AsSpan(1));
            SHA256.HashData(node, subtrees.AsSpan((count - 2) * HashSize, HashSize));
            count--;
        }

        Size++;
    }

    /// <summary>The root of all leaves so far; SHA-256 of nothing for the empty tree.</summary>
    public byte[] Root()
    {
        if (count == 0) return SHA256.HashData(ReadOnlySpan<byte>.Empty);
        byte[] root = subtrees.AsSpan((count - 1) * HashSize, HashSize).ToArray();
        for (int i = count - 2; i >= 0; i--)
        {
            subtrees.AsSpan(i * HashSize, HashSize).CopyTo(node.AsSpan(1));
            root.CopyTo(node.AsSpan(1 + HashSize));
            SHA256.HashData(node, root);
        }

        return root;
    }
}
