using System.Diagnostics;
using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

/// <summary>What the picture's way costs in memory. On the test's thread, so that every byte is counted.</summary>
public sealed class MessageMemoryTests(ITestOutputHelper output)
{
    private const int Frames = 500;

    /// <summary>An unoptimised build makes an object of every async call, whatever the frame's size; an optimised one does not.</summary>
    private static readonly int StateMachines =
        typeof(MessageChannel).Assembly.GetCustomAttribute<DebuggableAttribute>() is { IsJITOptimizerDisabled: true } ? 512 : 0;

    [Theory, InlineData(900), InlineData(60_000), InlineData(700_000)]
    public async Task SendPicture_SteadyState_AllocatesNothing(int frameBytes)
    {
        FrameRecords peer = new([]);
        await using MessageChannel host = new(peer, ChannelRole.Host, NullLogger.Instance, inline: true);
        peer.Next = MessageFixture.Grant(MessageStream.Picture, 1UL << 40);
        ValueTask<ReceivedMessage> receiving = host.ReceiveAsync(CancellationToken.None);
        byte[] frame = LinkBytes.Pattern(5, frameBytes);
        using CancellationTokenSource permit = new();

        long before = 0;
        for (int number = -100; number < Frames; number++)
        {
            if (number == 0) before = GC.GetAllocatedBytesForCurrentThread();
            ValueTask send = host.SendAsync(MessageStream.Picture, frame, permit.Token);
            Assert.True(send.IsCompletedSuccessfully);
            await send;
        }
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        output.WriteLine($"{frameBytes} bytes a frame: {allocated} bytes allocated for {Frames} frames sent in {peer.Written} records");
        Assert.Equal(0, allocated);
        Assert.Equal((Frames + 100) * ((frameBytes + 16_383) / 16_384), peer.Written);
        Assert.False(receiving.IsCompleted);
    }

    [Theory, InlineData(900), InlineData(60_000), InlineData(700_000)]
    public async Task ReceivePicture_SteadyState_AllocatesNothing(int frameBytes)
    {
        FrameRecords peer = new(LinkBytes.Pattern(6, frameBytes));
        await using MessageChannel technician = new(peer, ChannelRole.Technician, NullLogger.Instance, inline: true);
        using CancellationTokenSource session = new();

        long before = 0;
        for (int number = -100; number < Frames; number++)
        {
            if (number == 0) before = GC.GetAllocatedBytesForCurrentThread();
            ValueTask<ReceivedMessage> receive = technician.ReceiveAsync(session.Token);
            Assert.True(receive.IsCompletedSuccessfully);
            if ((await receive).Payload.Length != frameBytes) throw new InvalidOperationException("Not the frame.");
        }
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        output.WriteLine($"{frameBytes} bytes a frame: {allocated} bytes allocated for {Frames} frames received; {peer.Written} grants sent");
        Assert.InRange(allocated, 0, StateMachines * Frames);
        Assert.InRange(peer.Written, (Frames * (long)frameBytes / (4 * 1024 * 1024)) - 1, Frames);
    }

    /// <summary>Gives the same frame for ever, in records; counts what is written. Allocates nothing.</summary>
    private sealed class FrameRecords : IRecordChannel
    {
        private readonly byte[][] records;
        private readonly TaskCompletionSource<ReadOnlyMemory<byte>> never = new();
        private int at;

        public FrameRecords(byte[] frame)
        {
            records = [.. frame.Chunk(RecordHeader.MaxFragment).Select((part, number) =>
                MessageFixture.Record(MessageStream.Picture, frame.Length - (number * RecordHeader.MaxFragment), part))];
        }

        public long Written { get; private set; }

        /// <summary>One record to give before anything else.</summary>
        public byte[]? Next { get; set; }

        public ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken)
        {
            if (Next is { } next)
            {
                Next = null;
                return new(next);
            }
            if (records.Length == 0) return new(never.Task.WaitAsync(cancellationToken));
            byte[] record = records[at];
            at = (at + 1) % records.Length;
            return new(record);
        }

        public ValueTask WriteAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => WriteAsync(content, 1, cancellationToken);

        public ValueTask WriteAsync(ReadOnlyMemory<byte> content, int padTo, CancellationToken cancellationToken)
        {
            Written++;
            return ValueTask.CompletedTask;
        }

        public ValueTask CloseAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
