using System.Globalization;
using RemoteAccess.Picture;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>Sessions over lock and unlock, with the strip of the helper where the surface cannot be: the agent's own trust store, a clock that the test moves, a helper over memory.</summary>
public sealed class LockScreenSessionTests : IAsyncLifetime
{
    private const Operations Wanted = Operations.ViewScreen | Operations.ControlInput | Operations.Chat;

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    private readonly TrustFixture fixture = new();
    private readonly HelperHome home = new();
    private readonly FakeStrip strip = new();
    private readonly UsersSurface user = new();
    private TrustFlow? trust;
    private volatile int screen = 1;
    private Grant? grant;
    private HelperInMemory? helper;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private TrustFlow Trust => trust!;

    public async ValueTask InitializeAsync()
    {
        trust = fixture.Open(fixture.Options with
        {
            Surface = new SurfaceRequirement { Listen = () => new SurfaceOrStripListener(user, home, session => session == screen, CultureInfo.GetCultureInfo("de-DE"), fixture.Time) },
        });
        grant = await fixture.GrantAsync(trust, fixture.Terms(Wanted));
        helper = await HelperInMemory.StartAsync(home, new FakeSession { Strip = strip });
    }

    public async ValueTask DisposeAsync()
    {
        if (helper is not null) await helper.DisposeAsync();
        await user.LogOffAsync();
        await fixture.DisposeAsync();
    }

    [Fact]
    public async Task LockAndUnlock_StripAndSurfaceTakeTurns_TheSessionLivesOn()
    {
        await user.LogOnAsync(fixture.Time);
        await PassAsync(Step, isUserSeen: true);
        await using LiveSession session = await ConnectAsync(isUserSeen: true);

        for (int turn = 0; turn < 3; turn++)
        {
            strip.IsSeen = true;
            await PassAsync(TimeSpan.FromSeconds(6), isUserSeen: false);
            (await session.PermitAsync(Operations.ViewScreen, Cancel)).Demand();
            Assert.Contains("Alex Tester", strip.Words!.Headline, StringComparison.Ordinal);
            Assert.Contains("Seit", strip.Words.Note, StringComparison.OrdinalIgnoreCase);
            strip.IsSeen = false;
            await PassAsync(TimeSpan.FromSeconds(6), isUserSeen: true);
            (await session.PermitAsync(Operations.ControlInput, Cancel)).Demand();
        }

        Assert.Equal(RefusalReason.None, session.EndReason);
        Assert.Equal("de-DE", Assert.Single(strip.Cultures).Name);
    }

    /// <summary>However the helper fails to show it: it says so, it says nothing, it is gone, it is on a desktop that the screen does not show.</summary>
    [Theory]
    [InlineData("elsewhere")]
    [InlineData("not seen")]
    [InlineData("silent")]
    [InlineData("gone")]
    public async Task Lock_WhereTheHelperShowsNothing_NobodyWatchesAfter2SecondsAndTheSessionEndsAfter5(string how)
    {
        await user.LogOnAsync(fixture.Time);
        await PassAsync(Step, isUserSeen: true);
        await using LiveSession session = await ConnectAsync(isUserSeen: true);
        OperationPermit view = await session.PermitAsync(Operations.ViewScreen, Cancel), chat = await session.PermitAsync(Operations.Chat, Cancel);
        if (how == "elsewhere") (screen, strip.IsSeen) = (2, true);
        if (how == "silent") await StickAsync();
        if (how == "gone") await EndHelperAsync();
        await user.ReportAsync(isSeen: false);
        TimeSpan locked = fixture.Time.Elapsed;

        await DarkAsync(locked + TimeSpan.FromSeconds(2));
        Assert.Throws<AccessRefusedException>(view.Demand);
        chat.Demand();
        await DarkAsync(locked + TimeSpan.FromSeconds(5));

        Assert.Equal(RefusalReason.SurfaceLost, await TrustFixture.EndOfAsync(session));
        Assert.Throws<AccessRefusedException>(chat.Demand);
    }

