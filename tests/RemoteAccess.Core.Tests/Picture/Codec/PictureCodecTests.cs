using System.Security.Cryptography;
using RemoteAccess.Picture;
using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

public sealed class PictureCodecTests
{
    [Theory]
    [InlineData(1, 333, 190, 3, 2500)]
    [InlineData(2, 128, 128, 12, 2500)]
    [InlineData(3, 200, 65, 5, 2500)]
    [InlineData(4, 77, 201, 0, 10_000)]
    public void ThousandsOfFrames_OfWhatScreensDo_BothSidesAgreeAfterEachAndSettleToTheSame(int seed, int width, int height, int slack, int frames)
    {
        using var pair = new CodecPair();
        var script = new DrawnScript(seed);
        var random = new Random(seed);
        var size = new PixelSize(width, height);
        DrawnFrame frame = script.Begin(size, slack);
        int lossy = 0, settled = 0;
        for (int round = 0; round < Wine.Or(frames, 60); round++)
        {
            bool delivered = random.Next(150) != 0;
            pair.Now += random.Next(5_000, 120_000);
            pair.Budget = random.Next(3) == 0 ? random.Next(3000) : double.PositiveInfinity;
            pair.Show(frame, delivered);
            if (delivered) AssertAgree(pair);
            else pair.Lose();
            if (!pair.IsExact) lossy++;
            if (random.Next(60) == 0)
            {
                // A viewer that was just lost gets its picture first.
                pair.Show(frame);
                settled += pair.Settle();
                Assert.True(pair.IsExact);
                Assert.Equal(SHA256.HashData(frame.Packed()), SHA256.HashData(pair.Picture.Pixels));
            }

            if (random.Next(400) == 0) pair.RequestEpoch();
            if (random.Next(500) == 0) pair.Wish = pair.Wish with { Lossless = !pair.Wish.Lossless };
            frame = random.Next(700) == 0 ? script.Begin(new PixelSize(random.Next(1, width * 2), random.Next(1, height * 2)), slack) : script.Next(frame);
        }

        // The script has photographs: lossy tiles came and went, or this would have shown nothing of them.
        Assert.InRange(lossy, Wine.Or(20, 0), frames);
        Assert.InRange(settled, Wine.Or(1, 0), 100_000);
    }

    [Fact]
    public void FirstFrame_OfEverySmallSize_IsExact()
    {
        for (int width = 1; width <= 40; width++)
            for (int height = 1; height <= 40; height++)
                AssertExact(new PixelSize(width, height), (width + height) % 7);
    }

    [Theory]
    [InlineData(7680, 4320)]
    [InlineData(4096, 1)]
    [InlineData(1, 4320)]
    [InlineData(32768, 65)]
    [InlineData(65, 32768)]
    [InlineData(1920, 1080)]
    [InlineData(1366, 768)]
    public void FirstFrame_OfLargeSizes_IsExact(int width, int height) => AssertExact(width > 256 && height > 256 ? new PixelSize(width / Wine.Or(1, 8), height / Wine.Or(1, 8)) : new PixelSize(width, height), 7);

    /// <summary>Every width and height to 2048, and every fifth to 7680 and 4320, each a resize for both sides; rows of any length in bytes.</summary>
    [Fact]
    public void Resized_ToEveryWidthAndEveryHeight_IsExact()
    {
        using var pair = new CodecPair();
        for (int width = 1; width <= 7680; width += Wine.Or(width < 2048 ? 1 : 5, 97)) Show(new PixelSize(width, 1 + width * 7 % 11), width % 5);
        for (int height = 1; height <= 4320; height += Wine.Or(height < 2048 ? 1 : 5, 97)) Show(new PixelSize(1 + height * 5 % 13, height), height % 5);

        void Show(PixelSize size, int slack)
        {
            var frame = new DrawnFrame(size, slack);
            Random random = new(size.Width * 31 + size.Height);
            for (int x = 0; x < size.Width; x += 40) frame.Scribble(random, new PixelRect(x, 0, Math.Min(9, size.Width - x), Math.Min(9, size.Height)));
            frame.Scribble(random, new PixelRect(size.Width - 1, size.Height - 1, 1, 1));
            Assert.True(pair.Show(frame));
            pair.AssertAgree();
            Assert.True(pair.IsExact);
        }
    }

