using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

/// <summary>Taking a message back: what a withdrawn permit does to a picture or file that is on its way.</summary>
public sealed class MessageCancellationTests
{
    private static readonly byte[] Bulk = LinkBytes.Pattern(2, 100_000);

    [Fact]
    public async Task Cancel_BeforeTheFirstRecord_NothingIsSent()
    {
        (MessageChannel host, ScriptedRecords peer) = MessageFixture.Scripted(ChannelRole.Host);
        await using MessageChannel open = host;
        using CancellationTokenSource withdrawn = new();
        peer.HoldWrites();
        Task first = host.SendAsync(MessageStream.Files, new byte[10], CancellationToken.None).AsTask();
        Task taken = host.SendAsync(MessageStream.Picture, Bulk, withdrawn.Token).AsTask();
        Task last = host.SendAsync(MessageStream.Picture, new byte[20], CancellationToken.None).AsTask();

        await withdrawn.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taken);
        Assert.Equal(20, host.QueuedBytes(MessageStream.Picture));
        peer.ReleaseWrites();
        await Task.WhenAll(first, last);
        Assert.Equal([14, 24], peer.Written.Select(record => record.Length));
    }

    [Fact]
    public async Task Cancel_InTheMiddle_TheRestIsNotSentAndThePeerIsTold()
    {
        (MessageChannel host, ScriptedRecords peer) = MessageFixture.Scripted(ChannelRole.Host);
        await using MessageChannel open = host;
        using CancellationTokenSource withdrawn = new();
        peer.HoldWrites();
        Task taken = host.SendAsync(MessageStream.Picture, Bulk, withdrawn.Token).AsTask();
        peer.ReleaseWrite();
        Task last = host.SendAsync(MessageStream.Picture, new byte[20], CancellationToken.None).AsTask();

        await withdrawn.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taken);
        peer.ReleaseWrites();
        await last;
        Assert.Equal(4, peer.Written.Count);
        Assert.Equal(MessageFixture.Record(MessageStream.Picture, 0), peer.Written[2]);
        Assert.Equal(MessageFixture.Record(MessageStream.Picture, 20, new byte[20]), peer.Written[3]);
    }

    [Fact]
    public async Task Cancel_WhileTheLastRecordIsWritten_TheSendEndsAtOnceAndTheObjectIsNotConfused()
    {
        (MessageChannel host, ScriptedRecords peer) = MessageFixture.Scripted(ChannelRole.Host);
        await using MessageChannel open = host;
        using CancellationTokenSource withdrawn = new();
        peer.HoldWrites();
        Task taken = host.SendAsync(MessageStream.Picture, new byte[10], withdrawn.Token).AsTask();

        await withdrawn.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => taken);
        // Reuses what the cancelled send used, while the loop still writes that send's record.
        Task next = host.SendAsync(MessageStream.Picture, new byte[30], CancellationToken.None).AsTask();
        peer.ReleaseWrite();

        Assert.False(next.IsCompleted);
        peer.ReleaseWrites();
        await next;
        Assert.Equal([14, 34], peer.Written.Select(record => record.Length));
    }

    [Fact]
    public async Task Receive_AbandonedMessage_IsForgottenAndTheNextArrives()
    {
        (MessageChannel technician, ScriptedRecords peer) = MessageFixture.Scripted(ChannelRole.Technician);
        await using MessageChannel open = technician;
        peer.Arrive(MessageFixture.Record(MessageStream.Picture, 5_000_000, new byte[16_384]));
        peer.Arrive(MessageFixture.Record(MessageStream.Picture, 0));
        peer.Arrive(MessageFixture.Record(MessageStream.Picture, 3, 7, 8, 9));

        ReceivedMessage message = await technician.ReceiveAsync(CancellationToken.None);

        Assert.Equal(MessageStream.Picture, message.Stream);
        Assert.Equal([7, 8, 9], message.Payload.ToArray());
    }

    [Fact]
    public async Task Receive_Cancelled_TheNextReceiveGoesOn()
    {
        (MessageChannel technician, ScriptedRecords peer) = MessageFixture.Scripted(ChannelRole.Technician);
        await using MessageChannel open = technician;
        using CancellationTokenSource giveUp = new();
        peer.Arrive(MessageFixture.Record(MessageStream.Files, 4, 1, 2));
        Task<ReceivedMessage> receiving = technician.ReceiveAsync(giveUp.Token).AsTask();

        await giveUp.CancelAsync();

        OperationCanceledException cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => receiving);
        Assert.Equal(giveUp.Token, cancelled.CancellationToken);
        peer.Arrive(MessageFixture.Record(MessageStream.Files, 2, 3, 4));
        ReceivedMessage message = await technician.ReceiveAsync(CancellationToken.None);
        Assert.Equal([1, 2, 3, 4], message.Payload.ToArray());
    }
}
