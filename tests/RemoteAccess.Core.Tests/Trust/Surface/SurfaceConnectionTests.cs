using System.Globalization;
using System.Net.Sockets;
using System.Text;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests.Trust;

/// <summary>The surface's end of the connection.</summary>
public sealed class SurfaceConnectionTests : IAsyncDisposable
{
    private readonly TrustFixture fixture = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string SocketPath => Path.Combine(fixture.State, "surface");

    public ValueTask DisposeAsync() => fixture.DisposeAsync();

    [Fact]
    public async Task Heartbeat_GoesOutByItselfAndSaysWhatIsSo()
    {
        TrustFlow trust = fixture.Open(Wanted);
        Grant grant = await fixture.GrantAsync(trust);
        await using SurfaceConnection connection = await OpenAsync();
        Assert.Equal(RefusalReason.SurfaceLost, (await TrustFixture.AdmitAsync(trust, fixture.Request(grant))).Refusal);
        connection.ReportShown(connection.Status);
        LiveSession? session = null;
        await Patience.UntilAsync(async () => (session = await TryConnectAsync(trust, grant)) is not null);
        await using LiveSession closing = session!;
        await Patience.UntilAsync(() => connection.Status.Sessions.Count == 1);

        // Ten seconds of the agent's clock.
        for (int half = 0; half < 20; half++)
        {
            OperationPermit view = await session!.PermitAsync(Operations.ViewScreen, Cancel);
            connection.ReportShown(connection.Status);
            await BeatAsync(connection);
            view.Demand();
        }
        Assert.Equal(RefusalReason.None, session!.EndReason);

        connection.ReportShown(null);
        for (int half = 0; half < 10; half++)
        {
            await BeatAsync(connection);
        }
        Assert.Equal(RefusalReason.SurfaceLost, session.EndReason);
        Assert.True(connection.IsConnected);
    }

    [Fact]
    public async Task ReportShown_NotAgain_ExpiresAlthoughTheHeartbeatGoesOn()
    {
        (TrustFlow trust, Grant grant, SurfaceConnection connection, LiveSession session) = await ShownAsync();
        await using SurfaceConnection closing = connection;
        await using LiveSession ending = session;
        connection.ReportShown(connection.Status);
        await BeatAsync(connection);
        OperationPermit view = await session.PermitAsync(Operations.ViewScreen, Cancel);
        for (int half = 1; half < 4; half++) await BeatAsync(connection);

        Assert.Throws<AccessRefusedException>(view.Demand);
        Assert.Equal(RefusalReason.None, session.EndReason);
        for (int half = 4; half < 10; half++) await BeatAsync(connection);
        Assert.Equal(RefusalReason.SurfaceLost, session.EndReason);
        Assert.True(connection.IsConnected);
        Assert.Equal(RefusalReason.SurfaceLost, (await TrustFixture.AdmitAsync(trust, fixture.Request(grant))).Refusal);

        // The thread draws again.
        connection.ReportShown(connection.Status);
        await connection.Reported;
        await connection.ReadHistoryAsync(0, 1, Cancel);
        Assert.Equal(RefusalReason.None, (await TrustFixture.AdmitAsync(trust, fixture.Request(grant))).Refusal);
    }

    /// <summary>Reported all the time, of looks that another program took a while, or a second, before.</summary>
    [Theory]
    [InlineData(300, RefusalReason.None)]
    [InlineData(1000, RefusalReason.SurfaceLost)]
    public async Task ReportShown_OfAnEarlierLook_CountsFromThenAndNotFromNow(int milliseconds, RefusalReason end)
    {
        (_, _, SurfaceConnection connection, LiveSession session) = await ShownAsync();
        await using SurfaceConnection closing = connection;
        await using LiveSession ending = session;
        for (int half = 0; half < 12; half++)
        {
            connection.ReportShown(connection.Status, TimeSpan.FromMilliseconds(milliseconds));
            await BeatAsync(connection);
        }

        Assert.Equal(end, session.EndReason);
        Assert.Throws<ArgumentOutOfRangeException>(() => connection.ReportShown(connection.Status, TimeSpan.FromMilliseconds(-1)));
    }

