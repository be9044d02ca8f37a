using System.Security.Cryptography;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class MerkleFrontierTests
{
    // The eight leaves and the roots of Certificate Transparency's reference test tree.
    private static readonly string[] Leaves =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    private static readonly string[] Roots =
    [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    [Fact]
    public void Root_CertificateTransparencyTestTree_EachSizeAsPublished()
    {
        var tree = new MerkleFrontier();
        Assert.Equal(Roots[0], Convert.ToHexStringLower(tree.Root()));
        for (int i = 0; i < Leaves.Length; i++)
        {
            byte[] leaf = new byte[32];
            MerkleFrontier.HashLeaf(Convert.FromHexString(Leaves[i]), leaf);
            tree.Append(leaf);
            Assert.Equal(Roots[i + 1], Convert.ToHexStringLower(tree.Root()));
            Assert.Equal(i + 1, tree.Size);
        }
    }

    [Fact]
    public void Root_EachSizeTo300_EqualsTheRecursiveDefinition()
    {
        var tree = new MerkleFrontier();
        List<byte[]> leaves = [];
        for (int i = 0; i < 300; i++)
        {
            byte[] leaf = SHA256.HashData(BitConverter.GetBytes(i));
            leaves.Add(leaf);
            tree.Append(leaf);
            Assert.Equal(Recursive(leaves), tree.Root());
        }
    }

    // RFC 6962 §2.1: split at the largest power of two smaller than n.
    private static byte[] Recursive(List<byte[]> leaves)
    {
        if (leaves.Count == 1) return leaves[0];
        int split = 1;
        while (split * 2 < leaves.Count) split *= 2;
        return SHA256.HashData([1, .. Recursive([.. leaves.Take(split)]), .. Recursive([.. leaves.Skip(split)])]);
    }
}
