using FsCheck;
using FsCheck.Fluent;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Tests;

/// <summary>Credit of the bulk streams, both sides of it.</summary>
public sealed class MessageCreditTests
{
    [Theory]
    [InlineData(MessageStream.Clipboard)]
    [InlineData(MessageStream.Picture)]
    [InlineData(MessageStream.Files)]
    [InlineData(MessageStream.Recording)]
    internal async Task Send_CreditUsedUp_WaitsForAGrantAndUsesNoMoreThanIt(MessageStream stream)
    {
        (MessageChannel host, ScriptedRecords peer) = MessageFixture.Scripted(ChannelRole.Host);
        await using MessageChannel open = host;
        int window = StreamRule.Of(stream).Window, half = window / 2;
        await host.SendAsync(stream, new byte[half], CancellationToken.None);
        await host.SendAsync(stream, new byte[half - 100], CancellationToken.None);

        Task send = host.SendAsync(stream, new byte[150], CancellationToken.None).AsTask();
        await host.SendAsync(new ControlMessage { Ping = new Ping { Token = 1 } }, CancellationToken.None);

        Assert.False(send.IsCompleted);
        Assert.Equal(0, host.Credit(stream));
        Assert.Equal(50, host.QueuedBytes(stream));
        Assert.Equal(window, BytesOf(stream, peer));
        Assert.Equal(MessageStream.Control, (MessageStream)peer.Written[^1][0]);

        ValueTask<ReceivedMessage> receiving = host.ReceiveAsync(CancellationToken.None);
        peer.Arrive(MessageFixture.Grant(stream, 30));
        Assert.Equal(window + 30, BytesOf(stream, peer));
        Assert.False(send.IsCompleted);
        peer.Arrive(MessageFixture.Grant(stream, 1000));
        await send;
        Assert.Equal(window + 50, BytesOf(stream, peer));
        Assert.Equal(980, host.Credit(stream));
        Assert.False(receiving.IsCompleted);
    }

    [Fact]
    public async Task Receive_SenderOverItsCredit_IsRefused()
    {
        (MessageChannel host, ScriptedRecords peer) = MessageFixture.Scripted(ChannelRole.Host);
        await using MessageChannel open = host;
        // Nothing is consumed, because the first message is never given back: the receiver defers it.
        int window = StreamRule.Of(MessageStream.Files).Window;
        for (int sent = 0; sent < window; sent += 16_384)
        {
            peer.Arrive(MessageFixture.Record(MessageStream.Files, 16_384, new byte[16_384]));
            Assert.Equal(16_384, (await host.ReceiveAsync(CancellationToken.None)).Payload.Length);
            Assert.Equal(16_384, host.DeferCredit());
        }
        peer.Arrive(MessageFixture.Record(MessageStream.Files, 1, 1));

        ChannelException refused = await Assert.ThrowsAsync<ChannelException>(async () => await host.ReceiveAsync(CancellationToken.None));

        Assert.Equal(ChannelError.LimitExceeded, refused.Error);
    }

    [Fact]
    public async Task Receive_GrantsBeyondTwoToThe53_AreRefused()
    {
        (MessageChannel host, ScriptedRecords peer) = MessageFixture.Scripted(ChannelRole.Host);
        await using MessageChannel open = host;
        ulong window = (ulong)StreamRule.Of(MessageStream.Files).Window;
        peer.Arrive(MessageFixture.Grant(MessageStream.Files, (1UL << 53) - window));
        ValueTask<ReceivedMessage> receiving = host.ReceiveAsync(CancellationToken.None);
        Assert.False(receiving.IsCompleted);
        Assert.Equal(1L << 53, host.Credit(MessageStream.Files));

        peer.Arrive(MessageFixture.Grant(MessageStream.Files, 1));

        ChannelException refused = await Assert.ThrowsAsync<ChannelException>(async () => await receiving);
        Assert.Equal(ChannelError.LimitExceeded, refused.Error);
    }

    [Fact]
    public async Task Receive_OneGrantThatOverflows_IsRefused()
    {
        (MessageChannel host, ScriptedRecords peer) = MessageFixture.Scripted(ChannelRole.Host);
        await using MessageChannel open = host;
        peer.Arrive(MessageFixture.Grant(MessageStream.Picture, ulong.MaxValue));

        ChannelException refused = await Assert.ThrowsAsync<ChannelException>(async () => await host.ReceiveAsync(CancellationToken.None));

        Assert.Equal(ChannelError.LimitExceeded, refused.Error);
    }

    [Fact]
    public async Task Receive_ConsumedBulk_IsGrantedBackInQuartersOfTheWindow()
    {
        (MessageChannel host, ScriptedRecords peer) = MessageFixture.Scripted(ChannelRole.Host);
        await using MessageChannel open = host;
        int window = StreamRule.Of(MessageStream.Files).Window;
        for (int sent = 0; sent <= window / 4; sent += 16_384)
        {
            Assert.Empty(peer.Written);
            peer.Arrive(MessageFixture.Record(MessageStream.Files, 16_384, new byte[16_384]));
            await host.ReceiveAsync(CancellationToken.None);
        }

        byte[] record = Assert.Single(peer.Written);
        Assert.Equal(MessageFixture.Grant(MessageStream.Files, (ulong)window / 4), record);
    }

