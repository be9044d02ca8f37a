using System.Net;
using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

/// <summary>The kinds of link, so that one test states what all of them promise.</summary>
public enum LinkKind
{
    Tcp,
    TcpDualStack,
    Unix,
    NamedPipe,
    Memory,
}

internal static class LinkFixture
{
    public static TheoryData<LinkKind> Kinds => [.. AllOfThem];

    public static TheoryData<LinkKind> KindsThatHalfClose => [.. AllOfThem.Where(kind => kind != LinkKind.NamedPipe)];

    public static TheoryData<LinkKind> KindsThatListen => [.. AllOfThem.Where(kind => kind != LinkKind.Memory)];

    private static IEnumerable<LinkKind> AllOfThem =>
        Enum.GetValues<LinkKind>().Where(kind => (kind != LinkKind.Unix || !OperatingSystem.IsWindows()) && (kind != LinkKind.TcpDualStack || System.Net.Sockets.Socket.OSSupportsIPv6));

    public static async Task<(ILink Client, ILink Server)> ConnectAsync(LinkKind kind)
    {
        if (kind == LinkKind.Memory) return MemoryLink.CreatePair();
        (ILinkListener listener, Func<CancellationToken, Task<ILink>> connect) = Listen(kind);
        await using (listener)
        {
            Task<ILink> accepting = listener.AcceptAsync(Limit()).AsTask();
            ILink client = await connect(Limit());
            return (client, await accepting);
        }
    }

    public static (ILinkListener Listener, Func<CancellationToken, Task<ILink>> Connect) Listen(LinkKind kind)
    {
        switch (kind)
        {
            case LinkKind.Tcp:
                TcpLinkListener tcp = TcpLinkListener.Listen(new IPEndPoint(IPAddress.Loopback, 0));
                return (tcp, async token => await TcpLink.ConnectAsync(tcp.LocalEndPoint, token));
            case LinkKind.TcpDualStack:
                TcpLinkListener dual = TcpLinkListener.Listen(new IPEndPoint(IPAddress.IPv6Any, 0));
                return (dual, async token => await TcpLink.ConnectAsync("127.0.0.1", dual.LocalEndPoint.Port, token));
            case LinkKind.Unix when !OperatingSystem.IsWindows():
                string path = NewSocketPath();
                return (UnixLinkListener.Listen(path), async token => await UnixLink.ConnectAsync(path, token));
            case LinkKind.NamedPipe:
                string name = NewPipeName();
                return (NamedPipeLinkListener.Listen(name), async token => await NamedPipeLink.ConnectAsync(name, token));
            default:
                throw new ArgumentOutOfRangeException(nameof(kind));
        }
    }

    public static string NewSocketPath() => Path.Combine(Path.GetTempPath(), $"ra-{Guid.NewGuid():N}.sock");

    public static string NewPipeName() => $"ra-{Guid.NewGuid():N}";

    /// <summary>A deadline that only a hang reaches.</summary>
    public static CancellationToken Limit() => new CancellationTokenSource(TimeSpan.FromMinutes(3)).Token;
}
