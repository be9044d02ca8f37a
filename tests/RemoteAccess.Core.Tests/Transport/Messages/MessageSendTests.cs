using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Tests;

/// <summary>What goes out, in which order, and what a send waits for; the peer is the test.</summary>
public sealed class MessageSendTests
{
    private static readonly byte[] Bulk = LinkBytes.Pattern(1, 40_000);

    [Fact]
    public async Task Send_MessageOverOneRecord_EachRecordSaysWhatIsLeft()
    {
        (MessageChannel host, ScriptedRecords peer) = MessageFixture.Scripted(ChannelRole.Host);
        await using MessageChannel open = host;

        await host.SendAsync(MessageStream.Picture, Bulk, CancellationToken.None);

        Assert.Equal(3, peer.Written.Count);
        Assert.Equal(MessageFixture.Record(MessageStream.Picture, 40_000, Bulk[..16_384]), peer.Written[0]);
        Assert.Equal(MessageFixture.Record(MessageStream.Picture, 23_616, Bulk[16_384..32_768]), peer.Written[1]);
        Assert.Equal(MessageFixture.Record(MessageStream.Picture, 7_232, Bulk[32_768..]), peer.Written[2]);
    }

    [Fact]
    public async Task Send_BulkWhileNothingElseGoesOut_IsWrittenByItsSender()
    {
        (MessageChannel host, ScriptedRecords peer) = MessageFixture.Scripted(ChannelRole.Host, inline: false);
        await using MessageChannel open = host;

        // The sender's loop begins on the thread pool; from the first write that it is lent a thread for, it waits again when a send returns.
        int attempts = 0;
        while (!await WritesItselfAsync(host, peer, MessageStream.Picture)) Assert.True(++attempts < 100_000, "The sender never wrote.");

        for (int i = 0; i < 50; i++) Assert.True(await WritesItselfAsync(host, peer, MessageStream.Picture));
    }

    [Fact]
    public async Task Send_ControlWhileNothingElseGoesOut_IsWrittenByTheLoop()
    {
        (MessageChannel host, ScriptedRecords peer) = MessageFixture.Scripted(ChannelRole.Host, inline: false);
        await using MessageChannel open = host;

        for (int i = 0; i < 50; i++) Assert.False(await WritesItselfAsync(host, peer, MessageStream.Control));
    }

    /// <summary>Whether a message is written inside its send: on this thread, which does nothing else meanwhile.</summary>
    private static async Task<bool> WritesItselfAsync(MessageChannel host, ScriptedRecords peer, MessageStream stream)
    {
        int before = peer.Written.Count;
        ValueTask sent = host.SendAsync(stream, new byte[10], CancellationToken.None);
        bool itself = peer.Written.Count > before && peer.Writer == Environment.CurrentManagedThreadId;
        await sent;
        while (peer.Written.Count == before) await Task.Yield();
        return itself;
    }

    [Fact]
    public async Task Send_EmptyMessage_IsOneRecord()
    {
        (MessageChannel host, ScriptedRecords peer) = MessageFixture.Scripted(ChannelRole.Host);
        await using MessageChannel open = host;

        await host.SendAsync(MessageStream.Files, ReadOnlyMemory<byte>.Empty, CancellationToken.None);

        Assert.Equal(MessageFixture.Record(MessageStream.Files, 0), Assert.Single(peer.Written));
    }

    [Fact]
    public async Task Send_AllStreamsQueued_UrgentFirstAndInTurnInsideAClass()
    {
        (MessageChannel host, ScriptedRecords peer) = MessageFixture.Scripted(ChannelRole.Host);
        await using MessageChannel open = host;
        peer.HoldWrites();
        List<Task> sends = [];
        MessageStream[] slowFirst = [MessageStream.Recording, MessageStream.Files, MessageStream.Picture, MessageStream.Cursor, MessageStream.Clipboard, MessageStream.Chat, MessageStream.Control];
        foreach (MessageStream stream in slowFirst)
        {
            int length = stream is MessageStream.Chat or MessageStream.Control ? 16_384 : 32_768;
            sends.Add(host.SendAsync(stream, new byte[length], CancellationToken.None).AsTask());
            if (length == 16_384) sends.Add(host.SendAsync(stream, new byte[length], CancellationToken.None).AsTask());
        }

        peer.ReleaseWrites();
        await Task.WhenAll(sends);

        Assert.Equal(
            [
                MessageStream.Recording, // was under way before the others were queued
                MessageStream.Control, MessageStream.Control,
                MessageStream.Chat, MessageStream.Clipboard, MessageStream.Cursor, MessageStream.Chat, MessageStream.Clipboard, MessageStream.Cursor,
                MessageStream.Picture, MessageStream.Picture,
                MessageStream.Files, MessageStream.Recording, MessageStream.Files,
            ],
            peer.Written.Select(record => (MessageStream)record[0]));
    }

