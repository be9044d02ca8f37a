using System.Buffers;
using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

/// <summary>Runs frames through plan, encoder and decoder and counts what each side allocates, leaving out the buffers of the test itself.</summary>
internal sealed class CodecAllocation : IDisposable
{
    private readonly PictureEncoder encoder = new();
    private readonly PictureDecoder decoder = new();
    private readonly FramePlan plan = new();
    private readonly Framebuffer picture = new();
    private readonly ArrayBufferWriter<byte> message = new(1 << 20);
    private readonly PictureWish wish = new(false, LossyQuality.Q75_420, null, 6);
    private ScreenFrame? kept;
    private uint sequence;
    private long now = 1_000_000;

    /// <summary>Bytes allocated by planning and encoding, and by decoding.</summary>
    public (long Encoding, long Decoding) Run(ScreenFrame[] frames, int rounds)
    {
        long encoding = 0, decoding = 0;
        for (int round = 0; round < rounds; round++)
        {
            foreach (ScreenFrame frame in frames)
            {
                now += 20_000;
                bool begins = kept is null;
                PictureRegion region = PictureRegion.Of(frame.Size, null);
                long before = GC.GetAllocatedBytesForCurrentThread();
                bool send = plan.Prepare(kept, frame, wish, region, encoder.Inexact, 5000, now) || plan.PrepareSettling(frame, region, encoder.Inexact, 16384, now);
                kept = frame;
                if (send)
                {
                    encoder.Begin(frame, plan.Classes, plan.Tiles, plan.Vectors, Header(frame, begins));
                    message.ResetWrittenCount();
                    while (true)
                    {
                        bool more = encoder.TryEncodeNext(message);
                        encoding += GC.GetAllocatedBytesForCurrentThread() - before;
                        before = GC.GetAllocatedBytesForCurrentThread();
                        if (!more) break;
                        decoder.Decode(message.WrittenSpan, picture);
                        picture.ClearDamage();
                        message.ResetWrittenCount();
                        decoding += GC.GetAllocatedBytesForCurrentThread() - before;
                        before = GC.GetAllocatedBytesForCurrentThread();
                    }

                    plan.Learn(encoder.LossyBytes, encoder.LosslessBytes);
                }

                encoding += GC.GetAllocatedBytesForCurrentThread() - before;
            }
        }

        return (encoding, decoding);
    }

    public void Dispose() => encoder.Dispose();

    private PictureHeader Header(ScreenFrame frame, bool begins) => new()
    {
        Epoch = 1,
        Sequence = ++sequence,
        IsFirstPart = true,
        IsLastPart = false,
        IsNewEpoch = begins,
        Quality = plan.Quality,
        Size = frame.Size,
        CacheBits = wish.CacheBits,
    };
}
