using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

/// <summary>A header is read as it was written, at every length of its numbers; nothing longer than it needs to be is read.</summary>
public sealed class PictureHeaderTests
{
    [Theory]
    [InlineData(1, 1, 13)]
    [InlineData(127, 128, 14)]
    [InlineData(16_383, 16_384, 16)]
    [InlineData(2_097_152, 268_435_455, 19)]
    [InlineData(268_435_456, uint.MaxValue, 21)]
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
        byte[] bytes = [2, .. Convert.FromHexString(epoch), 1, 1];

        Assert.Equal(isRead, PictureHeader.TryRead(bytes, out _, out _));
    }

    [Fact]
    public void Write_FrameOfAnEpoch_SaysWhatHasComeSince()
    {
        PictureHeader before = Begin(0x0000_FEDC_BA98_7654, 0xFFFE);
        PictureHeader next = before with { Sequence = 8, IsNewEpoch = false, Size = default, CacheBits = 0, CapturedAtMicroseconds = before.CapturedAtMicroseconds + 33_000, Inputs = 3 };
        byte[] bytes = new byte[PictureHeader.MaxLength];

        int written = next.Write(bytes, before);

        // Flags, epoch, sequence, three bytes of time, one of inputs.
        Assert.Equal([3, 1, 8, 0xE8, 0x81, 0x02, 5], bytes[..written]);
        Assert.True(PictureHeader.TryRead(bytes.AsSpan(0, written), before, out PictureHeader read, out int taken));
        Assert.Equal((next, written), (read, taken));
        Assert.True(PictureHeader.TryRead(bytes.AsSpan(0, written), out PictureHeader alone, out taken));
        Assert.Equal((next with { CapturedAtMicroseconds = 33_000, Inputs = 5 }, written), (alone, taken));
    }

    [Theory]
    [InlineData(1_000_000, 1_000_000, 1)]
    [InlineData(1_000_000, 999_999, 7)]
    [InlineData(0x0000_FFFF_FFFF_FFFF, 5, 1)]
    public void TryRead_TimeThatStandsStillOrGoesBack_IsTheSame(long before, long time, int bytesOfTime)
    {
        PictureHeader first = Begin(before, 7);
        PictureHeader next = first with { IsNewEpoch = false, Size = default, CacheBits = 0, CapturedAtMicroseconds = time };
        byte[] bytes = new byte[PictureHeader.MaxLength];

        int written = next.Write(bytes, first);

        Assert.Equal(4 + bytesOfTime, written);
        Assert.True(PictureHeader.TryRead(bytes.AsSpan(0, written), first, out PictureHeader read, out _));
        Assert.Equal(next, read);
    }

    [Fact]
    public void TryRead_NewEpoch_NeedsNothingOfTheFrameBefore()
    {
        PictureHeader earlier = Begin(123_456_789, 1000), header = Begin(1_000_000, 4) with { Epoch = 2, Sequence = 9 };
        byte[] bytes = new byte[PictureHeader.MaxLength];

        int written = header.Write(bytes, earlier);

        Assert.True(PictureHeader.TryRead(bytes.AsSpan(0, written), out PictureHeader read, out _));
        Assert.Equal(header, read);
        Assert.True(PictureHeader.TryRead(bytes.AsSpan(0, written), earlier, out read, out _));
        Assert.Equal(header, read);
        for (int cut = 0; cut < written; cut++) Assert.False(PictureHeader.TryRead(bytes.AsSpan(0, cut), out _, out _));
        Assert.Equal(7, bytes[1]);
        foreach (byte version in (byte[])[0, 5, 6, 8])
        {
            bytes[1] = version;
            Assert.False(PictureHeader.TryRead(bytes.AsSpan(0, written), out _, out _));
        }
    }

    [Theory]
    [InlineData("0201018002", true)] // a part of 256 rows
    [InlineData("02010100", false)] // of none
    [InlineData("020101FFFF03", true)]
    [InlineData("020101FFFF04", false)] // of more than 16 bits
    [InlineData("0A01010101AA", true)] // an arithmetic section of a byte
    [InlineData("0A01010102AA", false)] // that is not there
    [InlineData("0A010101FFFFFF7F", false)] // of more than 24 bits
    [InlineData("0301010000", true)] // a whole frame: no time has passed, and no input
    [InlineData("0301018080808080802000", true)] // 2^47 µs
    [InlineData("03010180808080808020", false)] // cut behind its time
    [InlineData("0301018080808080804000", false)] // of more than 48 bits
    [InlineData("03010100FFFF0300", true)]
    [InlineData("03010100FFFF0400", false)] // more than 65535 inputs
    [InlineData("0607010101", false)] // an epoch that does not begin with a first part
    [InlineData("4201010100000000000800080100000001AA", false)] // nor does video
    [InlineData("8301010000", false)] // a flag that is not known
    [InlineData("06030101000000000000000000", false)] // a frame of format 6
    [InlineData("", false)]
    public void TryRead_EachField_IsHeldToItsRule(string message, bool isRead) =>
        Assert.Equal(isRead, PictureHeader.TryRead(Convert.FromHexString(message), out _, out _));

    private static PictureHeader Begin(long time, ushort inputs) => new()
    {
        Epoch = 1,
        Sequence = 7,
        IsFirstPart = true,
        IsLastPart = true,
        IsNewEpoch = true,
        CapturedAtMicroseconds = time,
        Inputs = inputs,
        Size = new PixelSize(1920, 1080),
        CacheBits = 9,
        ArithmeticLength = -1,
    };
}