    [Fact]
    public async Task Send_ControlAndInputMixed_LeaveInTheOrderTheyWereSent()
    {
        (MessageChannel technician, ScriptedRecords peer) = MessageFixture.Scripted(ChannelRole.Technician);
        await using MessageChannel open = technician;
        peer.HoldWrites();
        Task file = technician.SendAsync(MessageStream.Files, Bulk, CancellationToken.None).AsTask();
        List<Task> sends = [];
        List<MessageStream> order = [];
        Random random = new(1);
        // More than are copied, so that the last ones wait.
        for (int number = 0; number < 1200; number++)
        {
            order.Add(random.Next(5) == 0 ? MessageStream.Control : MessageStream.Input);
            sends.Add(technician.SendAsync(order[^1], new byte[1 + random.Next(100)], CancellationToken.None).AsTask());
        }

        peer.ReleaseWrites();
        await Task.WhenAll(sends);
        await file;

        Assert.Equal([MessageStream.Files, .. order, MessageStream.Files, MessageStream.Files], peer.Written.Select(record => (MessageStream)record[0]));
    }

    [Fact]
    public async Task Send_InputQueuedMidPicture_TakesTheNextRecordPadded()
    {
        (MessageChannel technician, ScriptedRecords peer) = MessageFixture.Scripted(ChannelRole.Technician);
        await using MessageChannel open = technician;
        peer.HoldWrites();
        Task file = technician.SendAsync(MessageStream.Files, Bulk, CancellationToken.None).AsTask();

        await technician.SendAsync(MessageFixture.Move(5, 6), CancellationToken.None);
        peer.ReleaseWrites();
        await file;

        Assert.Equal([MessageStream.Files, MessageStream.Input, MessageStream.Files, MessageStream.Files], peer.Written.Select(record => (MessageStream)record[0]));
        Assert.Equal([1, IRecordChannel.InputPadding, 1, 1], peer.Paddings);
        Assert.Equal(MessageFixture.Record(MessageStream.Input, MessageFixture.Move(5, 6)), peer.Written[1]);
    }

    [Fact]
    public async Task QueuedBytes_WhileRecordsGo_CountsWhatIsLeft()
    {
        (MessageChannel host, ScriptedRecords peer) = MessageFixture.Scripted(ChannelRole.Host);
        await using MessageChannel open = host;
        peer.HoldWrites();
        Task first = host.SendAsync(MessageStream.Picture, Bulk, CancellationToken.None).AsTask();
        Task second = host.SendAsync(MessageStream.Picture, new byte[100], CancellationToken.None).AsTask();

        Assert.Equal(40_000 - 16_384 + 100, host.QueuedBytes(MessageStream.Picture));
        Assert.Equal(0, host.QueuedBytes(MessageStream.Files));
        peer.ReleaseWrite();
        Assert.Equal(40_000 - 32_768 + 100, host.QueuedBytes(MessageStream.Picture));
        peer.ReleaseWrites();
        await Task.WhenAll(first, second);
        Assert.Equal(0, host.QueuedBytes(MessageStream.Picture));
    }

    [Fact]
    public async Task Send_SmallStreamFull_WaitsAndKeepsTheOrder()
    {
        (MessageChannel technician, ScriptedRecords peer) = MessageFixture.Scripted(ChannelRole.Technician);
        await using MessageChannel open = technician;
        peer.HoldWrites();
        int limit = StreamRule.Of(MessageStream.Chat).QueueBytes;
        List<Task> sends = [];
        for (int number = 0; number < 12; number++)
        {
            byte[] payload = new byte[10_000];
            payload[0] = (byte)number;
            sends.Add(technician.SendAsync(MessageStream.Chat, payload, CancellationToken.None).AsTask());
            // A queued message was copied: what its sender does with the bytes now changes nothing.
            if (sends[^1].IsCompleted) payload[0] = 0xEE;
        }

        int completed = sends.Count(send => send.IsCompleted);
        Assert.InRange(completed, 2, 1 + (limit / 10_000));
        Assert.All(sends.Skip(completed), send => Assert.False(send.IsCompleted));
        peer.ReleaseWrites();
        await Task.WhenAll(sends);
        Assert.Equal(Enumerable.Range(0, 12), peer.Written.Select(record => (int)record[4]));
    }

