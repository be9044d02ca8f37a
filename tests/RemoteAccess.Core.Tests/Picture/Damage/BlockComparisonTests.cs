using System.Runtime.InteropServices;
using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

public sealed class BlockComparisonTests
{
    [Fact]
    public void Differing_EveryByteOfAGroup_SetsTheBitOfItsBlockOnEveryPath()
    {
        var random = new Random(7);
        byte[] before = new byte[IBlockComparison.Bytes];
        random.NextBytes(before);
        for (int at = 0; at < before.Length; at++)
        {
            byte[] after = [.. before];
            after[at] ^= (byte)(1 << random.Next(8));
            AssertAll(1 << (at / 32), before, after);
        }
    }

    [Fact]
    public void Differing_RandomBlocks_AreToldApartOnEveryPath()
    {
        var random = new Random(8);
        byte[] before = new byte[IBlockComparison.Bytes];
        for (int expected = 0; expected < 256; expected++)
        {
            byte[] after = [.. before];
            for (int block = 0; block < 8; block++)
            {
                if ((expected & (1 << block)) != 0) after[block * 32 + random.Next(32)] ^= (byte)random.Next(1, 256);
            }

            AssertAll(expected, before, after);
        }
    }

    private static void AssertAll(int expected, byte[] before, byte[] after)
    {
        ref byte a = ref MemoryMarshal.GetArrayDataReference(before), b = ref MemoryMarshal.GetArrayDataReference(after);
        Assert.Equal(expected, BlockComparisonScalar.Differing(ref a, ref b));
        Assert.Equal(expected, BlockComparison128.Differing(ref a, ref b));
        Assert.Equal(expected, BlockComparison256.Differing(ref a, ref b));
        Assert.Equal(expected, BlockComparison512.Differing(ref a, ref b));
    }
}
