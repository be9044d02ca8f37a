using System.Security.Cryptography;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>Proofs made from a ledger's files and checked by the product, against the definitions of RFC 6962 §2.1 written down as they stand there.</summary>
public sealed class ConsistencyProofTests : IDisposable
{
    private readonly LedgerFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Make_FromEachSizeToEachLarger_IsTheProofOfTheDefinitionAndVerifies()
    {
        int most = Wine.Or(67, 11);
        await folder.FillAsync(most, segmentSize: 4096);
        byte[][] leaves = [.. LedgerReader.Read(folder.Path).Select(entry => SHA256.HashData([0, .. entry.Raw.Span]))];
        for (int second = 1; second <= most; second++)
        {
            for (int first = 0; first <= second; first++)
            {
                byte[] proof = LedgerProof.Make(folder.Path, first, second, TestContext.Current.CancellationToken);
                byte[] expected = first == 0 ? [] : [.. Proof(first, leaves[..second], true).SelectMany(hash => hash)];
                Assert.Equal(expected, proof);
                Assert.True(ConsistencyProof.Verify(first, Root(leaves[..first]), second, Root(leaves[..second]), proof), $"{first} to {second}");
                RequireOnlyThisToVerify(first, Root(leaves[..first]), second, Root(leaves[..second]), proof);
            }
        }
    }

    [Fact]
    public void Verify_LargeTree_OfNoMoreThanAllowed()
    {
        const long Second = (1L << 53) - 1;
        Assert.InRange(ConsistencyProof.Runs((1L << 52) + 12345, Second).Count, 1, ConsistencyProof.MaxHashes);
        Assert.False(ConsistencyProof.Verify(5, new byte[32], Second, new byte[32], new byte[32 * (ConsistencyProof.MaxHashes + 1)]));
        Assert.False(ConsistencyProof.Verify(5, new byte[32], 9, new byte[32], new byte[33]));
        Assert.False(ConsistencyProof.Verify(9, new byte[32], 5, new byte[32], []));
        Assert.False(ConsistencyProof.Verify(-1, new byte[32], 5, new byte[32], []));
    }

    [Fact]
    public async Task Make_OfMoreThanThereIs_SaysSo()
    {
        await folder.FillAsync(5);
        Assert.Equal(StateError.Missing, Assert.Throws<StateException>(() => LedgerProof.Make(folder.Path + "x", 1, 5, TestContext.Current.CancellationToken)).Error);
        Assert.Throws<StateException>(() => LedgerProof.Make(folder.Path, 1, 6, TestContext.Current.CancellationToken));
    }

    /// <summary>A bit of either root or of the proof, a hash more or fewer, or another size, and it verifies no more.</summary>
    private static void RequireOnlyThisToVerify(int first, byte[] firstRoot, int second, byte[] secondRoot, byte[] proof)
    {
        Assert.False(ConsistencyProof.Verify(first, Flip(firstRoot, first), second, secondRoot, proof));
        if (first > 0) Assert.False(ConsistencyProof.Verify(first, firstRoot, second, Flip(secondRoot, second), proof));
        Assert.False(ConsistencyProof.Verify(first, firstRoot, second, secondRoot, [.. proof, .. new byte[32]]));
        for (int i = 0; i < proof.Length; i += 32)
        {
            Assert.False(ConsistencyProof.Verify(first, firstRoot, second, secondRoot, Flip(proof, i + (second % 32))));
            Assert.False(ConsistencyProof.Verify(first, firstRoot, second, secondRoot, [.. proof[..i], .. proof[(i + 32)..]]));
        }
    }

    private static byte[] Flip(byte[] bytes, int at)
    {
        byte[] changed = [.. bytes];
        changed[at % bytes.Length] ^= 1;
        return changed;
    }

    private static byte[] Root(byte[][] leaves)
    {
        if (leaves.Length == 0) return SHA256.HashData([]);
        if (leaves.Length == 1) return leaves[0];
        int k = Split(leaves.Length);
        return SHA256.HashData([1, .. Root(leaves[..k]), .. Root(leaves[k..])]);
    }

    private static IEnumerable<byte[]> Proof(int m, byte[][] leaves, bool b)
    {
        if (m == leaves.Length) return b ? [] : [Root(leaves)];
        int k = Split(leaves.Length);
        return m <= k ? [.. Proof(m, leaves[..k], b), Root(leaves[k..])] : [.. Proof(m - k, leaves[k..], false), Root(leaves[..k])];
    }

    private static int Split(int n)
    {
        int k = 1;
        while (k * 2 < n) k *= 2;
        return k;
    }
}
