using System.IO.Pipelines;
using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

/// <summary>What every link promises, whatever it runs on.</summary>
public sealed class LinkTests
{
    public static TheoryData<LinkKind> Kinds => LinkFixture.Kinds;

    public static TheoryData<LinkKind> KindsThatHalfClose => LinkFixture.KindsThatHalfClose;

    [Theory, MemberData(nameof(Kinds))]
    public async Task Link_BytesInBothDirections_Arrive(LinkKind kind)
    {
        (ILink client, ILink server) = await LinkFixture.ConnectAsync(kind);
        await using ILink one = client, other = server;
        byte[] question = LinkBytes.Pattern(1, 1000), answer = LinkBytes.Pattern(2, 3000);

        await client.WriteAsync(question);
        Assert.Equal(question, await server.ReadExactlyAsync(question.Length));
        await server.WriteAsync(answer);
        Assert.Equal(answer, await client.ReadExactlyAsync(answer.Length));
        Assert.NotEmpty(client.Peer);
        Assert.NotEmpty(server.Peer);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Link_ThirtyTwoMegabytesBothWays_ArriveIntact(LinkKind kind)
    {
        (ILink client, ILink server) = await LinkFixture.ConnectAsync(kind);
        await using ILink one = client, other = server;
        int size = Wine.Or(32, 2) * 1024 * 1024;
        byte[] up = LinkBytes.Pattern(3, size), down = LinkBytes.Pattern(4, size);

        Task sending = Task.WhenAll(SendInPiecesAsync(client, up), SendInPiecesAsync(server, down));
        Task<byte[]> atServer = ReceiveAsync(server, size), atClient = ReceiveAsync(client, size);
        await Task.WhenAll(sending, atServer, atClient);

        byte[] arrivedUp = await atServer, arrivedDown = await atClient;
        Assert.True(up.AsSpan().SequenceEqual(arrivedUp));
        Assert.True(down.AsSpan().SequenceEqual(arrivedDown));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Flush_NobodyReads_WaitsInsteadOfBuffering(LinkKind kind)
    {
        if (kind == LinkKind.NamedPipe) Wine.Skip("a write that waits in a pipe cannot be cancelled");
        (ILink client, ILink server) = await LinkFixture.ConnectAsync(kind);
        await using ILink one = client, other = server;
        using CancellationTokenSource giveUp = new();
        byte[] piece = new byte[64 * 1024];
        long accepted = 0;

        // A system buffer takes some megabytes at most; 256 MB of progress would mean that somebody buffers without bound.
        Task<FlushResult> flush = Task.FromResult(default(FlushResult));
        while (flush.IsCompleted && accepted < 256L * 1024 * 1024)
        {
            await flush;
            flush = client.Output.WriteAsync(piece, giveUp.Token).AsTask();
            accepted += piece.Length;
        }

        Assert.False(flush.IsCompleted);
        Assert.True(accepted < 64L * 1024 * 1024, $"{accepted} bytes were accepted");
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => flush);
    }

    [Theory, MemberData(nameof(KindsThatHalfClose))]
    public async Task CompletedOutput_PeerReadsToTheEnd_OtherDirectionStaysOpen(LinkKind kind)
    {
        (ILink client, ILink server) = await LinkFixture.ConnectAsync(kind);
        await using ILink one = client, other = server;
        byte[] last = LinkBytes.Pattern(5, 5000), answer = LinkBytes.Pattern(6, 700);

        await client.WriteAsync(last);
        await client.Output.CompleteAsync();
        Assert.Equal(last, await server.ReadToEndAsync());
        await server.WriteAsync(answer);
        Assert.Equal(answer, await client.ReadExactlyAsync(answer.Length));
    }

    [Fact]
    public async Task CompletedOutput_OnANamedPipe_PeerSeesTheEndOnlyAtDisposal()
    {
        (ILink client, ILink server) = await LinkFixture.ConnectAsync(LinkKind.NamedPipe);
        await using ILink other = server;
        await client.WriteAsync([1, 2, 3]);
        await client.Output.CompleteAsync();
        Assert.Equal([1, 2, 3], await server.ReadExactlyAsync(3));
        Task<byte[]> rest = server.ReadToEndAsync();
        await server.WriteAsync([4]);
        Assert.Equal([4], await client.ReadExactlyAsync(1));
        Assert.False(rest.IsCompleted);

        await client.DisposeAsync();

        Assert.Empty(await rest);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Dispose_PendingRead_EndsWithIOException(LinkKind kind)
    {
        (ILink client, ILink server) = await LinkFixture.ConnectAsync(kind);
        await using ILink other = server;
        Task<ReadResult> reading = client.Input.ReadAsync(LinkFixture.Limit()).AsTask();

        await client.DisposeAsync();

        await Assert.ThrowsAsync<IOException>(() => reading.WaitAsync(LinkFixture.Limit()));
        await Assert.ThrowsAsync<IOException>(async () => await client.Input.ReadAsync(LinkFixture.Limit()));
        await Assert.ThrowsAsync<IOException>(async () => await client.Output.WriteAsync(new byte[10], LinkFixture.Limit()));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Dispose_PendingFlush_EndsWithIOException(LinkKind kind)
    {
        Wine.Skip("a link that is closed does not end a write that waits");
        (ILink client, ILink server) = await LinkFixture.ConnectAsync(kind);
        await using ILink other = server;
        byte[] piece = new byte[1024 * 1024];
        Task filling = Task.Run(async () =>
        {
            while (true) await client.Output.WriteAsync(piece, LinkFixture.Limit());
        }, TestContext.Current.CancellationToken);

        // Once something has arrived the writer is at work; it stops only when the link goes.
        await server.ReadExactlyAsync(1);
        await client.DisposeAsync();

        await Assert.ThrowsAsync<IOException>(() => filling.WaitAsync(LinkFixture.Limit()));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Dispose_AtOneEnd_EndsTheOther(LinkKind kind)
    {
        (ILink client, ILink server) = await LinkFixture.ConnectAsync(kind);
        await using ILink other = server;
        byte[] last = LinkBytes.Pattern(7, 100);
        await client.WriteAsync(last);
        Assert.Equal(last, await server.ReadExactlyAsync(last.Length));

        await client.DisposeAsync();
        await client.DisposeAsync();

        Assert.Empty(await server.ReadToEndAsync());
        await Assert.ThrowsAsync<IOException>(async () =>
        {
            // A system may take the first bytes for a peer that is gone; it cannot take them for ever.
            for (int i = 0; i < 10_000; i++) await server.Output.WriteAsync(new byte[8192], LinkFixture.Limit());
        });
    }

    /// <summary>A socket that is closed while somebody reads it throws away what it has not sent, unless it is told that this is the end.</summary>
    [Theory, MemberData(nameof(KindsThatHalfClose))]
    public async Task Dispose_PendingRead_PeerReadsWhatWasWrittenAndTheEnd(LinkKind kind)
    {
        foreach (bool isCaller in (bool[])[true, false])
        {
            (ILink client, ILink server) = await LinkFixture.ConnectAsync(kind);
            (ILink ending, ILink other) = isCaller ? (client, server) : (server, client);
            await using ILink closed = other;
            byte[] last = LinkBytes.Pattern(7, 100);
            Task<ReadResult> reading = ending.Input.ReadAsync(LinkFixture.Limit()).AsTask();
            await ending.WriteAsync(last);

            await ending.DisposeAsync();

            Assert.Equal(last, await other.ReadToEndAsync());
            await Assert.ThrowsAsync<IOException>(() => reading.WaitAsync(LinkFixture.Limit()));
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Read_Cancelled_LeavesTheLinkUsable(LinkKind kind)
    {
        (ILink client, ILink server) = await LinkFixture.ConnectAsync(kind);
        await using ILink one = client, other = server;
        using CancellationTokenSource giveUp = new();
        Task<ReadResult> reading = server.Input.ReadAsync(giveUp.Token).AsTask();

        await giveUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(LinkFixture.Limit()));
        byte[] sent = LinkBytes.Pattern(8, 200);
        await client.WriteAsync(sent);
        Assert.Equal(sent, await server.ReadExactlyAsync(sent.Length));
    }

    private static async Task SendInPiecesAsync(ILink link, byte[] bytes)
    {
        Random random = new(9);
        for (int at = 0; at < bytes.Length;)
        {
            int length = Math.Min(bytes.Length - at, random.Next(1, 100_000));
            await link.WriteAsync(bytes[at..(at + length)]);
            at += length;
        }
    }

    private static async Task<byte[]> ReceiveAsync(ILink link, int count)
    {
        byte[] all = new byte[count];
        for (int at = 0; at < count;)
        {
            ReadResult result = await link.Input.ReadAsync(LinkFixture.Limit());
            Assert.False(result.IsCompleted && result.Buffer.IsEmpty, $"ended at {at}");
            foreach (ReadOnlyMemory<byte> part in result.Buffer)
            {
                part.CopyTo(all.AsMemory(at));
                at += part.Length;
            }
            link.Input.AdvanceTo(result.Buffer.End);
        }
        return all;
    }
}
