using System.Buffers;

namespace RemoteAccess.Trust;

/// <summary>The chain from entry to entry: each names the leaf hash of the one before in hexadecimal, the first one zeros.</summary>
internal static class LedgerChain
{
    public static bool Continues(ReadOnlySpan<byte> previousHex, ReadOnlySpan<byte> lastLeaf)
    {
        Span<byte> previous = stackalloc byte[MerkleFrontier.HashSize];
        return Convert.FromHexString(previousHex, previous, out _, out int written) == OperationStatus.Done
            && written == MerkleFrontier.HashSize
            && previous.SequenceEqual(lastLeaf);
    }
}