    [Fact]
    public async Task DeferCredit_UntilReturned_NothingIsGranted()
    {
        (MessageChannel host, ScriptedRecords peer) = MessageFixture.Scripted(ChannelRole.Host);
        await using MessageChannel open = host;
        int window = StreamRule.Of(MessageStream.Files).Window;
        for (int sent = 0; sent < window / 2; sent += 16_384)
        {
            peer.Arrive(MessageFixture.Record(MessageStream.Files, 16_384, new byte[16_384]));
            await host.ReceiveAsync(CancellationToken.None);
            host.DeferCredit();
        }
        peer.Arrive(MessageFixture.Record(MessageStream.Chat, new ChatMessage { Text = "next" }));
        await host.ReceiveAsync(CancellationToken.None);
        Assert.Equal(0, host.DeferCredit());
        Assert.Empty(peer.Written);

        host.ReturnCredit(MessageStream.Files, window / 4);
        host.ReturnCredit(MessageStream.Files, window / 4);

        Assert.Equal([MessageFixture.Grant(MessageStream.Files, (ulong)window / 4), MessageFixture.Grant(MessageStream.Files, (ulong)window / 4)], peer.Written);
        Assert.Throws<ArgumentOutOfRangeException>(() => host.ReturnCredit(MessageStream.Files, 1));
    }

    [Fact]
    public async Task SendAndReceive_MessageLongerThanTheWindow_Arrives()
    {
        (MessageChannel host, MessageChannel technician) = MessageFixture.InlinePair();
        await using MessageChannel one = host, other = technician;
        byte[] frame = LinkBytes.Pattern(4, RecordHeader.MaxRemaining);
        Task grants = host.ReceiveAllAsync(static _ => { });
        Task send = host.SendAsync(MessageStream.Picture, frame, CancellationToken.None).AsTask();

        ReceivedMessage received = await technician.ReceiveAsync(CancellationToken.None);

        Assert.True(received.Payload.Span.SequenceEqual(frame));
        await send;
        Assert.False(grants.IsCompleted);
    }

    [Fact]
    public async Task GrantCredit_ManyWhileTheLinkIsStuck_GoOutAsOne()
    {
        (MessageChannel host, ScriptedRecords peer) = MessageFixture.Scripted(ChannelRole.Host);
        await using MessageChannel open = host;
        peer.HoldWrites();
        await host.SendAsync(new ControlMessage { Ping = new Ping() }, CancellationToken.None);
        for (int i = 0; i < 400; i++)
        {
            peer.Arrive(MessageFixture.Record(MessageStream.Files, 16_384, new byte[16_384]));
            await host.ReceiveAsync(CancellationToken.None);
        }

        peer.ReleaseWrites();

        Assert.Equal(2, peer.Written.Count);
        CreditGrant grant = ControlMessage.Parser.ParseFrom(peer.Written[1].AsSpan(4)).Credit;
        // What is short of a quarter of the window is kept back.
        Assert.InRange((long)grant.Bytes, (400 * 16_384L) - (StreamRule.Of(MessageStream.Files).Window / 4), 400 * 16_384L);
    }

    /// <summary>Any honest run: nobody gets stuck, and what is unconsumed stays within window + longest message.</summary>
    [Fact]
    public void ReceiveCredit_AnyMessagesAndConsumption_NeverStuckAndBounded()
    {
        StreamRule rule = StreamRule.Of(MessageStream.Picture);
        Gen<int> length = Gen.OneOf(Gen.Choose(1, 5000), Gen.Choose(1, rule.MaxMessage));
        Prop.ForAll(Arb.From(Gen.ListOf(Gen.Zip(length, Gen.Choose(0, 100)))), messages =>
        {
            ReceiveCredit credit = new(rule);
            long allowed = rule.Window, unconsumed = 0;
            foreach ((int total, int percentConsumed) in messages)
            {
                if (allowed == 0) allowed += Consume(credit, ref unconsumed, unconsumed);
                Assert.True(allowed > 0, "the sender is stuck though all is consumed");
                for (int left = total; left > 0;)
                {
                    int fragment = (int)Math.Min(Math.Min(left, RecordHeader.MaxFragment), allowed);
                    Assert.True(fragment > 0, "the sender is stuck inside a message");
                    left -= fragment;
                    unconsumed += fragment;
                    allowed += credit.Receive(fragment, left) - fragment;
                    Assert.InRange(unconsumed, 0, rule.Window + rule.MaxMessage);
                }
                allowed += Consume(credit, ref unconsumed, unconsumed * percentConsumed / 100);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(20260105, 1));
    }

    private static long Consume(ReceiveCredit credit, ref long unconsumed, long bytes)
    {
        unconsumed -= bytes;
        return credit.Consume(bytes);
    }

    private static long BytesOf(MessageStream stream, ScriptedRecords peer) =>
        peer.Written.Where(record => record[0] == (byte)stream).Sum(record => (long)record.Length - RecordHeader.Length);
}
