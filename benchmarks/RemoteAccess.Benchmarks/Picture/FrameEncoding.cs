using System.Buffers;
using RemoteAccess.Picture;

namespace RemoteAccess.Benchmarks;

/// <summary>Plan and encoder in the default mode, over a link that carries everything: what the pipeline does with a frame between capturing and sending it.</summary>
internal sealed class FrameEncoding : IDisposable
{
    private readonly PictureEncoder encoder = new();
    private readonly FramePlan plan = new();
    private readonly ArrayBufferWriter<byte> message = new(1 << 20);
    private readonly PictureWish wish = new(false, LossyQuality.Q75_420, null, PictureHeader.MaxCacheBits);
    private uint sequence;

    /// <param name="kept">The frame encoded before; null begins an epoch.</param>
    /// <param name="frame">Kept by the caller until the next has been encoded.</param>
    /// <param name="now">Microseconds on the agent's clock.</param>
    /// <returns>Bytes of the frame; 0 when nothing of it is sent.</returns>
    public int Encode(ScreenFrame? kept, ScreenFrame frame, long now)
    {
        if (!plan.Prepare(kept, frame, wish, PictureRegion.Of(frame.Size, null), encoder.Inexact, double.PositiveInfinity, now)) return 0;
        encoder.Begin(frame, plan.Classes, plan.Tiles, plan.Vectors, new PictureHeader
        {
            Epoch = 1,
            Sequence = ++sequence,
            IsFirstPart = true,
            IsLastPart = false,
            IsNewEpoch = kept is null,
            Quality = plan.Quality,
            CapturedAtMicroseconds = now,
            Size = frame.Size,
            CacheBits = wish.CacheBits,
        });
        int bytes = 0;
        while (true)
        {
            message.ResetWrittenCount();
            if (!encoder.TryEncodeNext(message)) break;
            bytes += message.WrittenCount;
        }

        plan.Learn(encoder.LossyBytes, encoder.LosslessBytes);
        return bytes;
    }

    public void Dispose() => encoder.Dispose();
}
