using Google.Protobuf;
using Microsoft.Extensions.Logging;
using Moq;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Tests;

/// <summary>What comes in: order, refusals, kinds; the peer is the test.</summary>
public sealed class MessageReceiveTests
{
    public static TheoryData<string, ChannelError, string[]> Violations => new()
    {
        { "too short for a header", ChannelError.Malformed, ["050000"] },
        { "unknown stream", ChannelError.Malformed, ["0800000101"] },
        { "fragment longer than the message", ChannelError.Malformed, ["050000010102"] },
        { "empty fragment of a message", ChannelError.Malformed, ["05000001"] },
        { "continuation claims too much", ChannelError.Malformed, ["050000040102", "050000030304"] },
        { "continuation claims too little", ChannelError.Malformed, ["05000006010203", "050000020405"] },
        { "continuation begins anew", ChannelError.Malformed, ["05000006010203", "05000006010203"] },
        { "control over its limit", ChannelError.LimitExceeded, ["0000400101"] },
        { "chat over its limit", ChannelError.LimitExceeded, ["0200400101"] },
        { "cursor over its limit", ChannelError.LimitExceeded, ["0411000101"] },
        { "file chunk over its limit", ChannelError.LimitExceeded, ["0610000101"] },
        { "input from the host", ChannelError.OutOfOrder, ["01000002AABB"] },
        { "control that is no message", ChannelError.Malformed, ["00000002FFFF"] },
        { "control cut short", ChannelError.Malformed, ["000000020A05"] },
        { "chat that is no message", ChannelError.Malformed, ["02000001FF"] },
        { "cursor that is no message", ChannelError.Malformed, ["0400000112"] },
        { "control with a nested length near 2^31", ChannelError.Malformed, ["000000081AFEFFFFFF077265"] },
        { "cursor with a nested length of 2^31-1", ChannelError.Malformed, ["040000060AFFFFFFFF07"] },
        { "control that overflows the parser's limit", ChannelError.Malformed, ["0000000D1AFFFFFFFF071AFFFFFF290772"] },
        { "cursor that overflows the parser's limit", ChannelError.Malformed, ["0400000C0AFFFFFFFF070AFFFFFFE907"] },
        { "field number 0", ChannelError.Malformed, ["000000020001"] },
        { "group", ChannelError.Malformed, ["000000020B0C"] },
        { "length with bits beyond 32", ChannelError.Malformed, ["00000007228280808010AA"] },
        { "cursor image without pixels", ChannelError.Malformed, ["04000006120408021002"] },
        { "credit for an unknown stream", ChannelError.Malformed, ["00000006220408091001"] },
        { "credit for a stream without", ChannelError.Malformed, ["00000006220408021001"] },
        { "credit for a stream we do not send", ChannelError.Malformed, ["00000006220408051001"] },
        { "credit for nothing", ChannelError.Malformed, ["0000000422020806"] },
    };

    [Theory, MemberData(nameof(Violations))]
    public async Task Receive_Violation_EndsTheChannelWithItsReason(string violation, ChannelError expected, string[] records)
    {
        (MessageChannel technician, ScriptedRecords peer) = MessageFixture.Scripted(ChannelRole.Technician);
        await using MessageChannel open = technician;
        foreach (string record in records) peer.Arrive(Convert.FromHexString(record));

        ChannelException refused = await Assert.ThrowsAsync<ChannelException>(async () => await technician.ReceiveAsync(CancellationToken.None));
        ChannelException again = await Assert.ThrowsAsync<ChannelException>(async () => await technician.ReceiveAsync(CancellationToken.None));
        ChannelException send = await Assert.ThrowsAsync<ChannelException>(async () => await technician.SendAsync(MessageFixture.Move(1, 1), CancellationToken.None));

        Assert.True(expected == refused.Error, $"{violation}: {refused.Message}");
        Assert.Equal([expected, expected], [again.Error, send.Error]);
    }

    [Theory]
    [InlineData(MessageStream.Picture)]
    [InlineData(MessageStream.Cursor)]
    [InlineData(MessageStream.Recording)]
    internal async Task Receive_HostGetsWhatOnlyHostsSend_IsRefused(MessageStream stream)
    {
        (MessageChannel host, ScriptedRecords peer) = MessageFixture.Scripted(ChannelRole.Host);
        await using MessageChannel open = host;
        peer.Arrive(MessageFixture.Record(stream, 1, 1));

        ChannelException refused = await Assert.ThrowsAsync<ChannelException>(async () => await host.ReceiveAsync(CancellationToken.None));

        Assert.Equal(ChannelError.OutOfOrder, refused.Error);
    }

    [Fact]
    public async Task Receive_AnnouncedLength_AllocatesOnlyAsBytesCome()
    {
        // What is made once a process is made with the first.
        _ = await AllocatedAsync();

        Assert.InRange(await AllocatedAsync(), 0, 128 * 1024);

        static async Task<long> AllocatedAsync()
        {
            (MessageChannel technician, ScriptedRecords peer) = MessageFixture.Scripted(ChannelRole.Technician);
            await using MessageChannel open = technician;
            peer.Arrive(MessageFixture.Record(MessageStream.Picture, RecordHeader.MaxRemaining, 1));
            long before = GC.GetAllocatedBytesForCurrentThread();

            ValueTask<ReceivedMessage> receiving = technician.ReceiveAsync(CancellationToken.None);

            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.False(receiving.IsCompleted);
            return allocated;
        }
    }

