using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

public sealed class AnchorRowTests
{
    [Fact]
    public void Candidates_RandomRows_AreTheSameOnEveryPath()
    {
        var random = new Random(11);
        byte[] row = new byte[(AnchorRow.Group + 40) * 4];
        for (int round = 0; round < 2000; round++)
        {
            for (int i = 0; i < row.Length; i += 4) row[i] = (byte)(random.Next(3) == 0 ? random.Next(256) : i == 0 ? 0 : row[i - 4]);
            int x = random.Next(30);
            ulong expected = AnchorRow.CandidatesScalar(row, x, AnchorRow.Group, out ulong expectedFlat);
            Assert.NotEqual(0UL, expected);
            Assert.Equal((expected, expectedFlat), (AnchorRow.Candidates128(row, x, out ulong flat), flat));
            Assert.Equal((expected, expectedFlat), (AnchorRow.Candidates256(row, x, out flat), flat));
            Assert.Equal((expected, expectedFlat), (AnchorRow.Candidates512(row, x, out flat), flat));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(72)]
    [InlineData(73)]
    [InlineData(100)]
    public void Candidates_AnyWidth_HaveTheirHashWithinTheRow(int width)
    {
        byte[] row = new byte[width * 4];
        for (int x = 0; x < width; x++) row[x * 4] = (byte)(x / 2);
        int found = 0;
        for (int x = 0; x < width; x += AnchorRow.Group)
        {
            for (ulong candidates = AnchorRow.Candidates(row, x, out _); candidates != 0; candidates &= candidates - 1)
            {
                int at = x + System.Numerics.BitOperations.TrailingZeroCount(candidates);
                Assert.Equal(0, at % 2);
                AnchorRow.Hash(row, at);
                found++;
            }
        }

        Assert.Equal(Math.Max(0, (width - AnchorRow.Length) / 2 + (width >= AnchorRow.Length ? 1 : 0)), found);
    }
}
