using System.IO.Pipelines;
using RemoteAccess.Transport;

namespace RemoteAccess.Fuzz;

/// <summary>The frame cutter: the first byte chooses a byte budget, the rest is the stream.</summary>
internal sealed class FrameFuzz : FuzzTarget
{
    public override string Name => "frame";

    public override IReadOnlyList<byte[]> Seeds { get; } =
    [
        [0, 1, 0, 0, 1, 7],
        [0, 2, 0, 0, 18, .. new byte[18], 1, 0, 0, 2, 1, 2],
        [1, 1, 0, 0x10, 0, .. new byte[4096]],
        [1, 2, 0, 0x10, 0, .. new byte[4096], 2, 0, 0x30, 0],
    ];

    public override void Execute(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty) return;
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));
        var reader = new FrameReader(pipe.Reader);
        if ((input[0] & 1) != 0) reader.LimitTo(HandshakeLimits.MaxBytes);
        input[1..].CopyTo(pipe.Writer.GetSpan(input.Length));
        pipe.Writer.Advance(input.Length - 1);
        pipe.Writer.Complete();
        long taken = 0;
        try
        {
            while (reader.TryRead(out Frame frame)) taken += FrameHeader.Size + Checked(frame);
            throw new InvalidOperationException("The stream ended without being called truncated.");
        }
        catch (ChannelException)
        {
            if (taken > input.Length - 1 || reader.BytesReceived != taken) throw new InvalidOperationException("More was taken than was there.");
        }
    }

    public override bool MutateStructure(Random random, ref byte[] input)
    {
        ReadOnlySpan<int> lengths = [0, 1, 17, 18, 4095, 4096, 4097, 16380, 65552, 65553, 0xFFFFFF];
        int length = lengths[random.Next(lengths.Length)];
        byte[] payload = new byte[random.Next(16) != 0 ? Math.Min(length, random.Next(40)) : Math.Min(length, 70_000)];
        byte[] frame = [(byte)random.Next(4), (byte)(length >> 16), (byte)(length >> 8), (byte)length, .. payload];
        input = random.Next(2) == 0 ? [.. input, .. frame] : [(byte)random.Next(2), .. frame];
        return true;
    }

    private static long Checked(in Frame frame)
    {
        bool legal = frame.Header.Kind switch
        {
            FrameKind.Clear => frame.Header.Length is >= 1 and <= FrameHeader.MaxClear,
            FrameKind.Protected => frame.Header.Length is >= FrameHeader.MinProtected and <= FrameHeader.MaxProtected,
            _ => false,
        };
        if (!legal || frame.Payload.Length != frame.Header.Length) throw new InvalidOperationException("A frame outside the limits was taken.");
        return frame.Payload.Length;
    }
}
