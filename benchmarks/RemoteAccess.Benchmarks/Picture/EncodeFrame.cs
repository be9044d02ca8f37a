using System.Buffers;
using BenchmarkDotNet.Attributes;
using RemoteAccess.Picture;

namespace RemoteAccess.Benchmarks;

/// <summary>Encoding a whole 1080p picture with the plain codec.</summary>
public class EncodeFrame
{
    private readonly PlainEncoder encoder = new();
    private readonly BlockMap map = new();
    private readonly ArrayBufferWriter<byte> message = new();
    private MemoryFrame? frame;

    [GlobalSetup]
    public async Task PrepareAsync()
    {
        frame = await MemoryFrame.DrawAsync();
        map.Reset(frame.Size);
        map.SetAll();
    }

    /// <returns>Bytes of all messages.</returns>
    [Benchmark]
    public int Encode()
    {
        encoder.Begin(frame!, map, new PictureHeader
        {
            Size = frame!.Size,
            Sequence = 1,
            Epoch = 1,
            IsNewEpoch = true,
            CapturedAtMicroseconds = 0,
            FirstBlockRow = 0,
            BlockRows = 0,
            IsLastBand = false,
        });
        int bytes = 0;
        message.ResetWrittenCount();
        while (encoder.TryEncodeNext(message))
        {
            bytes += message.WrittenCount;
            message.ResetWrittenCount();
        }

        return bytes;
    }
}
