using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class SectorLossTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(509)]
    [InlineData(511)]
    public void ExplainsRecord_EachSectorOfARecordMissing_TrueAndOnlyThen(int offset)
    {
        byte[] record = Record(3000);
        Assert.False(SectorLoss.ExplainsRecord(record, offset));
        for (int start = -offset; start < record.Length; start += PowerLossDisk.Sector)
        {
            int first = Math.Max(start, 0), end = Math.Min(start + PowerLossDisk.Sector, record.Length);
            byte[] lost = [.. record];
            lost.AsSpan(first, end - first).Clear();
            // The first two bytes of a record are zeros anyway: when only they were lost, nothing was.
            Assert.Equal(first > 0 || end - first > 2, SectorLoss.ExplainsRecord(lost, offset));

            if (end - first < 2) continue;
            lost[end - 1] = 1;
            Assert.False(SectorLoss.ExplainsRecord(lost, offset), $"All but a byte of the sector at {first} is zero.");
        }
    }

    [Fact]
    public void ExplainsRecord_ZeroSectorBehindTheRecord_False()
    {
        byte[] record = Record(400);
        record[10] ^= 1;
        Assert.False(SectorLoss.ExplainsRecord([.. record, .. new byte[3000]], 0));
    }

    [Fact]
    public void ExplainsRecord_MoreThanOneBatch_False() => Assert.False(SectorLoss.ExplainsRecord(new byte[LedgerRecord.MaxBatch + 1], 0));

    private static byte[] Record(int length)
    {
        byte[] record = new byte[length + LedgerRecord.Overhead];
        LedgerRecord.Frame([.. Enumerable.Repeat((byte)'x', length)], record);
        return record;
    }
}
