using FsCheck;
using FsCheck.Fluent;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Tests;

/// <summary>Both ends together.</summary>
public sealed class MessageExchangeTests
{
    private static readonly MessageStream[] RawFromHost = [MessageStream.Clipboard, MessageStream.Picture, MessageStream.Files, MessageStream.Recording];

    /// <summary>Random messages, all queued at once, over random streams: every one arrives intact and in its stream's order.</summary>
    [Fact]
    public void Exchange_AnyMessagesOnAnyStreams_ArriveIntactAndInOrder()
    {
        Gen<int> length = Gen.Frequency((6, Gen.Choose(0, 300)), (3, Gen.Choose(16_300, 17_000)), (1, Gen.Choose(100_000, 900_000)));
        Gen<(MessageStream Stream, int Length)> message = Gen.Elements(RawFromHost).SelectMany(stream => length.Select(bytes => (stream, bytes)));
        Prop.ForAll(Arb.From(Gen.ListOf(message)), messages => ExchangeAsync([.. messages]).WaitAsync(TimeSpan.FromMinutes(3)).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(60).WithReplay(20260105, 1));
    }

    [Fact]
    public async Task Exchange_SmallMessagesBesideBulkBothWays_AllArriveInOrder()
    {
        (MessageChannel host, MessageChannel technician) = MessageFixture.Pair();
        await using MessageChannel one = host, other = technician;
        List<int> moves = [];
        List<string> lines = [];
        long files = 0, pictures = 0;
        Task atHost = host.ReceiveAllAsync(message =>
        {
            if (message.Body is InputMessage input) moves.Add(input.Move.X);
            else if (message.Stream == MessageStream.Files) files += message.Payload.Length;
        });
        Task atTechnician = technician.ReceiveAllAsync(message =>
        {
            if (message.Body is ChatMessage chat) lines.Add(chat.Text);
            else if (message.Stream == MessageStream.Picture) pictures += message.Payload.Length;
        });

        await Task.WhenAll(
            Task.Run(async () => { for (int i = 0; i < 3000; i++) await technician.SendAsync(MessageFixture.Move(i, 0), LinkFixture.Limit()); }),
            Task.Run(async () => { for (int i = 0; i < 40; i++) await technician.SendAsync(MessageStream.Files, new byte[1024 * 1024], LinkFixture.Limit()); }),
            Task.Run(async () => { for (int i = 0; i < 3000; i++) await host.SendAsync(new ChatMessage { Text = $"{i}" }, LinkFixture.Limit()); }),
            Task.Run(async () => { for (int i = 0; i < 100; i++) await host.SendAsync(MessageStream.Picture, new byte[400_000], LinkFixture.Limit()); }));
        await Task.WhenAll(host.CloseAsync(LinkFixture.Limit()).AsTask(), technician.CloseAsync(LinkFixture.Limit()).AsTask());
        await Task.WhenAll(atHost, atTechnician).WaitAsync(LinkFixture.Limit());

        Assert.Equal(Enumerable.Range(0, 3000), moves);
        Assert.Equal(Enumerable.Range(0, 3000).Select(i => $"{i}"), lines);
        Assert.Equal(40 * 1024 * 1024, files);
        Assert.Equal(100 * 400_000, pictures);
    }

    [Fact]
    public async Task Close_QueuedControl_ArrivesBeforeTheEndAndBulkIsGivenUp()
    {
        (MessageChannel host, ScriptedRecords peer) = MessageFixture.Scripted(ChannelRole.Host);
        await using MessageChannel open = host;
        peer.HoldWrites();
        Task picture = host.SendAsync(MessageStream.Picture, new byte[100_000], CancellationToken.None).AsTask();
        await host.SendAsync(new ControlMessage { Ending = new SessionEnding { Reason = 1 } }, CancellationToken.None);

        Task closing = host.CloseAsync(CancellationToken.None).AsTask();

        ChannelException given = await Assert.ThrowsAsync<ChannelException>(() => picture);
        Assert.Equal(ChannelError.Closed, given.Error);
        Assert.False(peer.IsClosed);
        peer.ReleaseWrites();
        await closing;
        Assert.True(peer.IsClosed);
        Assert.Equal([MessageStream.Picture, MessageStream.Control], peer.Written.Select(record => (MessageStream)record[0]));
        ChannelException later = await Assert.ThrowsAsync<ChannelException>(async () => await host.SendAsync(new ControlMessage { Ping = new Ping() }, CancellationToken.None));
        Assert.Equal(ChannelError.Closed, later.Error);
    }

