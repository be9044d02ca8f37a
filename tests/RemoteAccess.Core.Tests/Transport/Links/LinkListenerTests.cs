using System.Net;
using System.Net.Sockets;
using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

public sealed class LinkListenerTests
{
    public static TheoryData<LinkKind> Kinds => LinkFixture.KindsThatListen;

    [Theory, MemberData(nameof(Kinds))]
    public async Task Listener_HundredLinksAtOnce_EachHasItsOwnPeer(LinkKind kind)
    {
        if (kind == LinkKind.NamedPipe) Wine.Skip("a hundred callers of one pipe take longer than their patience");
        (ILinkListener listener, Func<CancellationToken, Task<ILink>> connect) = LinkFixture.Listen(kind);
        await using ILinkListener open = listener;
        Task serving = Task.WhenAll(Enumerable.Range(0, 100).Select(async _ =>
        {
            await using ILink link = await listener.AcceptAsync(LinkFixture.Limit());
            byte[] got = await link.ReadExactlyAsync(1000);
            await link.WriteAsync([.. got.Reverse()]);
            // The caller ends first, so that its answer is not lost with the link.
            await link.ReadToEndAsync();
        }));

        await Task.WhenAll(Enumerable.Range(0, 100).Select(async number =>
        {
            await using ILink link = await connect(LinkFixture.Limit());
            byte[] sent = LinkBytes.Pattern(number, 1000);
            await link.WriteAsync(sent);
            Assert.Equal(sent.Reverse(), await link.ReadExactlyAsync(1000));
        }));
        await serving.WaitAsync(LinkFixture.Limit());
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Accept_Cancelled_ListenerGoesOn(LinkKind kind)
    {
        (ILinkListener listener, Func<CancellationToken, Task<ILink>> connect) = LinkFixture.Listen(kind);
        await using ILinkListener open = listener;
        using CancellationTokenSource giveUp = new();
        Task<ILink> accepting = listener.AcceptAsync(giveUp.Token).AsTask();

        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accepting.WaitAsync(LinkFixture.Limit()));

        Task<ILink> again = listener.AcceptAsync(LinkFixture.Limit()).AsTask();
        await using ILink client = await connect(LinkFixture.Limit());
        await using ILink server = await again;
        await client.WriteAsync([1, 2, 3]);
        Assert.Equal([1, 2, 3], await server.ReadExactlyAsync(3));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Dispose_PendingAccept_EndsWithClosed(LinkKind kind)
    {
        (ILinkListener listener, Func<CancellationToken, Task<ILink>> connect) = LinkFixture.Listen(kind);
        Task<ILink> accepting = listener.AcceptAsync(LinkFixture.Limit()).AsTask();

        await listener.DisposeAsync();
        await listener.DisposeAsync();

        ChannelException ended = await Assert.ThrowsAsync<ChannelException>(() => accepting.WaitAsync(LinkFixture.Limit()));
        Assert.Equal(ChannelError.Closed, ended.Error);
        ChannelException later = await Assert.ThrowsAsync<ChannelException>(async () => await listener.AcceptAsync(LinkFixture.Limit()));
        Assert.Equal(ChannelError.Closed, later.Error);
        ChannelException refused = await Assert.ThrowsAsync<ChannelException>(() => connect(LinkFixture.Limit()));
        Assert.Equal(ChannelError.Unreachable, refused.Error);
    }

    [Fact]
    public async Task TcpConnect_NobodyListens_NamesHostAndPort()
    {
        int free;
        await using (TcpLinkListener probe = TcpLinkListener.Listen(new IPEndPoint(IPAddress.Loopback, 0))) free = probe.LocalEndPoint.Port;

        ChannelException refused = await Assert.ThrowsAsync<ChannelException>(async () => await TcpLink.ConnectAsync("127.0.0.1", free, LinkFixture.Limit()));

        Assert.Equal(ChannelError.Unreachable, refused.Error);
        Assert.Contains($"127.0.0.1:{free}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TcpConnect_UnknownName_NamesHostAndPort()
    {
        ChannelException refused = await Assert.ThrowsAsync<ChannelException>(async () => await TcpLink.ConnectAsync("no-such-host.invalid", 4711, LinkFixture.Limit()));

        Assert.Equal(ChannelError.Unreachable, refused.Error);
        Assert.Contains("no-such-host.invalid:4711", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TcpListen_PortInUse_SaysSo()
    {
        await using TcpLinkListener first = TcpLinkListener.Listen(new IPEndPoint(IPAddress.Loopback, 0));

        ChannelException refused = Assert.Throws<ChannelException>(() => TcpLinkListener.Listen(first.LocalEndPoint));

        Assert.Equal(ChannelError.Unreachable, refused.Error);
        Assert.Contains(first.LocalEndPoint.ToString(), refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TcpLink_OverIPv6Listener_ShowsThePeersIPv4Address()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "This machine has no IPv6.");
        (ILink client, ILink server) = await LinkFixture.ConnectAsync(LinkKind.TcpDualStack);
        await using ILink one = client, other = server;

        Assert.StartsWith("tcp 127.0.0.1:", server.Peer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NamedPipeListen_NameInUse_IsRefused()
    {
        Wine.Skip("FILE_FLAG_FIRST_PIPE_INSTANCE is ignored");
        string name = LinkFixture.NewPipeName();
        await using NamedPipeLinkListener first = NamedPipeLinkListener.Listen(name);

        ChannelException refused = Assert.Throws<ChannelException>(() => NamedPipeLinkListener.Listen(name));

        Assert.Equal(ChannelError.Unreachable, refused.Error);
        Assert.Contains(name, refused.Message, StringComparison.Ordinal);
    }
}