    [Fact]
    public async Task Lock_WithAHelperThatDies_TheNextOneWithin5SecondsCarriesTheSessionOn()
    {
        await user.LogOnAsync(fixture.Time);
        await PassAsync(Step, isUserSeen: true);
        await using LiveSession session = await ConnectAsync(isUserSeen: true);
        strip.IsSeen = true;
        await PassAsync(TimeSpan.FromSeconds(3), isUserSeen: false);
        await EndHelperAsync();
        await DarkAsync(fixture.Time.Elapsed + TimeSpan.FromSeconds(3));
        Assert.Equal(RefusalReason.SurfaceLost, (await Assert.ThrowsAsync<AccessRefusedException>(() => session.PermitAsync(Operations.ViewScreen, Cancel).AsTask())).Reason);

        helper = await HelperInMemory.StartAsync(home, new FakeSession { Strip = strip });
        await PassAsync(TimeSpan.FromSeconds(6), isUserSeen: false);

        (await session.PermitAsync(Operations.ViewScreen, Cancel)).Demand();
        Assert.Equal(RefusalReason.None, session.EndReason);
    }

    [Fact]
    public async Task BeforeLogOn_TheStripAloneLetsInAndAnUnseenOneDoesNot()
    {
        // A user's desktop without a surface.
        await DarkAsync(fixture.Time.Elapsed + TimeSpan.FromSeconds(2));
        Assert.Equal(RefusalReason.SurfaceLost, await RefusalAsync());
        strip.IsSeen = true;
        await PassAsync(Step, isUserSeen: false);

        await using LiveSession session = await ConnectAsync(isUserSeen: false);
        await PassAsync(TimeSpan.FromSeconds(10), isUserSeen: false);

        (await session.PermitAsync(Operations.ViewScreen, Cancel)).Demand();
        strip.IsSeen = false;
        await DarkAsync(fixture.Time.Elapsed + TimeSpan.FromSeconds(2));
        Assert.Equal(RefusalReason.SurfaceLost, await RefusalAsync());
    }

    /// <summary>What the strip showed before the session began does not show it, however late the answer comes.</summary>
    [Fact]
    public async Task Answer_ToAQuestionFromBeforeTheSession_DoesNotCountForIt()
    {
        strip.IsSeen = true;
        await PassAsync(Step, isUserSeen: false);
        TaskCompletionSource stuck = await StickAsync();
        await using LiveSession session = await ConnectAsync(isUserSeen: false, waits: false);
        OperationPermit view = await session.PermitAsync(Operations.ViewScreen, Cancel);
        TimeSpan began = fixture.Time.Elapsed;
        await DarkAsync(began + TimeSpan.FromMilliseconds(700));

        // The next question gets no answer either.
        strip.Stuck = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int asked = strip.Asked;
        stuck.SetResult();
        await AsTimePassesAsync(() => strip.Asked > asked, "the strip is asked to show the session");
        await DarkAsync(began + TimeSpan.FromSeconds(2));

        Assert.Throws<AccessRefusedException>(view.Demand);
        await DarkAsync(began + TimeSpan.FromSeconds(5));
        Assert.Equal(RefusalReason.SurfaceLost, await TrustFixture.EndOfAsync(session));
    }

    /// <summary>An answer is as old as its question: a helper that takes its time gains none.</summary>
    [Fact]
    public async Task Answer_ThatTookASecond_IsNoneAndTheSessionEnds()
    {
        strip.IsSeen = true;
        await PassAsync(Step, isUserSeen: false);
        await using LiveSession session = await ConnectAsync(isUserSeen: false);
        TimeSpan from = fixture.Time.Elapsed;
        while (fixture.Time.Elapsed < from + TimeSpan.FromSeconds(6.5))
        {
            TaskCompletionSource stuck = await StickAsync();
            await DarkAsync(fixture.Time.Elapsed + SurfaceConnection.ShownFor);
            strip.Stuck = null;
            stuck.SetResult();
        }

        Assert.Equal(RefusalReason.SurfaceLost, await TrustFixture.EndOfAsync(session));
    }

    [Fact]
    public async Task Stop_AtTheStrip_EndsTheSessionAndIsRecordedAsThat()
    {
        strip.IsSeen = true;
        await PassAsync(Step, isUserSeen: false);
        await using LiveSession session = await ConnectAsync(isUserSeen: false);

        strip.Press();

        RefusalReason end = await TrustFixture.EndOfAsync(session);
        Assert.NotEqual(RefusalReason.SurfaceLost, end);
        await session.DisposeAsync();
        // Who stopped is an entry of its own, after the sessions' ends.
        await Eventually.Is(() => TrustFixture.History(Trust).Any(static entry => entry.Actor().ToJsonString().Contains(SurfaceOrStripListener.Account, StringComparison.Ordinal)), "who stopped is recorded");
        await AsTimePassesAsync(() => strip.Words is null, "the strip goes");
    }

