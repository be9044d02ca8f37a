using System.Buffers;
using RemoteAccess.Picture;
using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

public sealed class PlainCodecTests
{
    private readonly PlainEncoder encoder = new();
    private readonly PlainDecoder decoder = new();
    private readonly Framebuffer picture = new();
    private uint sequence;
    private uint epoch;

    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(9, 7, 8)]
    [InlineData(640, 480, 0)]
    [InlineData(1921, 1083, 20)]
    [InlineData(3840, 2160, 0)]
    [InlineData(7680, 8, 0)]
    public void Decode_RandomScriptOfFrames_EqualsTheSourceAfterEach(int width, int height, int slack)
    {
        var random = new Random(width + height);
        var size = new PixelSize(width, height);
        var before = new DrawnFrame(size, slack);
        before.Scribble(random, new PixelRect(0, 0, width, height));
        Send(before, null);
        Assert.Equal(before.Packed(), picture.Pixels.ToArray());

        for (int frame = 0; frame < (size.Area > 1 << 20 ? 3 : 30); frame++)
        {
            int x = random.Next(width), y = random.Next(height);
            var area = new PixelRect(x, y, random.Next(1, Math.Min(200, width - x + 1)), random.Next(1, Math.Min(120, height - y + 1)));
            DrawnFrame after = before.CopyWith(area);
            after.Scribble(random, area);
            picture.ClearDamage();
            Send(after, before);

            Assert.True(after.Packed().AsSpan().SequenceEqual(picture.Pixels), $"frame {frame}");
            Assert.All(picture.Damage, d => Assert.False(d.Intersect(new PixelRect(0, 0, width, height)) != d));
            before = after;
        }
    }

    [Fact]
    public void Decode_NewEpochAfterLoss_TakesTheWholePicture()
    {
        var first = new DrawnFrame(new PixelSize(64, 40));
        first.Scribble(new Random(1), new PixelRect(0, 0, 64, 40));
        Send(first, null);
        Encode(first.CopyWith(new PixelRect(0, 0, 64, 40)), all: true, newEpoch: false);

        var second = new DrawnFrame(new PixelSize(33, 50));
        second.Scribble(new Random(2), new PixelRect(0, 0, 33, 50));
        Send(second, null);

        Assert.Equal(second.Packed(), picture.Pixels.ToArray());
    }

    [Fact]
    public void Decode_FrameMissing_IsMalformed()
    {
        var frame = new DrawnFrame(new PixelSize(64, 40));
        Send(frame, null);
        Encode(frame, all: true, newEpoch: false);
        byte[] third = Encode(frame, all: true, newEpoch: false)[0];

        Assert.Equal(ChannelError.Malformed, Assert.Throws<ChannelException>(() => decoder.Decode(third, picture)).Error);
    }

    [Fact]
    public void Decode_EveryByteChangedOrCut_NeverThrowsAnythingElse()
    {
        var frame = new DrawnFrame(new PixelSize(40, 24));
        frame.Scribble(new Random(3), new PixelRect(0, 0, 40, 24));
        byte[] valid = Encode(frame, all: true, newEpoch: true)[0];
        for (int at = 0; at < valid.Length; at++)
        {
            for (int bit = 0; bit < 8; bit++)
            {
                byte[] changed = [.. valid];
                changed[at] ^= (byte)(1 << bit);
                DecodeAnew(changed);
            }

            var error = Assert.Throws<ChannelException>(() => new PlainDecoder().Decode(valid.AsSpan(0, at), new Framebuffer()));
            Assert.Equal(ChannelError.Malformed, error.Error);
        }
    }

    [Fact]
    public void Encode_WholePicture_ComesInBandsWithinTheBound()
    {
        var frame = new DrawnFrame(new PixelSize(1920, 1080));
        frame.Scribble(new Random(4), new PixelRect(0, 0, 1920, 1080));

        List<byte[]> messages = Encode(frame, all: true, newEpoch: true);

        Assert.Equal(135, messages.Sum(BlockRows));
        Assert.All(messages, message => Assert.InRange(BlockRows(message) * 240, 1, PlainEncoder.MaxBandPixels / 64));
        Assert.All(messages, message => Assert.InRange(message.Length, 1, 1 << 20));
    }

    [Fact]
    public void Encode_TwoBlocksFarApart_IsOneMessage()
    {
        var frame = new DrawnFrame(new PixelSize(1920, 1080));
        var map = new BlockMap();
        map.Reset(frame.Size);
        map.Set(0, 0);
        map.Set(239, 134);

        Assert.Equal(135, BlockRows(Assert.Single(Encode(frame, map, newEpoch: false))));
    }

    [Fact]
    public void Decode_BandOverTheBound_IsMalformed()
    {
        var size = new PixelSize(1920, 1080);
        byte[] message = new byte[PictureHeader.Length + 30 * 18 + 100];
        message.AsSpan(PictureHeader.Length).Fill(0xFF);
        new PictureHeader
        {
            Size = size, Sequence = 1, Epoch = 1, IsNewEpoch = true, CapturedAtMicroseconds = 0, FirstBlockRow = 0, BlockRows = 18, IsLastBand = false,
        }.Write(message);

        ChannelException error = Assert.Throws<ChannelException>(() => decoder.Decode(message, picture));

        Assert.Contains("band size", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Decode_PictureBeyondTheLimit_IsRefusedBeforeMemoryIsTaken()
    {
        byte[] header = new byte[PictureHeader.Length + 100];
        new PictureHeader
        {
            Size = new PixelSize(65535, 65535), Sequence = 1, Epoch = 1, IsNewEpoch = true, CapturedAtMicroseconds = 0, FirstBlockRow = 0, BlockRows = 1, IsLastBand = false,
        }.Write(header);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<ChannelException>(() => decoder.Decode(header, picture));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    private static int BlockRows(byte[] message) => PictureHeader.TryRead(message, out PictureHeader header) ? header.BlockRows : 0;

    private static void DecodeAnew(byte[] message)
    {
        try
        {
            new PlainDecoder().Decode(message, new Framebuffer());
        }
        catch (ChannelException error)
        {
            Assert.Equal(ChannelError.Malformed, error.Error);
        }
    }

    private void Send(DrawnFrame frame, DrawnFrame? before)
    {
        var map = new BlockMap();
        map.Reset(frame.Size);
        if (before is null) map.SetAll();
        else if (!DamageScan.Compare(before, frame, map)) return;
        foreach (byte[] message in Encode(frame, map, before is null)) decoder.Decode(message, picture);
    }

    private List<byte[]> Encode(DrawnFrame frame, bool all, bool newEpoch)
    {
        var map = new BlockMap();
        map.Reset(frame.Size);
        if (all) map.SetAll();
        return Encode(frame, map, newEpoch);
    }

    private List<byte[]> Encode(DrawnFrame frame, BlockMap map, bool newEpoch)
    {
        if (newEpoch) epoch++;
        encoder.Begin(frame, map, new PictureHeader
        {
            Size = frame.Size, Sequence = ++sequence, Epoch = epoch, IsNewEpoch = newEpoch, CapturedAtMicroseconds = 5, FirstBlockRow = 0, BlockRows = 0, IsLastBand = false,
        });
        var messages = new List<byte[]>();
        var writer = new ArrayBufferWriter<byte>();
        while (encoder.TryEncodeNext(writer))
        {
            messages.Add(writer.WrittenSpan.ToArray());
            writer.ResetWrittenCount();
        }

        return messages;
    }
}