    [Fact]
    public async Task ReportShown_StatusBeforeTheSession_DoesNotCount()
    {
        TrustFlow trust = fixture.Open(Wanted);
        Grant grant = await fixture.GrantAsync(trust);
        await using SurfaceConnection connection = await OpenAsync();
        LiveSession? session = null;
        SurfaceStatus before = connection.Status;
        await Patience.UntilAsync(async () =>
        {
            connection.ReportShown(before = connection.Status);
            return (session = await TryConnectAsync(trust, grant)) is not null;
        });
        await using LiveSession closing = session!;
        await Patience.UntilAsync(() => connection.Status.Sessions.Count == 1);

        // Its window hangs in what was so before, and its messages do not.
        for (int half = 0; half < 10; half++)
        {
            connection.ReportShown(before);
            await BeatAsync(connection);
        }

        Assert.Equal(RefusalReason.SurfaceLost, session!.EndReason);
    }

    [Fact]
    public async Task Open_NoAgent_IsASentence()
    {
        fixture.Open();

        SurfaceException failure = await Assert.ThrowsAsync<SurfaceException>(() => SurfaceConnection.OpenAsync(fixture.State, Cancel));

        Assert.Contains("cannot be reached", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<SurfaceException>(() => SurfaceConnection.OpenAsync(Path.Combine(fixture.Root, "nowhere"), Cancel));
        await Assert.ThrowsAsync<SurfaceException>(() => SurfaceConnection.OpenAsync(Path.Combine(fixture.Root, new string('x', 200)), Cancel));
    }

    [Trait("Platform", "Unix")]
    [Fact]
    public async Task Open_TurnedAway_IsASentence()
    {
        fixture.Open(Wanted with { SurfaceUser = _ => 4711 });

        SurfaceException failure = await Assert.ThrowsAsync<SurfaceException>(OpenAsync);

        Assert.Contains("does not accept", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requirement_WithAListenerOfItsOwn_ServesWhomThatLetsInUnderItsName()
    {
        (MemoryLink agent, MemoryLink surface) = MemoryLink.CreatePair();
        var listener = new OneCaller(new SurfaceCaller(agent, "front desk"));
        TrustFlow trust = fixture.Open(fixture.Options with { Surface = new SurfaceRequirement { Listen = () => listener } });
        await using SurfaceConnection connection = await SurfaceConnection.OpenAsync(_ => Task.FromResult<ILink>(surface), CultureInfo.InvariantCulture, fixture.Time, Cancel);

        await connection.DoAsync(new SurfaceAction.Block(null), Cancel);

        Assert.Equal("front desk", (string?)Assert.Single(TrustFixture.History(trust, "access.blocked")).Actor()["name"]);
        await trust.DisposeAsync();
        Assert.True(listener.IsDisposed);
    }

    [Fact]
    public async Task AgentStops_IsSaidOnceAndStaysSo()
    {
        TrustFlow trust = fixture.Open(Wanted);
        await using SurfaceConnection connection = await OpenAsync();
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.StatusChanged += (_, _) =>
        {
            if (!connection.IsConnected) gone.SetResult();
        };

        await trust.DisposeAsync();

        await gone.Task.WaitAsync(TimeSpan.FromMinutes(3), Cancel);
        await Assert.ThrowsAsync<SurfaceException>(() => connection.DoAsync(new SurfaceAction.StopSessions(), Cancel));
        await Assert.ThrowsAsync<SurfaceException>(() => connection.ReadHistoryAsync(0, 1, Cancel));
        connection.ReportShown(connection.Status);
        Assert.Equal("FRONTDESK", connection.Status.ComputerName);
    }

    [Trait("Platform", "Unix")]
    [Fact]
    public async Task AgentFrozen_WhoeverWaitsIsToldAfter10Seconds()
    {
        Directory.CreateDirectory(fixture.State);
        using var agent = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        agent.Bind(new UnixDomainSocketEndPoint(SocketPath));
        agent.Listen();
        Task<Socket> accepting = agent.AcceptAsync(Cancel).AsTask();
        Task<SurfaceConnection> opening = OpenAsync();
        using Socket link = await accepting;
        link.Send("""{"version":1,"number":1,"status":{"computer":"X","troubleWhy":"","troublePath":"","canStorePasswords":false,"folders":[],"foldersDamaged":false,"grants":[],"sessions":[],"notices":[]}}"""u8.ToArray());
        link.Send("\n"u8.ToArray());
        await using SurfaceConnection connection = await opening;
        Task stopping = connection.DoAsync(new SurfaceAction.StopSessions(), Cancel);
        fixture.Time.Advance(SurfaceConnection.SilenceLimit - TimeSpan.FromMilliseconds(1));
        Assert.True(connection.IsConnected);

        fixture.Time.Advance(TimeSpan.FromMilliseconds(1));

        await Assert.ThrowsAsync<SurfaceException>(() => stopping.WaitAsync(TimeSpan.FromMinutes(3), Cancel));
        Assert.False(connection.IsConnected);
    }

    public static TheoryData<string> NotAnAgent =>
    [
        "garbage\n", "[]\n", """{"version":2,"number":1,"status":{"computer":"X","troubleWhy":"","troublePath":"","canStorePasswords":false,"folders":[],"foldersDamaged":false,"grants":[],"sessions":[],"notices":[]}}""" + "\n", """{"version":1,"number":1,"status":{}}""" + "\n",
        """{"version":1,"number":1,"status":{"computer":"X","troubleWhy":"","troublePath":"","canStorePasswords":false,"folders":[],"foldersDamaged":false,"grants":[{}],"sessions":[],"notices":[]}}""" + "\n", "",
    ];

    [Trait("Platform", "Unix")]
    [Theory]
    [MemberData(nameof(NotAnAgent))]
    public async Task Open_WhatAnswersIsNoAgent_IsASentence(string answer)
    {
        Directory.CreateDirectory(fixture.State);
        using var agent = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        agent.Bind(new UnixDomainSocketEndPoint(SocketPath));
        agent.Listen();
        Task<Socket> accepting = agent.AcceptAsync(Cancel).AsTask();
        Task<SurfaceConnection> opening = OpenAsync();
        using (Socket link = await accepting) link.Send(Encoding.UTF8.GetBytes(answer));

        await Assert.ThrowsAsync<SurfaceException>(() => opening.WaitAsync(TimeSpan.FromMinutes(3), Cancel));
    }

    [Fact]
    public async Task Do_ManyAtOnce_EachGetsItsAnswer()
    {
        TrustFlow trust = fixture.Open(Wanted);
        await using SurfaceConnection connection = await OpenAsync();

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => connection.DoAsync(new SurfaceAction.StopSessions(), Cancel)));

        Assert.Equal(10, TrustFixture.History(trust, "sessions.stopped").Count);
    }

    private async Task<(TrustFlow Trust, Grant Grant, SurfaceConnection Connection, LiveSession Session)> ShownAsync()
    {
        TrustFlow trust = fixture.Open(Wanted);
        Grant grant = await fixture.GrantAsync(trust);
        SurfaceConnection connection = await OpenAsync();
        LiveSession? session = null;
        await Patience.UntilAsync(async () =>
        {
            connection.ReportShown(connection.Status);
            return (session = await TryConnectAsync(trust, grant)) is not null;
        });
        await Patience.UntilAsync(() => connection.Status.Sessions.Count == 1);
        return (trust, grant, connection, session!);
    }

    /// <summary>A heartbeat's time passes, when what was reported before is heard. What is asked after a heartbeat is answered after it was heard.</summary>
    private async Task BeatAsync(SurfaceConnection connection)
    {
        await connection.Reported;
        await connection.ReadHistoryAsync(0, 1, Cancel);
        long before = connection.Beats;
        fixture.Time.Advance(SurfaceConnection.HeartbeatPeriod);
        await Patience.UntilAsync(() => connection.Beats > before);
        await connection.ReadHistoryAsync(0, 1, Cancel);
    }

    private TrustOptions Wanted => fixture.Options with { Surface = new SurfaceRequirement() };

    private Task<SurfaceConnection> OpenAsync() => SurfaceConnection.OpenAsync(token => SurfaceLinks.ConnectAsync(fixture.State, token), CultureInfo.InvariantCulture, fixture.Time, Cancel);

    private async Task<LiveSession?> TryConnectAsync(TrustFlow trust, Grant grant)
    {
        AccessGate gate = trust.Gate;
        PakeAdmission admission = await gate.AdmitAsync(fixture.Request(grant), Cancel);
        return admission.Refusal != RefusalReason.None ? null : (await gate.AcceptAsync(admission, Guid.NewGuid().ToByteArray(), Cancel)).Session;
    }

    private sealed class OneCaller(SurfaceCaller caller) : ISurfaceListener
    {
        private SurfaceCaller? next = caller;

        public bool IsDisposed { get; private set; }

        public async ValueTask<SurfaceCaller> AcceptAsync(CancellationToken cancellationToken)
        {
            if (Interlocked.Exchange(ref next, null) is { } first) return first;
            await Task.Delay(Timeout.Infinite, cancellationToken);
            throw new InvalidOperationException();
        }

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return ValueTask.CompletedTask;
        }
    }
}