    [Fact]
    public void Region_IsSentAlone_AndSettlesByItself()
    {
        using var pair = new CodecPair();
        var script = new DrawnScript(9);
        DrawnFrame frame = script.Begin(new PixelSize(300, 200), 0);
        pair.Wish = pair.Wish with { Region = new PixelRect(70, 33, 101, 90) };
        for (int round = 0; round < 300; round++)
        {
            pair.Now += 40_000;
            pair.Show(frame);
            pair.AssertAgree();
            frame = script.Next(frame);
        }

        pair.Show(frame);
        pair.Settle();
        Assert.True(pair.IsExact);
        PixelRect area = pair.Region.Pixels(frame.Size);
        Assert.Equal(new PixelRect(64, 32, 112, 96), area);
        for (int y = 0; y < frame.Size.Height; y++)
        {
            ReadOnlySpan<byte> shown = pair.Picture.Pixels.Slice(y * pair.Picture.Stride, pair.Picture.Stride);
            if (y < area.Y || y >= area.Bottom)
            {
                Assert.False(shown.ContainsAnyExcept((byte)0));
                continue;
            }

            Assert.True(shown.Slice(area.X * 4, area.Width * 4).SequenceEqual(frame.Pixels.Slice(y * frame.Stride + area.X * 4, area.Width * 4)));
            Assert.False(shown[(area.Right * 4)..].ContainsAnyExcept((byte)0));
        }
    }

    [Fact]
    public void PageThatComesBack_IsTakenFromTheCache()
    {
        using var pair = new CodecPair();
        DrawnFrame[] pages = [.. Enumerable.Range(0, 3).Select(i => new DrawnScript(20 + i).Begin(new PixelSize(512, 384), 0))];
        foreach (DrawnFrame page in pages) pair.Show(page.CopyWith(new PixelRect(0, 0, 512, 384)));
        pair.Wish = pair.Wish with { CacheBits = 8 };
        pair.RequestEpoch();
        long[] bytes = new long[6];
        for (int i = 0; i < 6; i++)
        {
            long before = pair.Bytes;
            pair.Show(pages[i % 3].CopyWith(new PixelRect(0, 0, 512, 384)));
            pair.AssertAgree();
            bytes[i] = pair.Bytes - before;
        }

        Assert.All(bytes[3..], again => Assert.InRange(again, 0, bytes[1] / 4));
    }

    [Fact]
    public void Cache_OfAnySizeUnderManyPages_StaysTheSameOnBothSides()
    {
        for (int bits = 0; bits <= 4; bits++)
        {
            using var pair = new CodecPair();
            pair.Wish = pair.Wish with { CacheBits = bits };
            var random = new Random(bits);
            DrawnFrame[] pages = [.. Enumerable.Range(0, 7).Select(i => new DrawnScript(40 + i).Begin(new PixelSize(150, 130), 0))];
            for (int i = 0; i < 200; i++)
            {
                pair.Show(pages[random.Next(pages.Length)].CopyWith(new PixelRect(0, 0, 150, 130)));
                pair.AssertAgree();
            }
        }
    }

    [Fact]
    public void PhotoSentWithoutLoss_BesideOneWithLosses_DoesNotCostThatItsQuality()
    {
        using var pair = new CodecPair();
        pair.Wish = pair.Wish with { CacheBits = 0 };
        pair.Budget = 16_000;
        var size = new PixelSize(512, 256);
        PixelRect left = new(0, 0, 256, 256), right = new(256, 0, 256, 256);
        for (int i = 0; i < 4; i++)
        {
            pair.Now += 100_000;
            var frame = new DrawnFrame(size);
            PaintedContent.Photo(frame, left, seed: 1, phase: i);
            if (i < 2) PaintedContent.Fill(frame, right, 240, 240, 240);
            else PaintedContent.Photo(frame, right, seed: 2);
            pair.Show(frame);
            pair.AssertAgree();
            if (i == 2) Assert.InRange(pair.Encoder.LosslessBytes, 4 * pair.Encoder.LossyBytes, int.MaxValue);
        }

        Assert.InRange(pair.Encoder.LossyBytes, 1, 16_000);
        Assert.Equal(LossyQuality.Q75_420, pair.Plan.Quality);
    }

