using System.Net.Sockets;
using System.Runtime.Versioning;
using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

[UnsupportedOSPlatform("windows")]
[Trait("Platform", "Unix")]
public sealed class UnixLinkListenerTests
{
    private const string NotOnWindows = "Unix socket modes do not exist on Windows; named pipes serve there.";

    [Fact]
    public async Task Listen_NewPath_OnlyThisAccountCanOpenIt()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), NotOnWindows);
        string path = LinkFixture.NewSocketPath();
        await using UnixLinkListener listener = UnixLinkListener.Listen(path);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path + ".lock"));
    }

    [Fact]
    public async Task Listen_SocketOfADeadProcess_IsReplaced()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), NotOnWindows);
        string path = LinkFixture.NewSocketPath();
        LeaveStaleSocket(path);

        await using UnixLinkListener listener = UnixLinkListener.Listen(path);

        Task<ILink> accepting = listener.AcceptAsync(LinkFixture.Limit()).AsTask();
        await using UnixLink client = await UnixLink.ConnectAsync(path, LinkFixture.Limit());
        await using ILink server = await accepting;
        await client.WriteAsync([7]);
        Assert.Equal([7], await server.ReadExactlyAsync(1));
    }

    [Fact]
    public async Task Listen_SomebodyListens_IsRefusedAndLeavesThemAlone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), NotOnWindows);
        string path = LinkFixture.NewSocketPath();
        await using UnixLinkListener first = UnixLinkListener.Listen(path);

        ChannelException refused = Assert.Throws<ChannelException>(() => UnixLinkListener.Listen(path));

        Assert.Equal(ChannelError.Unreachable, refused.Error);
        await using UnixLink client = await UnixLink.ConnectAsync(path, LinkFixture.Limit());
    }

    [Fact]
    public async Task Listen_ForeignListenerWithoutALock_IsRefusedAndLeftAlone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), NotOnWindows);
        string path = LinkFixture.NewSocketPath();
        using Socket foreign = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        foreign.Bind(new UnixDomainSocketEndPoint(path));
        foreign.Listen();

        ChannelException refused = Assert.Throws<ChannelException>(() => UnixLinkListener.Listen(path));

        Assert.Equal(ChannelError.Unreachable, refused.Error);
        await using UnixLink client = await UnixLink.ConnectAsync(path, LinkFixture.Limit());
    }

    [Theory, InlineData(""), InlineData("somebody's work")]
    public void Listen_PlainFileAtThePath_IsRefusedAndLeftAlone(string content)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), NotOnWindows);
        string path = LinkFixture.NewSocketPath();
        File.WriteAllText(path, content);

        ChannelException refused = Assert.Throws<ChannelException>(() => UnixLinkListener.Listen(path));

        Assert.Equal(ChannelError.Unreachable, refused.Error);
        Assert.Equal(content, File.ReadAllText(path));
        File.Delete(path);
    }

    [Fact]
    public async Task Dispose_RemovesTheSocketFile()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), NotOnWindows);
        string path = LinkFixture.NewSocketPath();
        UnixLinkListener listener = UnixLinkListener.Listen(path);

        await listener.DisposeAsync();

        Assert.False(File.Exists(path));
        await using UnixLinkListener again = UnixLinkListener.Listen(path);
    }

    [Fact]
    public void Listen_PathTooLong_IsRefusedWithItsName()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), NotOnWindows);
        string path = "/tmp/" + new string('x', 300);

        ChannelException refused = Assert.Throws<ChannelException>(() => UnixLinkListener.Listen(path));

        Assert.Equal(ChannelError.Unreachable, refused.Error);
        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Renamed before its owner disposes it, the file stays behind as after a crash.</summary>
    private static void LeaveStaleSocket(string path)
    {
        using Socket dead = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        dead.Bind(new UnixDomainSocketEndPoint(path + ".old"));
        dead.Listen();
        File.Move(path + ".old", path);
    }
}
