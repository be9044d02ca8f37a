using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

/// <summary>The established channel against a peer that does not behave, case by case.</summary>
public sealed class MisbehavingChannelTests
{
    private static readonly Dictionary<string, ChannelCase> Cases = ChannelCase.All.ToDictionary(each => each.Name);

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Host_PeerMisbehavesInTheChannel_ReadsAsNamed(string behaviour)
    {
        using var peer = new ScriptedTechnician(new HandshakeScene());
        await peer.ReachChannelAsync();
        await using SecureChannel channel = peer.HostResult!.Channel;
        await channel.WriteAsync(new byte[] { 1 }, CancellationToken.None);

        await peer.SendAsync(Cases[behaviour].Bytes(peer));
        await peer.EndAsync();

        Assert.Equal(Cases[behaviour].Reads, await ReadAllAsync(channel));
        Assert.Equal(!Cases[behaviour].Reads.EndsWith("Closed", StringComparison.Ordinal), peer.HostLink.IsDisposed);
    }

    [Fact]
    public async Task Host_DataBeforeItsFirstRecord_IsRefused()
    {
        using var peer = new ScriptedTechnician(new HandshakeScene());
        await peer.ReachChannelAsync();
        await using SecureChannel channel = peer.HostResult!.Channel;

        await peer.SendAsync(ProtectedFrames.Seal(peer.Send!, RecordType.Application, [1]));

        Assert.Equal("ChannelException.OutOfOrder", await ReadAllAsync(channel));
    }

    [Fact]
    public async Task Host_FailedOnce_StaysFailed()
    {
        using var peer = new ScriptedTechnician(new HandshakeScene());
        await peer.ReachChannelAsync();
        await using SecureChannel channel = peer.HostResult!.Channel;
        await channel.WriteAsync(new byte[] { 1 }, CancellationToken.None);
        await peer.SendAsync(ProtectedFrames.Clear(peer.Hello()));

        Assert.Equal("ChannelException.OutOfOrder", await ReadAllAsync(channel));
        Assert.Equal("ChannelException.Closed", await ReadAllAsync(channel));
        Assert.Equal("ChannelException.Truncated", await Outcome.OfAsync(() => channel.WriteAsync(new byte[] { 1 }, CancellationToken.None).AsTask(), () => "Written"));
    }

    /// <summary>Reads until the end, and twice beyond a proper one: nothing may come after it.</summary>
    private static async Task<string> ReadAllAsync(SecureChannel channel)
    {
        var read = new List<string>();
        read.Add(await Outcome.OfAsync(
            async () =>
            {
                while (await channel.ReadAsync(CancellationToken.None) is { IsEmpty: false } content) read.Add(Convert.ToHexString(content.Span));
                for (int i = 0; i < 2; i++) Assert.True((await channel.ReadAsync(CancellationToken.None)).IsEmpty);
            },
            () => "Closed"));
        return string.Join(' ', read);
    }
}