    [Fact]
    public async Task Receive_UnknownKind_IsHandedOutForRefusalAndLogged()
    {
        Mock<ILogger> logger = new();
        logger.Setup(log => log.IsEnabled(LogLevel.Warning)).Returns(true);
        ScriptedRecords peer = new();
        await using MessageChannel host = new(peer, ChannelRole.Host, logger.Object, inline: true);
        byte[] fromTheFuture = [0xFA, 0x3E, 0x01, 0x07]; // field 1007, one byte
        peer.Arrive(MessageFixture.Record(MessageStream.Control, fromTheFuture.Length, fromTheFuture));
        peer.Arrive(MessageFixture.Record(MessageStream.Input, fromTheFuture.Length, fromTheFuture));
        peer.Arrive(MessageFixture.Record(MessageStream.Input, 0));
        peer.Arrive(MessageFixture.Record(MessageStream.Input, MessageFixture.Move(3, 4)));

        for (int i = 0; i < 3; i++)
        {
            ReceivedMessage unknown = await host.ReceiveAsync(CancellationToken.None);
            Assert.True(unknown.IsUnknownKind);
            Assert.Null(unknown.Body);
            Assert.False(unknown.IsEnd);
        }
        ReceivedMessage known = await host.ReceiveAsync(CancellationToken.None);

        Assert.False(known.IsUnknownKind);
        Assert.Equal(MessageFixture.Move(3, 4), known.Body);
        // The 1st and the 2nd; not the 3rd, so that a flood does not fill the log.
        Assert.Equal(2, logger.Invocations.Count(call => call.Method.Name == nameof(ILogger.Log)));
    }

    [Fact]
    public async Task Receive_UnknownFieldInAKnownKind_IsKept()
    {
        (MessageChannel host, ScriptedRecords peer) = MessageFixture.Scripted(ChannelRole.Host);
        await using MessageChannel open = host;
        byte[] bytes = [.. MessageFixture.Move(3, 4).ToByteArray(), 0xFA, 0x3E, 0x01, 0x07];
        peer.Arrive(MessageFixture.Record(MessageStream.Input, bytes.Length, bytes));

        ReceivedMessage message = await host.ReceiveAsync(CancellationToken.None);

        Assert.Equal(3, Assert.IsType<InputMessage>(message.Body).Move.X);
        Assert.Equal(bytes, message.Body.ToByteArray());
    }

    [Theory, InlineData(4096, true), InlineData(4097, false)]
    public async Task Receive_TextAtItsLimit_PassesAndNoFurther(int length, bool passes)
    {
        (MessageChannel host, ScriptedRecords peer) = MessageFixture.Scripted(ChannelRole.Host);
        await using MessageChannel open = host;
        peer.Arrive(MessageFixture.Record(MessageStream.Chat, new ChatMessage { Text = new string('x', length) }));

        if (passes)
        {
            Assert.Equal(length, Assert.IsType<ChatMessage>((await host.ReceiveAsync(CancellationToken.None)).Body).Text.Length);
        }
        else
        {
            ChannelException refused = await Assert.ThrowsAsync<ChannelException>(async () => await host.ReceiveAsync(CancellationToken.None));
            Assert.Equal(ChannelError.LimitExceeded, refused.Error);
        }
    }

    [Theory]
    [InlineData(513u, 1u, 0u, 0u, 2052, ChannelError.LimitExceeded)]
    [InlineData(1u, 4_000_000_000u, 0u, 0u, 4, ChannelError.LimitExceeded)]
    [InlineData(2u, 2u, 2u, 0u, 16, ChannelError.Malformed)]
    [InlineData(2u, 2u, 0u, 2u, 16, ChannelError.Malformed)]
    [InlineData(2u, 2u, 0u, 0u, 15, ChannelError.Malformed)]
    [InlineData(0u, 2u, 0u, 0u, 0, ChannelError.Malformed)]
    public void Check_CursorImageThatDoesNotFit_IsRefused(uint width, uint height, uint hotX, uint hotY, int bytes, ChannelError expected)
    {
        CursorMessage cursor = new() { Image = new CursorImage { Width = width, Height = height, HotX = hotX, HotY = hotY, PremultipliedBgra = ByteString.CopyFrom(new byte[bytes]) } };

        Assert.Equal(expected, Assert.Throws<ChannelException>(() => MessageBody.Check(cursor)).Error);
    }

    [Fact]
    public async Task Receive_LargestCursor_Passes()
    {
        (MessageChannel host, MessageChannel technician) = MessageFixture.Pair();
        await using MessageChannel one = host, other = technician;
        CursorMessage cursor = new() { Image = new CursorImage { Width = 512, Height = 512, HotX = 511, HotY = 511, X = -5, Y = 7, PremultipliedBgra = ByteString.CopyFrom(LinkBytes.Pattern(3, 512 * 512 * 4)) } };

        await host.SendAsync(cursor, LinkFixture.Limit());

        Assert.Equal(cursor, (await technician.ReceiveAsync(LinkFixture.Limit())).Body);
    }

    [Fact]
    public async Task Receive_TwoAtOnce_SaysSo()
    {
        (MessageChannel host, ScriptedRecords peer) = MessageFixture.Scripted(ChannelRole.Host);
        await using MessageChannel open = host;
        ValueTask<ReceivedMessage> first = host.ReceiveAsync(CancellationToken.None);

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await host.ReceiveAsync(CancellationToken.None));

        peer.Arrive([]);
        Assert.True((await first).IsEnd);
    }
}