    [Fact]
    public void LargeFrame_ComesInParts_InOrderOnly()
    {
        using var pair = new CodecPair();
        var frame = new DrawnFrame(new PixelSize(400, 400));
        frame.Scribble(new Random(1), new PixelRect(0, 0, 400, 400));
        pair.Show(frame);
        pair.AssertAgree();
        byte[][] parts = [.. pair.Messages];
        Assert.InRange(parts.Length, 3, 7);

        var decoder = new PictureDecoder();
        var picture = new Framebuffer();
        Assert.Equal(ChannelError.Malformed, Assert.Throws<ChannelException>(() => decoder.Decode(parts[1], picture)).Error);
        Decode(parts[0]);
        Assert.Throws<ChannelException>(() => Decode(parts[2].Length > 0 ? parts[0] : parts[1]));

        void Decode(byte[] part) => decoder.Decode(part, picture);
    }

    [Fact]
    public void FrameOrPart_OutOfItsOrder_IsRefused()
    {
        using var pair = new CodecPair();
        byte[][] first = Show(1), second = Show(2), third = Show(3);
        pair.RequestEpoch();
        byte[][] otherEpoch = Show(4);

        AssertRefused([], second[0]);
        AssertRefused([], first[1]);
        AssertRefused(first, first[0]);
        AssertRefused(first, first[1]);
        AssertRefused(first, second[1]);
        AssertRefused(first, third[0]);
        AssertRefused([.. first, second[0]], second[0]);
        AssertRefused([.. first, second[0]], third[0]);
        AssertRefused([.. first, second[0]], third[1]);
        AssertRefused([.. first, .. second, .. otherEpoch], third[0]);
        AssertRefused([.. first, .. second, otherEpoch[0]], third[1]);
        AssertRefused([.. first, .. otherEpoch], first[0]);

        byte[][] Show(int seed)
        {
            var frame = new DrawnFrame(new PixelSize(300, 300));
            frame.Scribble(new Random(seed), new PixelRect(0, 0, 300, 300));
            pair.Now += 30_000;
            pair.Show(frame);
            Assert.InRange(pair.Messages.Count, 2, 9);
            return [.. pair.Messages];
        }

        static void AssertRefused(byte[][] before, byte[] message)
        {
            var decoder = new PictureDecoder();
            var picture = new Framebuffer();
            foreach (byte[] part in before) decoder.Decode(part, picture);
            Assert.Equal(ChannelError.Malformed, Assert.Throws<ChannelException>(() => decoder.Decode(message, picture)).Error);
        }
    }

    /// <summary>Each by itself: what else a header says is as it should be.</summary>
    [Fact]
    public void Header_OfWhichOneNumberIsWrong_IsRefused()
    {
        using var pair = new CodecPair();
        byte[][] first = Show(1), second = Show(2);
        pair.RequestEpoch();
        byte[][] again = Show(3);

        // A part of another epoch under this frame's number; a part of another quality.
        AssertRefused([first[0]], Altered(first[1], static header => header with { Epoch = header.Epoch + 1 }));
        AssertRefused([first[0]], Altered(first[1], static header => header with { Quality = header.Quality == LossyQuality.Q50_420 ? LossyQuality.Q75_420 : LossyQuality.Q50_420 }));
        // A new epoch that is the one before, or an older one, under a newer number; one under a number that was there.
        AssertRefused(first, Altered(again[0], static header => header with { Epoch = 1 }));
        AssertRefused([.. first, .. again], Altered(again[0], static header => header with { Epoch = 1, Sequence = header.Sequence + 1 }));
        AssertRefused([.. first, .. second], Altered(again[0], static header => header with { Sequence = 2 }));
        AssertRefused([.. first, .. second], Altered(again[0], static header => header with { Sequence = 1 }));

        byte[][] Show(int seed)
        {
            var frame = new DrawnFrame(new PixelSize(300, 300));
            frame.Scribble(new Random(seed), new PixelRect(0, 0, 300, 300));
            pair.Now += 30_000;
            pair.Show(frame);
            return [.. pair.Messages];
        }

        static byte[] Altered(byte[] message, Func<PictureHeader, PictureHeader> change)
        {
            Assert.True(PictureHeader.TryRead(message, out PictureHeader header, out int length));
            byte[] target = new byte[PictureHeader.MaxLength];
            return [.. target[..change(header).Write(target)], .. message[length..]];
        }

        static void AssertRefused(byte[][] before, byte[] message)
        {
            var decoder = new PictureDecoder();
            var picture = new Framebuffer();
            foreach (byte[] part in before) decoder.Decode(part, picture);
            ChannelException refusal = Assert.Throws<ChannelException>(() => decoder.Decode(message, picture));
            Assert.Equal(ChannelError.Malformed, refusal.Error);
            Assert.Matches("part order|not newer", refusal.Message);
        }
    }

