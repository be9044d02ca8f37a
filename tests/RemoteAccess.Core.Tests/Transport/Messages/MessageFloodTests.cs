using Microsoft.Extensions.Logging.Abstractions;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Tests;

/// <summary>Nothing runs beside it: it looks at the memory of the whole process.</summary>
[CollectionDefinition(nameof(MessageFloodTests), DisableParallelization = true)]
public sealed class MessageFloodCollection;

/// <summary>A peer that sends as much as it can.</summary>
[Collection(nameof(MessageFloodTests))]
public sealed class MessageFloodTests
{
    public static TheoryData<string, string[]> Floods => new()
    {
        { "pings", ["000000045A020807"] },
        { "unknown kinds", ["00000004FA3E0107"] },
        { "empty file chunks", ["06000000"] },
        { "messages begun and called off", ["05FFFFFFAA", "05000000", "03FFFFFFAA", "03000000"] },
        { "one byte at a time", ["0600000401", "0600000302", "0600000203", "0600000104"] },
    };

    [Theory, MemberData(nameof(Floods))]
    public async Task Receive_Flood_HoldsNoMoreAfterAMillionRecordsThanBefore(string flood, string[] records)
    {
        FloodRecords peer = new([.. records.Select(Convert.FromHexString)], 1_000_000);
        await using MessageChannel technician = new(peer, ChannelRole.Technician, NullLogger.Instance, inline: true);
        long before = GC.GetTotalMemory(forceFullCollection: true);

        while (!(await technician.ReceiveAsync(CancellationToken.None)).IsEnd)
        {
        }

        long held = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(held < 4 * 1024 * 1024, $"{flood}: {held} bytes are held");
        Assert.Equal(0, peer.Left);
    }

    /// <summary>Every stream's longest message begun and not finished: the most a peer can make this side hold.</summary>
    [Fact]
    public async Task Receive_LongestMessagesBegunOnEveryStream_HoldNoMoreThanTheLimits()
    {
        List<byte[]> records = [];
        long limits = 0;
        foreach (MessageStream stream in Enum.GetValues<MessageStream>())
        {
            StreamRule rule = StreamRule.Of(stream);
            if (!rule.MayReceive(ChannelRole.Technician)) continue;
            limits += rule.MaxMessage;
            int total = rule.MaxMessage;
            for (int left = total; left > 1;)
            {
                int length = Math.Min(left - 1, RecordHeader.MaxFragment);
                records.Add(MessageFixture.Record(stream, left, new byte[length]));
                left -= length;
            }
        }
        FloodRecords peer = new([.. records], records.Count);
        await using MessageChannel technician = new(peer, ChannelRole.Technician, NullLogger.Instance, inline: true);
        long before = GC.GetTotalMemory(forceFullCollection: true);

        Assert.True((await technician.ReceiveAsync(CancellationToken.None)).IsEnd);

        long held = GC.GetTotalMemory(forceFullCollection: true) - before;
        // Buffers are powers of two, and outgrown ones wait in the pool for reuse.
        Assert.InRange(held, 0, 3 * limits);
    }

    [Fact]
    public async Task Send_PeerDoesNotRead_QueuesStayBoundedAndSendersWait()
    {
        (MessageChannel host, ScriptedRecords peer) = MessageFixture.Scripted(ChannelRole.Host);
        await using MessageChannel open = host;
        peer.HoldWrites();
        List<Task> waiting = [];
        foreach (MessageStream stream in (MessageStream[])[MessageStream.Control, MessageStream.Chat, MessageStream.Cursor])
        {
            Task send;
            do
            {
                send = host.SendAsync(stream, new byte[1000], CancellationToken.None).AsTask();
            }
            while (send.IsCompleted);
            waiting.Add(send);
            Assert.InRange(host.QueuedBytes(stream), 64 * 1024, StreamRule.Of(stream).QueueBytes + 1000);
        }

        peer.ReleaseWrites();
        await Task.WhenAll(waiting);
        await host.SendAsync(new ControlMessage { Ping = new Ping() }, CancellationToken.None);
    }

    private sealed class FloodRecords(byte[][] records, int count) : IRecordChannel
    {
        private int at;

        public int Left { get; private set; } = count;

        public ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken)
        {
            if (Left == 0) return new(ReadOnlyMemory<byte>.Empty);
            Left--;
            return new(records[at++ % records.Length]);
        }

        public ValueTask WriteAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask WriteAsync(ReadOnlyMemory<byte> content, int padTo, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask CloseAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
