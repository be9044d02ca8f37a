using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using RemoteAccess.Picture;

namespace RemoteAccess.Fuzz.Targets;

/// <summary>Real streams of pictures: text, video, scrolling, photographs that become lossy and settle, pages from the cache, several parts.</summary>
internal static class PictureSeeds
{
    private static readonly byte[] Unit = [.. Enumerable.Range(0, 100).Select(static value => (byte)(value * 7))];

    /// <summary>Messages, each with its length in two bytes before it.</summary>
    public static byte[] Stream(int variant)
    {
        var random = new Random(variant);
        var size = new PixelSize(17 + variant * 21, 9 + variant * 13);
        using var encoder = new PictureEncoder();
        var plan = new FramePlan();
        var wish = new PictureWish(variant == 5, variant == 4 ? LossyQuality.Q90_444 : LossyQuality.Q75_420, null, 4);
        var bytes = new ArrayBufferWriter<byte>();
        var message = new ArrayBufferWriter<byte>();
        SeedFrame? kept = null;
        long now = 1_000_000;
        for (uint sequence = 1; sequence <= 9; sequence++)
        {
            SeedFrame frame = kept is null ? new SeedFrame(size) : kept.Copy();
            bool settles = sequence >= 8;
            if (settles) frame = kept!;
            else Draw(frame, random, (int)sequence);
            now += settles ? 600_000 : 30_000;
            PictureRegion region = PictureRegion.Of(size, null);
            bool send = plan.Prepare(kept, frame, wish, region, encoder.Inexact, 4000, now) || plan.PrepareSettling(frame, region, encoder.Inexact, 4000, now);
            bool begins = kept is null, hasVideo = variant == 6 && sequence >= 3;
            kept = frame;
            if (!send) continue;
            encoder.Begin(frame, plan.Classes, plan.Tiles, plan.Vectors, new PictureHeader
            {
                Epoch = 1, Sequence = sequence, IsFirstPart = true, IsLastPart = false, IsNewEpoch = begins, Quality = plan.Quality, Size = size, CacheBits = wish.CacheBits,
                VideoArea = hasVideo ? new PixelRect(8, 8, 32, 24) : default, IsVideoStart = hasVideo && sequence % 3 == 0,
            }, hasVideo ? Unit[..(int)(10 * sequence)] : default);
            while (true)
            {
                message.ResetWrittenCount();
                if (!encoder.TryEncodeNext(message)) break;
                BinaryPrimitives.WriteUInt16BigEndian(bytes.GetSpan(2), checked((ushort)message.WrittenCount));
                bytes.Advance(2);
                bytes.Write(message.WrittenSpan);
            }
        }

        return bytes.WrittenSpan.ToArray();
    }

    private static void Draw(SeedFrame frame, Random random, int step)
    {
        Span<uint> pixels = frame.Writable;
        int width = frame.Size.Width, height = frame.Size.Height;
        switch (step % 5)
        {
            case 1:
                for (int i = 0; i < pixels.Length; i++) pixels[i] = (i * 7 / 3 % 11) < 4 ? 0x202020u : 0xF8F8F8u;
                break;
            case 2 or 3:
                for (int y = 0; y < height; y++)
                    for (int x = 0; x < width; x++)
                        pixels[y * width + x] = (uint)((x * 2 + y + random.Next(9)) & 0xFF) * 0x010001u + ((uint)(y * 2 + random.Next(9)) & 0xFF) * 0x100;
                break;
            case 4:
                uint[] before = pixels.ToArray();
                int rows = 1 + random.Next(Math.Max(1, height / 3));
                before.AsSpan(0, width * (height - rows)).CopyTo(pixels[(width * rows)..]);
                break;
            default:
                for (int i = 0; i < 40; i++) pixels[random.Next(pixels.Length)] = (uint)random.Next(0x1000000);
                break;
        }
    }

    private sealed class SeedFrame(PixelSize size) : ScreenFrame
    {
        private readonly uint[] pixels = new uint[size.Area];

        public Span<uint> Writable => pixels;
        public override PixelSize Size => size;
        public override int Stride => size.Width * 4;
        public override ReadOnlySpan<byte> Pixels => MemoryMarshal.AsBytes(pixels.AsSpan());
        public override ReadOnlySpan<PixelRect> Damage => new PixelRect[] { new(0, 0, size.Width, size.Height) };
        public override ScreenLayout Layout { get; } = new(size, []);
        public override CursorState Cursor => default;
        public override long CapturedAt => 0;

        public SeedFrame Copy()
        {
            var copy = new SeedFrame(size);
            pixels.CopyTo(copy.pixels, 0);
            return copy;
        }

        protected override void GiveBack() { }
    }
}