    [Fact]
    public void Frame_OfAnotherEpochOrNumber_IsRefusedAndChangesNothing()
    {
        using var pair = new CodecPair();
        var script = new DrawnScript(3);
        DrawnFrame frame = script.Begin(new PixelSize(60, 40), 0);
        pair.Show(frame);
        byte[] first = Assert.Single(pair.Messages);
        pair.Now += 30_000;
        frame = frame.CopyWith(new PixelRect(0, 0, 60, 40));
        frame.Scribble(new Random(5), new PixelRect(0, 0, 30, 30));
        pair.Show(frame);
        byte[] second = Assert.Single(pair.Messages);
        var decoder = new PictureDecoder();
        var picture = new Framebuffer();
        decoder.Decode(first, picture);

        // Flags, epoch, sequence: a byte each.
        for (int at = 1; at <= 2; at++)
            for (int change = 1; change < 256; change++)
            {
                byte[] altered = [.. second];
                altered[at] ^= (byte)change;
                Assert.Equal(ChannelError.Malformed, Assert.Throws<ChannelException>(() => decoder.Decode(altered, picture)).Error);
            }

        Assert.Equal(pair.Now, decoder.Decode(second, picture).CapturedAtMicroseconds);
        Assert.Equal(pair.Picture.Pixels, picture.Pixels);
    }

    /// <summary>
    /// The range coder's end is the only one that fits the bits decoded. A cut message can by chance be the whole of another picture, which
    /// nothing but the channel's own authentication could tell; it must not be often, and nothing but the declared error may come of it.
    /// </summary>
    [Fact]
    public void TruncatedAtEveryByte_IsRefusedButForChance()
    {
        using var pair = new CodecPair();
        pair.Show(new DrawnScript(3).Begin(new PixelSize(100, 70), 0));
        byte[] whole = Assert.Single(pair.Messages);
        int taken = 0;
        for (int length = 0; length < whole.Length; length++)
        {
            byte[] cut = whole[..length];
            if (Record.Exception(() => new PictureDecoder().Decode(cut, new Framebuffer())) is { } error) Assert.Equal(ChannelError.Malformed, Assert.IsType<ChannelException>(error).Error);
            else taken++;
        }

        Assert.InRange(taken, 0, whole.Length / 50);
        byte[] longer = [.. whole, 0];
        Assert.Equal(ChannelError.Malformed, Assert.Throws<ChannelException>(() => new PictureDecoder().Decode(longer, new Framebuffer())).Error);
    }

    [Fact]
    public void EncodeAndDecode_InSteadyState_AllocateNothing()
    {
        using var pair = new CodecPair();
        var script = new DrawnScript(7);
        DrawnFrame[] frames = new DrawnFrame[40];
        frames[0] = script.Begin(new PixelSize(640, 480), 0);
        for (int i = 1; i < frames.Length; i++) frames[i] = script.Next(frames[i - 1]);
        using var meter = new CodecAllocation();
        meter.Run(frames, rounds: 6);
        (long encoding, long decoding) = meter.Run(frames, rounds: 2);

        Assert.Equal((0, 0), (encoding, decoding));
    }

    /// <summary>What both say is exact is, and what is not is at least this picture and no other.</summary>
    private static void AssertAgree(CodecPair pair)
    {
        pair.AssertAgree();
        if (pair.Plan.HasPutOff) return;
        (double most, double mean) = pair.Apart;
        // The worst are blocks with an edge of saturated colour in them at half the resolution of colour.
        Assert.InRange(most, 0, 64);
        if (pair.Encoder.Inexact.Count >= 64) Assert.InRange(mean, 0, 16);
    }

    private static void AssertExact(PixelSize size, int slack)
    {
        using var pair = new CodecPair();
        DrawnFrame frame = new DrawnScript(size.Width * 31 + size.Height).Begin(size, slack);
        Assert.True(pair.Show(frame));
        pair.AssertAgree();
        Assert.True(pair.IsExact);
    }
}
