using System.IO.Pipelines;
using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

public sealed class FrameReaderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4096)]
    public async Task ReadAsync_StreamInPiecesOfAnySize_GivesTheSameFrames(int piece)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0, minimumSegmentSize: 16));
        List<byte[]> frames = [.. new[] { 1, 2, 100, 4096 }.Select(length => ProtectedFrames.Raw(FrameKind.Clear, Bytes(length))), .. new[] { 18, 65552 }.Select(length => ProtectedFrames.Raw(FrameKind.Protected, Bytes(length)))];
        byte[] stream = [.. frames.SelectMany(frame => frame)];
        var reader = new FrameReader(pipe.Reader);
        Task<List<byte[]>> reading = ReadAsync(reader, frames.Count);

        for (int at = 0; at < stream.Length; at += piece) await pipe.Writer.WriteAsync(stream.AsMemory(at, Math.Min(piece, stream.Length - at)));

        Assert.Equal(frames, await reading);
        Assert.Equal(stream.Length, reader.BytesReceived);
    }

    [Fact]
    public async Task ReadAsync_LengthAnnounced_AllocatesNothingForIt()
    {
        var pipe = new Pipe();
        var reader = new FrameReader(pipe.Reader);
        await pipe.Writer.WriteAsync(new byte[] { 2, 1, 0, 0 });
        long before = GC.GetAllocatedBytesForCurrentThread();

        bool whole = reader.TryRead(out _);

        Assert.False(whole);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1024);
    }

    [Fact]
    public async Task ReadAsync_BudgetSpentByEarlierFrames_IsRefusedAtTheHeader()
    {
        var pipe = new Pipe();
        var reader = new FrameReader(pipe.Reader);
        reader.LimitTo(30);
        await pipe.Writer.WriteAsync(ProtectedFrames.Clear(new byte[10]));
        await reader.ReadAsync(CancellationToken.None);
        await pipe.Writer.WriteAsync(new byte[] { 1, 0, 0, 13 });

        ChannelException fault = await Assert.ThrowsAsync<ChannelException>(() => reader.ReadAsync(CancellationToken.None).AsTask());

        Assert.Equal(ChannelError.LimitExceeded, fault.Error);
        Assert.True(reader.IsBroken);
    }

    [Fact]
    public async Task ReadAsync_LinkFails_IsTruncated()
    {
        var pipe = new Pipe();
        await pipe.Writer.CompleteAsync(new IOException("reset"));

        ChannelException fault = await Assert.ThrowsAsync<ChannelException>(() => new FrameReader(pipe.Reader).ReadAsync(CancellationToken.None).AsTask());

        Assert.Equal(ChannelError.Truncated, fault.Error);
        Assert.IsType<IOException>(fault.InnerException);
    }

    private static async Task<List<byte[]>> ReadAsync(FrameReader reader, int count)
    {
        var frames = new List<byte[]>();
        while (frames.Count < count)
        {
            Frame frame = await reader.ReadAsync(CancellationToken.None);
            byte[] payload = new byte[frame.Payload.Length];
            System.Buffers.BuffersExtensions.CopyTo(frame.Payload, payload);
            frames.Add(ProtectedFrames.Raw(frame.Header.Kind, payload));
        }

        return frames;
    }

    private static byte[] Bytes(int length)
    {
        byte[] bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        return bytes;
    }
}
