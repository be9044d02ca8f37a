using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

/// <summary>A header is read as it was written, at every length of its two numbers; nothing longer than it needs to be is read.</summary>
public sealed class PictureHeaderTests
{
    [Theory]
    [InlineData(1, 1, 12)]
    [InlineData(127, 128, 13)]
    [InlineData(16_383, 16_384, 15)]
    [InlineData(2_097_152, 268_435_455, 18)]
    [InlineData(268_435_456, uint.MaxValue, 20)]
    public void TryRead_WhatWasWritten_IsTheSame(uint epoch, uint sequence, int length)
    {
        var header = new PictureHeader
        {
            Epoch = epoch,
            Sequence = sequence,
            IsFirstPart = true,
            IsLastPart = true,
            Quality = LossyQuality.Q75_444,
            CapturedAtMicroseconds = 0x0000_FEDC_BA98_7654,
            Inputs = 0xABCD,
            ArithmeticLength = -1,
        };
        byte[] bytes = new byte[PictureHeader.MaxLength];

        int written = header.Write(bytes);

        Assert.Equal(length, written);
        Assert.True(PictureHeader.TryRead(bytes.AsSpan(0, written), out PictureHeader read, out int taken));
        Assert.Equal((header, written), (read, taken));
        for (int cut = 0; cut < written; cut++) Assert.False(PictureHeader.TryRead(bytes.AsSpan(0, cut), out _, out _));
    }

    [Theory]
    [InlineData("01", true)]
    [InlineData("8001", true)]
    [InlineData("FFFFFFFF0F", true)]
    [InlineData("8100", false)]
    [InlineData("FFFFFFFF00", false)]
    [InlineData("FFFFFFFF10", false)]
    [InlineData("FFFFFFFF8F00", false)]
    public void TryRead_Epoch_OnlyInItsShortestForm(string epoch, bool isRead)
    {
        byte[] bytes = [6, 2, .. Convert.FromHexString(epoch), 1, 0, 1];

        Assert.Equal(isRead, PictureHeader.TryRead(bytes, out _, out _));
    }
}
