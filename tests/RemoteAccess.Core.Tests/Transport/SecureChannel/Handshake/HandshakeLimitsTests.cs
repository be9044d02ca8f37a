using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

public sealed class HandshakeLimitsTests
{
    [Fact]
    public async Task Host_NinthHandshakeAtOnce_IsTurnedAwayAndAPlaceComesFree()
    {
        var scene = new HandshakeScene();
        List<ScriptedTechnician> holding = [.. Enumerable.Range(0, HandshakeLimits.MaxConcurrent).Select(_ => new ScriptedTechnician(scene))];

        using var ninth = new ScriptedTechnician(scene);
        Assert.Equal("Reject.TooManySessions", ninth.LastWord());
        Assert.Equal("AccessRefused.TooManySessions", await ninth.EndAsync());
        Assert.Equal([PreGateFailure.RateLimited], scene.Authority.Rejects);

        await holding[0].EndAsync();
        using var tenth = new ScriptedTechnician(scene);
        await tenth.GreetAsync();

        foreach (ScriptedTechnician each in holding) each.Dispose();
    }

    [Fact]
    public async Task Host_MoreThanTwentyRejects_GoesSilentAndAnswersTenAMinute()
    {
        var scene = new HandshakeScene();
        for (int i = 0; i < 20; i++) Assert.Equal("Reject.NotAuthorized", await RejectedAsync(scene));

        Assert.Equal("nothing", await RejectedAsync(scene));
        Assert.Equal("nothing", await RejectedAsync(scene));
        Assert.Equal(20, scene.Authority.Rejects.Count(failure => failure == PreGateFailure.VersionOrSuite));
        Assert.Equal(2, scene.Authority.Rejects.Count(failure => failure == PreGateFailure.RateLimited));

        scene.Clock.Advance(TimeSpan.FromMinutes(1));
        for (int i = 0; i < 10; i++) Assert.Equal("Reject.NotAuthorized", await RejectedAsync(scene));
        Assert.Equal("nothing", await RejectedAsync(scene));
    }

    [Fact]
    public async Task Host_RateOfRejectsUsedUp_StillAcceptsAnHonestTechnician()
    {
        var scene = new HandshakeScene();
        for (int i = 0; i < 25; i++) await RejectedAsync(scene);

        await scene.ConnectAsync();

        Assert.Equal(1, scene.Authority.Accepted);
    }

    [Fact]
    public async Task Host_EachFlightInTimeButThirtySecondsInAll_TimesOut()
    {
        var scene = new HandshakeScene();
        scene.Authority.OnCharged = () => scene.Clock.Advance(TimeSpan.FromSeconds(12));
        using var peer = new ScriptedTechnician(scene);
        scene.Clock.Advance(TimeSpan.FromSeconds(9));
        await peer.GreetAsync();
        scene.Clock.Advance(TimeSpan.FromSeconds(9));

        await peer.SendHandshakeAsync(peer.Auth());

        Assert.Equal("ChannelException.TimedOut", await peer.EndAsync());
        Assert.Equal((1, 1, 0), (scene.Authority.Charged, scene.Authority.Abandoned, scene.Authority.Accepted));
    }

    [Fact]
    public async Task Host_RefusedPeerNeverHangsUp_LingersTwoSecondsOnly()
    {
        var scene = new HandshakeScene();
        using var peer = new ScriptedTechnician(scene);
        await peer.SendAsync(ProtectedFrames.Clear([4, 0, 0, 0]));
        Assert.Equal("Reject.NotAuthorized", peer.LastWord());
        Assert.False(peer.HostIsDone);

        scene.Clock.Advance(HandshakeLimits.Linger);

        Assert.True(peer.HostIsDone);
        Assert.True(peer.HostLink.IsDisposed);
    }

    [Fact]
    public async Task Host_Cancelled_EndsAtOnceAndCountsNothing()
    {
        var scene = new HandshakeScene();
        (PipeLink technician, PipeLink host) = PipeLink.CreatePair();
        using var cancellation = new CancellationTokenSource();
        Task<HostHandshakeResult> run = HostHandshake.RunAsync(host, scene.Host, cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.True(host.IsDisposed);
        Assert.Empty(scene.Authority.Rejects);
        await technician.DisposeAsync();
    }

    private static async Task<string> RejectedAsync(HandshakeScene scene)
    {
        using var peer = new ScriptedTechnician(scene);
        byte[] hello = peer.Hello();
        hello[5] = 9;
        await peer.SendAsync(ProtectedFrames.Clear(hello));
        string heard = peer.LastWord();
        Assert.Equal("ChannelException.Incompatible", await peer.EndAsync());
        return heard;
    }
}