    [Fact]
    public async Task Receive_PeerCloses_EndsForGoodAndWaitingBulkIsGivenUp()
    {
        (MessageChannel host, ScriptedRecords peer) = MessageFixture.Scripted(ChannelRole.Host);
        await using MessageChannel open = host;
        Task[] files = [.. Enumerable.Range(0, 3).Select(_ => host.SendAsync(MessageStream.Files, new byte[1024 * 1024], CancellationToken.None).AsTask())];
        peer.Arrive([]);

        Assert.True((await host.ReceiveAsync(CancellationToken.None)).IsEnd);
        Assert.True((await host.ReceiveAsync(CancellationToken.None)).IsEnd);

        await files[0];
        ChannelException given = await Assert.ThrowsAsync<ChannelException>(() => files[2]);
        Assert.Equal(ChannelError.Closed, given.Error);
        await host.SendAsync(new ControlMessage { Ending = new SessionEnding() }, CancellationToken.None);
        await host.CloseAsync(CancellationToken.None);
        Assert.True(peer.IsClosed);
    }

    [Fact]
    public async Task Receive_LinkEndsWithoutClose_IsTruncatedNotFinished()
    {
        (MemoryLink one, MemoryLink other) = MemoryLink.CreatePair();
        await using MessageChannel host = MessageFixture.Over(one, ChannelRole.Host), technician = MessageFixture.Over(other, ChannelRole.Technician);
        await host.SendAsync(new ChatMessage { Text = "last" }, LinkFixture.Limit());
        Assert.Equal("last", ((ChatMessage)(await technician.ReceiveAsync(LinkFixture.Limit())).Body!).Text);

        await one.DisposeAsync();

        ChannelException truncated = await Assert.ThrowsAsync<ChannelException>(async () => await technician.ReceiveAsync(LinkFixture.Limit()));
        Assert.Equal(ChannelError.Truncated, truncated.Error);
    }

    [Fact]
    public async Task Dispose_EverythingPending_EndsWithClosed()
    {
        (MessageChannel host, ScriptedRecords peer) = MessageFixture.Scripted(ChannelRole.Host);
        peer.HoldWrites();
        Task written = host.SendAsync(MessageStream.Picture, new byte[10], CancellationToken.None).AsTask();
        Task queued = host.SendAsync(MessageStream.Files, new byte[100_000], CancellationToken.None).AsTask();
        Task receiving = host.ReceiveAsync(CancellationToken.None).AsTask();

        await host.DisposeAsync();
        await host.DisposeAsync();

        foreach (Task pending in (Task[])[queued, receiving])
        {
            ChannelException ended = await Assert.ThrowsAsync<ChannelException>(() => pending.WaitAsync(LinkFixture.Limit()));
            Assert.Equal(ChannelError.Closed, ended.Error);
        }
        await Assert.ThrowsAsync<ChannelException>(() => written.WaitAsync(LinkFixture.Limit()));
        Assert.True(peer.IsDisposed);
    }

    private static async Task ExchangeAsync((MessageStream Stream, int Length)[] messages)
    {
        (MessageChannel host, MessageChannel technician) = MessageFixture.Pair();
        await using MessageChannel one = host, other = technician;
        Task grants = host.ReceiveAllAsync(static _ => { });
        byte[][] payloads = [.. messages.Select((message, number) => LinkBytes.Pattern(number, message.Length))];
        Task sends = Task.WhenAll(messages.Select((message, number) => host.SendAsync(message.Stream, payloads[number], CancellationToken.None).AsTask()));

        Dictionary<MessageStream, Queue<byte[]>> expected = messages.Select((message, number) => (message.Stream, number))
            .GroupBy(pair => pair.Stream).ToDictionary(group => group.Key, group => new Queue<byte[]>(group.Select(pair => payloads[pair.number])));
        for (int i = 0; i < messages.Length; i++)
        {
            ReceivedMessage message = await technician.ReceiveAsync(CancellationToken.None);
            Assert.True(message.Payload.Span.SequenceEqual(expected[message.Stream].Dequeue()), $"message {i} on {message.Stream}");
        }
        await sends;
        Assert.All(expected.Values, Assert.Empty);
        await technician.CloseAsync(CancellationToken.None);
        await grants;
    }
}
