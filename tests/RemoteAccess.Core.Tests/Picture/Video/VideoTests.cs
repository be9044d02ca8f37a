using System.Buffers;
using RemoteAccess.Picture;
using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

public sealed class VideoTests
{
    private static readonly PixelRect Window = new(64, 64, 256, 192);

    private static readonly VideoEncoding Encoding = new("coarse", size => new Coarse(size));

    private static readonly VideoDecoding Decoding = new("coarse", size => new Coarse(size));

    [Fact]
    public void Film_WithAFormatOfBothSides_GoesThroughTheSeamAndSettlesExactly()
    {
        using CodecPair pair = Begin(out DrawnScript script, out DrawnFrame frame);
        pair.Decoder.Offer(Decoding);
        PixelRect area = RunFilm(pair, script, ref frame);

        Assert.Equal(Window, area.Intersect(Window).Union(Window));
        Assert.True(area.Area >= 128 * 128);
        Assert.Equal(1, pair.VideoStarts);
        // What is shown is the stand-in's: every channel has lost its lowest four bits.
        for (int y = area.Y; y < area.Bottom; y++)
        {
            ReadOnlySpan<byte> shown = pair.Picture.Pixels.Slice(y * pair.Picture.Stride + area.X * 4, area.Width * 4);
            ReadOnlySpan<byte> real = frame.Pixels.Slice(y * frame.Stride + area.X * 4, area.Width * 4);
            for (int i = 0; i < shown.Length; i++) Assert.Equal(real[i] & 0xF0, shown[i]);
        }

        pair.Settle();
        Assert.True(pair.IsExact);
        Assert.Equal(frame.Packed(), pair.Picture.Pixels.ToArray());
    }

    [Fact]
    public void Film_WithoutAFormat_IsTiles()
    {
        using CodecPair pair = Begin(out DrawnScript script, out DrawnFrame frame);
        pair.Wish = pair.Wish with { VideoFormat = "" };

        Assert.Equal(default, RunFilm(pair, script, ref frame));
        Assert.Equal(0, pair.VideoStarts);
    }

    [Fact]
    public void Film_WithAWishForNoLoss_IsExactTilesWhateverFormatThereIs()
    {
        using CodecPair pair = Begin(out DrawnScript script, out DrawnFrame frame);
        pair.Decoder.Offer(Decoding);
        pair.Wish = pair.Wish with { Lossless = true };

        Assert.Equal(default, RunFilm(pair, script, ref frame));
        Assert.Equal(0, pair.VideoStarts);
        Assert.True(pair.IsExact);
        Assert.Equal(frame.Packed(), pair.Picture.Pixels.ToArray());
    }

    [Fact]
    public void Video_ThatWasNotOffered_IsMalformed()
    {
        using CodecPair pair = Begin(out DrawnScript script, out DrawnFrame frame);

        var error = Assert.Throws<ChannelException>(() => RunFilm(pair, script, ref frame));
        Assert.Equal(ChannelError.Malformed, error.Error);
    }

    [Fact]
    public void Unit_ThatTheDecoderRefuses_IsMalformed()
    {
        using CodecPair pair = Begin(out DrawnScript script, out DrawnFrame frame);
        pair.Decoder.Offer(new VideoDecoding("coarse", _ => new Refusing()));

        Assert.Equal(ChannelError.Malformed, Assert.Throws<ChannelException>(() => RunFilm(pair, script, ref frame)).Error);
    }

    [Theory]
    [InlineData(4, 0, 128, 128)]
    [InlineData(0, 0, 129, 128)]
    [InlineData(384, 0, 128, 128)]
    [InlineData(0, 256, 128, 128)]
    public void Area_NotOfWholeBlocksInside_IsMalformed(int x, int y, int width, int height) =>
        Assert.Throws<ChannelException>(() => VideoScreen.Demand(new PixelRect(x, y, width, height), new PixelSize(448, 320)));

    private static CodecPair Begin(out DrawnScript script, out DrawnFrame frame)
    {
        var pair = new CodecPair(Encoding);
        script = new DrawnScript(3);
        frame = script.Begin(new PixelSize(448, 320), 0);
        pair.Wish = pair.Wish with { VideoFormat = "coarse" };
        pair.Show(frame);
        return pair;
    }

    /// <summary>Two seconds of film at 25 Hz; where it was shown as video at last.</summary>
    private static PixelRect RunFilm(CodecPair pair, DrawnScript script, ref DrawnFrame frame)
    {
        for (int i = 0; i < 50; i++)
        {
            pair.Now += 40_000;
            frame = frame.CopyWith(new PixelRect(0, 0, 448, 320));
            script.Photograph(frame, Window);
            pair.Show(frame);
            pair.AssertAgree();
        }

        return pair.Plan.VideoArea;
    }

    /// <summary>A stand-in for an operating system's codec: four bits a channel, a byte each.</summary>
    private sealed class Coarse(PixelSize size) : IVideoEncoder, IVideoDecoder
    {
        public void Encode(ScreenFrame frame, PixelRect area, double budgetBytes, IBufferWriter<byte> output)
        {
            Assert.Equal(size, new PixelSize(area.Width, area.Height));
            for (int y = area.Y; y < area.Bottom; y++)
            {
                Span<byte> row = output.GetSpan(area.Width * 4)[..(area.Width * 4)];
                frame.Pixels.Slice(y * frame.Stride + area.X * 4, row.Length).CopyTo(row);
                foreach (ref byte channel in row) channel &= 0xF0;
                output.Advance(row.Length);
            }
        }

        public void Decode(ReadOnlySpan<byte> unit, Span<byte> pixels) => unit.CopyTo(pixels);

        public void Dispose() { }
    }

    private sealed class Refusing : IVideoDecoder
    {
        public void Decode(ReadOnlySpan<byte> unit, Span<byte> pixels) => throw new InvalidDataException("Not a stream of mine.");

        public void Dispose() { }
    }
}