    [Fact]
    public async Task Helper_ThatEnds_LosesItsStripAndAnEndOfTheAgentToo()
    {
        await AsTimePassesAsync(() => strip.Opened == 1, "the strip is opened");

        await Trust.DisposeAsync();

        await Eventually.Is(() => strip.Opened == 0, "the strip is closed");
    }

    private async Task<LiveSession> ConnectAsync(bool isUserSeen, bool waits = true)
    {
        LiveSession session = await TrustFixture.ConnectAsync(Trust, fixture.Request(grant!, Wanted));
        if (waits) await PassAsync(TimeSpan.FromMilliseconds(600), isUserSeen);
        return session;
    }

    private async Task<RefusalReason> RefusalAsync() => (await TrustFixture.AdmitAsync(Trust, fixture.Request(grant!, Wanted))).Refusal;

    /// <summary>Time passes while something shows what is so.</summary>
    private async Task PassAsync(TimeSpan time, bool isUserSeen)
    {
        TimeSpan until = fixture.Time.Elapsed + time;
        while (fixture.Time.Elapsed < until)
        {
            await user.ReportAsync(isUserSeen);
            fixture.Time.Advance(Step);
            // The strip is asked, and answers, in real time; but not before its next turn, which needs time to pass.
            if (!await IsHeardAsync() && fixture.Time.Elapsed >= until) until += Step;
        }
    }

    private async Task<bool> IsHeardAsync()
    {
        long began = System.Diagnostics.Stopwatch.GetTimestamp();
        while (Trust.Surface.Presence!.UnseenFor(0) > TimeSpan.FromMilliseconds(1100))
        {
            if (System.Diagnostics.Stopwatch.GetElapsedTime(began) > TimeSpan.FromMilliseconds(300)) return false;
            await Task.Delay(1, Cancel);
        }
        return true;
    }

    /// <summary>Time passes while nothing shows it.</summary>
    private async Task DarkAsync(TimeSpan until)
    {
        while (fixture.Time.Elapsed < until)
        {
            int asked = strip.Asked;
            fixture.Time.Advance(Step);
            await Task.Yield();
            if (asked != strip.Asked) await Task.Yield();
        }
    }

    /// <summary>The question that is asked next stays without an answer.</summary>
    private async Task<TaskCompletionSource> StickAsync()
    {
        TaskCompletionSource stuck = new(TaskCreationOptions.RunContinuationsAsynchronously);
        strip.Stuck = stuck;
        int asked = strip.Asked;
        await AsTimePassesAsync(() => strip.Asked > asked, "the strip is asked");
        return stuck;
    }

    /// <summary>A little at a time, until it is so.</summary>
    private Task AsTimePassesAsync(Func<bool> condition, string what) => Eventually.Is(() =>
    {
        if (condition()) return true;
        fixture.Time.Advance(TimeSpan.FromMilliseconds(20));
        return false;
    }, what);

    private async Task EndHelperAsync()
    {
        home.Set(null);
        await helper!.DisposeAsync();
        helper = null;
    }

    /// <summary>The surface of a user who logs on and off.</summary>
    private sealed class UsersSurface : ISurfaceListener
    {
        private readonly System.Threading.Channels.Channel<SurfaceCaller> callers = System.Threading.Channels.Channel.CreateUnbounded<SurfaceCaller>();
        private SurfaceConnection? connection;

        public async ValueTask<SurfaceCaller> AcceptAsync(CancellationToken cancellationToken) => await callers.Reader.ReadAsync(cancellationToken);

        public async Task LogOnAsync(TimeProvider time)
        {
            (MemoryLink ours, MemoryLink agents) = MemoryLink.CreatePair();
            callers.Writer.TryWrite(new SurfaceCaller(agents, "FRONTDESK\\Erika"));
            connection = await SurfaceConnection.OpenLinkAsync(_ => Task.FromResult<ILink>(ours), CultureInfo.InvariantCulture, time, Cancel).WaitAsync(Eventually.Limit);
        }

        public async Task LogOffAsync()
        {
            if (connection is not null) await connection.DisposeAsync();
        }

        public async Task ReportAsync(bool isSeen)
        {
            if (connection is null) return;
            connection.ReportShown(isSeen ? connection.Status : null);
            await connection.Reported.WaitAsync(Eventually.Limit);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
