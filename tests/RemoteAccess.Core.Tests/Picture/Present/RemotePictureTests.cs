using RemoteAccess.Picture;
using RemoteAccess.Sessions;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Tests;

/// <summary>What a reader of the picture is shown of what an earlier reader left.</summary>
public sealed class RemotePictureTests : IDisposable
{
    private static readonly PixelSize Size = new(640, 256);
    private readonly CodecPair agent = new();
    private readonly ScriptedRecords peer;
    private readonly RemotePicture picture;

    public RemotePictureTests()
    {
        (MessageChannel channel, peer) = MessageFixture.Scripted(ChannelRole.Technician);
        picture = new RemotePicture(channel, new InputTimes(), TimeProvider.System);
    }

    public void Dispose() => agent.Dispose();

    private IEnumerable<ControlMessage> Sent => peer.Written.Select(record => ControlMessage.Parser.ParseFrom(record.AsSpan(4)));

    [Fact]
    public async Task Read_RestOfAFrameThatAReaderLeft_IsAcknowledgedAndNotShownToTheNext()
    {
        byte[][] left = Frame(1);
        Assert.True(left.Length > 1, "a frame in one part has no rest");
        using var leaving = new CancellationTokenSource();
        await using (IAsyncEnumerator<PictureUpdate> first = picture.ReadUpdatesAsync(leaving.Token).GetAsyncEnumerator(CancellationToken.None))
        {
            ValueTask<bool> waiting = first.MoveNextAsync();
            await picture.DeliverAsync(left[0], CancellationToken.None);
            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await waiting);
        }

        byte[][] wanted = Frame(2);
        await using IAsyncEnumerator<PictureUpdate> next = picture.ReadUpdatesAsync(CancellationToken.None).GetAsyncEnumerator(CancellationToken.None);
        ValueTask<bool> shown = next.MoveNextAsync();
        foreach (byte[] part in left.Skip(1).Concat(wanted)) await picture.DeliverAsync(part, CancellationToken.None);

        Assert.True(await shown);
        Assert.Equal(2u, next.Current.Sequence);
        picture.Close(null);
        Assert.False(await next.MoveNextAsync());
        Assert.Equal([1u, 2u], Sent.Where(message => message.PictureAck is not null).Select(message => message.PictureAck.Sequence));
    }

    /// <summary>The parts of a frame of noise, in an epoch of its own.</summary>
    private byte[][] Frame(int seed)
    {
        var frame = new DrawnFrame(Size);
        frame.Scribble(new Random(seed), new PixelRect(0, 0, Size.Width, Size.Height));
        agent.RequestEpoch();
        Assert.True(agent.Show(frame, isDelivered: false));
        return [.. agent.Messages];
    }
}
