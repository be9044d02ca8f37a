using System.Buffers;
using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

/// <summary>
/// Agent and viewer of the codec without a channel between them: what the pipeline does with a frame, then the decoder, then the proof that
/// both agree: the same blocks are inexact on both sides, and every other pixel is the agent's.
/// </summary>
internal sealed class CodecPair(VideoEncoding? video = null) : IDisposable
{
    private readonly ArrayBufferWriter<byte> message = new();
    private readonly VideoStream stream = new(video);
    private PictureDecoder decoder = new();
    private ScreenFrame? kept;
    private uint epoch;
    private uint sequence;
    private bool epochWanted = true;

    public PictureEncoder Encoder { get; } = new();

    public FramePlan Plan { get; } = new();

    public Framebuffer Picture { get; private set; } = new();

    public PictureDecoder Decoder => decoder;

    public PictureWish Wish { get; set; } = new(false, LossyQuality.Q75_420, null, 5);

    /// <summary>Microseconds on the agent's clock.</summary>
    public long Now { get; set; } = 1_000_000;

    /// <summary>What the link is said to carry until the next frame.</summary>
    public double Budget { get; set; } = double.PositiveInfinity;

    /// <summary>Bytes of all messages.</summary>
    public long Bytes { get; private set; }

    /// <summary>The messages of the last frame.</summary>
    public List<byte[]> Messages { get; } = [];

    /// <summary>How often a video stream began.</summary>
    public int VideoStarts { get; private set; }

    public bool IsExact => Region.IsExact(Encoder.Inexact);

    public PictureRegion Region => PictureRegion.Of(kept!.Size, Wish.Region);

    public void RequestEpoch() => epochWanted = true;

    /// <summary>The viewer went away with the link; another one comes.</summary>
    public void Lose()
    {
        decoder = new PictureDecoder();
        Picture = new Framebuffer();
        epochWanted = true;
    }

    /// <summary>One round of the pipeline with a newly captured frame, or with the kept one; whether anything was sent.</summary>
    public bool Show(ScreenFrame frame, bool isDelivered = true)
    {
        bool newEpoch = epochWanted || kept is null || kept.Size != frame.Size;
        bool isStill = ReferenceEquals(kept, frame) && !newEpoch;
        epochWanted = false;
        PictureRegion region = PictureRegion.Of(frame.Size, Wish.Region);
        bool send = Plan.Prepare(newEpoch ? null : kept, frame, Wish, region, Encoder.Inexact, Budget, Now)
            || (isStill && Plan.PrepareSettling(frame, region, Encoder.Inexact, 16 * 1024, Now));
        kept = frame;
        if (!send) return false;
        Encode(frame, newEpoch);
        if (isDelivered) Deliver();
        return true;
    }

    /// <summary>Lets everything settle; the steps it took.</summary>
    public int Settle()
    {
        int steps = 0;
        Budget = double.PositiveInfinity;
        Now += 2 * SettleOrder.StillMicroseconds;
        while (Show(kept!))
        {
            AssertAgree();
            Assert.InRange(++steps, 1, 10_000);
        }

        return steps;
    }

    public void AssertAgree()
    {
        ScreenFrame frame = kept!;
        Assert.Equal(frame.Size, Picture.Size);
        for (int row = 0; row < Encoder.Inexact.Rows; row++)
        {
            Assert.True(Encoder.Inexact.Row(row).SequenceEqual(decoder.Inexact.Row(row)), $"inexact blocks of row {row}");
            for (int column = 0; column < Encoder.Inexact.Columns; column++)
            {
                if (Encoder.Inexact.IsInexact(column, row)) continue;
                PixelRect block = TileGrid.Block(frame.Size, column, row);
                for (int y = block.Y; y < block.Bottom; y++)
                    if (!frame.Pixels.Slice(y * frame.Stride + block.X * 4, block.Width * 4).SequenceEqual(Picture.Pixels.Slice(y * Picture.Stride + block.X * 4, block.Width * 4)))
                        Assert.Fail($"frame {sequence}: block {column}, {row} is said to be exact and is not");
            }
        }
    }

    /// <summary>How far the inexact blocks of the viewer's picture are from the agent's, in levels of a channel on average: the worst block, and all.</summary>
    public (double Most, double Mean) Apart
    {
        get
        {
            double most = 0, sum = 0;
            int count = 0;
            for (int row = 0; row < Encoder.Inexact.Rows; row++)
                for (int column = 0; column < Encoder.Inexact.Columns; column++)
                {
                    if (!Encoder.Inexact.IsInexact(column, row) || !Region.Contains(column, row)) continue;
                    double apart = ApartIn(TileGrid.Block(kept!.Size, column, row));
                    (most, sum, count) = (Math.Max(most, apart), sum + apart, count + 1);
                }

            return (most, count == 0 ? 0 : sum / count);
        }
    }

    public void Dispose()
    {
        Encoder.Dispose();
        stream.Dispose();
    }

    private double ApartIn(PixelRect block)
    {
        int sum = 0;
        for (int y = block.Y; y < block.Bottom; y++)
            for (int x = block.X * 4; x < block.Right * 4; x++) sum += Math.Abs(kept!.Pixels[y * kept.Stride + x] - Picture.Pixels[y * Picture.Stride + x]);
        return sum / (3.0 * block.Area);
    }

    private void Encode(ScreenFrame frame, bool newEpoch)
    {
        if (newEpoch) epoch++;
        sequence++;
        ReadOnlyMemory<byte> unit = default;
        stream.Follow(Plan.VideoArea);
        if (Plan.HasVideo) unit = stream.Encode(frame, Budget);
        VideoStarts += Plan.HasVideo && stream.IsStart ? 1 : 0;
        Encoder.Begin(frame, Plan.Classes, Plan.Tiles, Plan.Vectors, new PictureHeader
        {
            Epoch = epoch,
            Sequence = sequence,
            IsFirstPart = true,
            IsLastPart = false,
            IsNewEpoch = newEpoch,
            Quality = Plan.Quality,
            CapturedAtMicroseconds = Now,
            Inputs = (ushort)sequence,
            Size = frame.Size,
            CacheBits = Wish.CacheBits,
            VideoArea = Plan.HasVideo ? Plan.VideoArea : default,
            IsVideoStart = stream.IsStart,
        }, unit);
        Messages.Clear();
        message.ResetWrittenCount();
        while (Encoder.TryEncodeNext(message))
        {
            Messages.Add(message.WrittenSpan.ToArray());
            Bytes += message.WrittenCount;
            message.ResetWrittenCount();
        }

        Plan.Learn(Encoder.LossyBytes, Encoder.LosslessBytes);
    }

    private void Deliver()
    {
        foreach (byte[] part in Messages)
        {
            PictureHeader header = decoder.Decode(part, Picture);
            Assert.Equal((epoch, sequence), (header.Epoch, header.Sequence));
            if (header.IsFirstPart) Assert.Equal((Now, (ushort)sequence), (header.CapturedAtMicroseconds, header.Inputs));
        }

        Picture.ClearDamage();
    }
}
