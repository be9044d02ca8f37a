using System.Buffers;
using System.Globalization;
using RemoteAccess.Picture;

namespace RemoteAccess.Benchmarks;

/// <summary>
/// <c>--codec SEQUENCE</c>: recorded frames from standard input through plan, encoder and decoder, lossless and as the product does by default; one
/// line each of <c>sequence,codec,frames,mb,encode_ms,decode_ms,psnr_db</c>. After every frame the exact blocks are compared with the frame.
/// </summary>
internal static class CodecRun
{
    public static int Run(string sequence)
    {
        var modes = new[] { new Mode("ours lossless", true), new Mode("ours default", false) };
        bool first = true;
        foreach (PipedFrame frame in PipedFrame.ReadAll(Console.OpenStandardInput()))
        {
            foreach (Mode mode in modes) mode.Show(frame, first);
            first = false;
        }

        foreach (Mode mode in modes) Console.WriteLine(mode.Line(sequence));
        return 0;
    }

    private sealed class Mode(string name, bool lossless)
    {
        private readonly PictureEncoder encoder = new();
        private readonly PictureDecoder decoder = new();
        private readonly FramePlan plan = new();
        private readonly Framebuffer picture = new();
        private readonly ArrayBufferWriter<byte> message = new();
        private readonly PictureWish wish = new(lossless, LossyQuality.Q75_420, null, PictureHeader.MaxCacheBits);
        private PipedFrame? kept;
        private uint sequence;
        private int frames;
        private long bytes;
        private TimeSpan encoding;
        private TimeSpan decoding;
        private double squares;
        private long samples;

        public void Show(PipedFrame frame, bool first)
        {
            PictureRegion region = PictureRegion.Of(frame.Size, null);
            long microseconds = 1_000_000 + frame.Microseconds;
            TimeSpan began = Cpu();
            bool send = plan.Prepare(kept, frame, wish, region, encoder.Inexact, double.PositiveInfinity, microseconds);
            bool begins = kept is null;
            kept = frame;
            if (!send) return;
            encoder.Begin(frame, plan.Classes, plan.Tiles, plan.Vectors, new PictureHeader
            {
                Epoch = 1,
                Sequence = ++sequence,
                IsFirstPart = true,
                IsLastPart = false,
                IsNewEpoch = begins,
                Quality = plan.Quality,
                CapturedAtMicroseconds = microseconds,
                Size = frame.Size,
                CacheBits = wish.CacheBits,
            });
            TimeSpan encode = TimeSpan.Zero, decode = TimeSpan.Zero;
            long sent = 0;
            while (true)
            {
                message.ResetWrittenCount();
                bool more = encoder.TryEncodeNext(message);
                encode += Cpu() - began;
                if (!more) break;
                sent += message.WrittenCount;
                began = Cpu();
                decoder.Decode(message.WrittenSpan, picture);
                decode += Cpu() - began;
                began = Cpu();
            }

            picture.ClearDamage();
            plan.Learn(encoder.LossyBytes, encoder.LosslessBytes);
            Compare(frame);
            if (first) return;
            frames++;
            bytes += sent;
            encoding += encode;
            decoding += decode;
        }

        public string Line(string sequence)
        {
            double error = samples == 0 ? 0 : squares / samples;
            double psnr = error == 0 ? 99 : 10 * Math.Log10(255 * 255 / error);
            return string.Create(CultureInfo.InvariantCulture,
                $"{sequence},{name},{frames},{bytes / 1e6:0.000},{encoding.TotalMilliseconds / frames:0.00},{decoding.TotalMilliseconds / frames:0.00},{psnr:0.0}");
        }

        private static TimeSpan Cpu() => Environment.CpuUsage.TotalTime;

        private void Compare(PipedFrame frame)
        {
            for (int row = 0; row < encoder.Inexact.Rows; row++)
                for (int column = 0; column < encoder.Inexact.Columns; column++)
                {
                    if (encoder.Inexact.IsInexact(column, row)) continue;
                    PixelRect block = TileGrid.Block(frame.Size, column, row);
                    for (int y = block.Y; y < block.Bottom; y++)
                    {
                        int at = y * frame.Stride + block.X * 4, length = block.Width * 4;
                        if (!frame.Pixels.Slice(at, length).SequenceEqual(picture.Pixels.Slice(at, length))) throw new InvalidOperationException($"Frame {sequence}: block {column}, {row} is not exact.");
                    }
                }

            if (sequence % 10 != 0) return;
            ReadOnlySpan<byte> real = frame.Pixels, shown = picture.Pixels;
            for (int i = 0; i < real.Length; i++)
            {
                int difference = real[i] - shown[i];
                squares += difference * difference;
            }

            samples += real.Length / 4 * 3;
        }
    }
}