    [Fact]
    public async Task Send_NobodyAwaits_IsRefusedBeforeMemoryGrows()
    {
        (MessageChannel technician, ScriptedRecords peer) = MessageFixture.Scripted(ChannelRole.Technician);
        await using MessageChannel open = technician;
        peer.HoldWrites();
        List<Task> sends = [];

        for (int i = 0; i < 5000; i++) sends.Add(technician.SendAsync(MessageFixture.Move(i, i), CancellationToken.None).AsTask());

        Assert.Equal(1 + SendQueue.MaxCopied, sends.Count(send => send.IsCompletedSuccessfully));
        Assert.Equal(SendQueue.MaxWaiting, sends.Count(send => !send.IsCompleted));
        ChannelException refused = await Assert.ThrowsAsync<ChannelException>(() => sends[^1]);
        Assert.Equal(ChannelError.LimitExceeded, refused.Error);
        peer.ReleaseWrites();
        await Task.WhenAll(sends.Where(send => !send.IsFaulted));
        await technician.SendAsync(MessageFixture.Move(1, 1), CancellationToken.None);
    }

    [Theory]
    [InlineData(MessageStream.Control)]
    [InlineData(MessageStream.Chat)]
    [InlineData(MessageStream.Cursor)]
    [InlineData(MessageStream.Picture)]
    [InlineData(MessageStream.Files)]
    internal async Task Send_OverTheStreamsLimit_IsRefusedAndTheChannelGoesOn(MessageStream stream)
    {
        (MessageChannel host, ScriptedRecords peer) = MessageFixture.Scripted(ChannelRole.Host);
        await using MessageChannel open = host;

        ChannelException refused = await Assert.ThrowsAsync<ChannelException>(async () => await host.SendAsync(stream, new byte[StreamRule.Of(stream).MaxMessage + 1], CancellationToken.None));

        Assert.Equal(ChannelError.LimitExceeded, refused.Error);
        Assert.Empty(peer.Written);
        await host.SendAsync(stream, new byte[10], CancellationToken.None);
        Assert.Single(peer.Written);
    }

    [Theory]
    [InlineData(ChannelRole.Host, MessageStream.Input)]
    [InlineData(ChannelRole.Technician, MessageStream.Picture)]
    [InlineData(ChannelRole.Technician, MessageStream.Cursor)]
    [InlineData(ChannelRole.Technician, MessageStream.Recording)]
    internal async Task Send_OnTheOtherSidesStream_IsRefused(ChannelRole role, MessageStream stream)
    {
        (MessageChannel channel, ScriptedRecords peer) = MessageFixture.Scripted(role);
        await using MessageChannel open = channel;

        ChannelException refused = await Assert.ThrowsAsync<ChannelException>(async () => await channel.SendAsync(stream, new byte[10], CancellationToken.None));

        Assert.Equal(ChannelError.OutOfOrder, refused.Error);
        Assert.Empty(peer.Written);
    }

    [Fact]
    public async Task Send_ChatLineTooLong_IsRefused()
    {
        (MessageChannel host, ScriptedRecords peer) = MessageFixture.Scripted(ChannelRole.Host);
        await using MessageChannel open = host;

        ChannelException refused = await Assert.ThrowsAsync<ChannelException>(async () => await host.SendAsync(new ChatMessage { Text = new string('ä', 2049) }, CancellationToken.None));

        Assert.Equal(ChannelError.LimitExceeded, refused.Error);
        await host.SendAsync(new ChatMessage { Text = new string('ä', 2048) }, CancellationToken.None);
        Assert.Single(peer.Written);
    }

    [Fact]
    public async Task Send_LinkBreaks_EverySendAndTheReceiveFail()
    {
        (MessageChannel host, ScriptedRecords peer) = MessageFixture.Scripted(ChannelRole.Host);
        await using MessageChannel open = host;
        Task<ReceivedMessage> receiving = host.ReceiveAsync(CancellationToken.None).AsTask();
        peer.WriteFailure = new IOException("gone");

        ChannelException send = await Assert.ThrowsAsync<ChannelException>(async () => await host.SendAsync(MessageStream.Picture, Bulk, CancellationToken.None));
        ChannelException later = await Assert.ThrowsAsync<ChannelException>(async () => await host.SendAsync(new ControlMessage { Ping = new Ping() }, CancellationToken.None));
        ChannelException receive = await Assert.ThrowsAsync<ChannelException>(() => receiving.WaitAsync(LinkFixture.Limit()));

        Assert.Equal([ChannelError.Truncated, ChannelError.Truncated, ChannelError.Truncated], [send.Error, later.Error, receive.Error]);
    }
}
