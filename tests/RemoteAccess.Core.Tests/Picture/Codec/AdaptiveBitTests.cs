using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

/// <summary>An adaptive bit moves as docs/picture-context-coder.md says, whatever it has seen.</summary>
public sealed class AdaptiveBitTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public void Learn_BitsOfAnyKind_MovesByTheDocumentedRateAndKeepsTheTag(int seed)
    {
        const uint tag = 0xA500;
        var random = new Random(seed);
        uint cell = AdaptiveBit.New | tag;
        long zero = 0x8000, learnt = 0;
        for (int i = 0; i < 2000; i++)
        {
            int bit = random.Next(100) < 50 * seed ? 1 : 0;
            long rate = 655360 / (10 * learnt + 16);
            zero = bit == 0 ? zero + ((0x10000 - zero) * rate >> 16) : zero - (zero * rate >> 16);
            learnt = Math.Min(learnt + 1, 30);

            cell = AdaptiveBit.Learn(cell, bit);

            Assert.Equal((zero, learnt, tag), (AdaptiveBit.Zero(cell), AdaptiveBit.Learnt(cell), cell & 0xFF00));
            Assert.InRange(zero, 1, 0xFFFF);
        }
    }
}
