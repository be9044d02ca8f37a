using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests.Trust;

/// <summary>What happens to sessions when nothing shows them, by a clock that the test moves.</summary>
public sealed class SurfaceRuleTests : IAsyncDisposable
{
    private const Operations Wanted = Operations.ViewScreen | Operations.ControlInput | Operations.Chat;

    private readonly TrustFixture fixture = new();
    private readonly List<RawSurface> surfaces = [];

    public enum Loss { Frozen, NotShown, Killed }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (RawSurface surface in surfaces) surface.Dispose();
        await fixture.DisposeAsync();
    }

    [Fact]
    public async Task Begin_NoSurface_IsRefusedBeforeTheCodeAndRecorded()
    {
        (TrustFlow trust, Grant grant) = await OpenAsync();

        PakeAdmission admission = await TrustFixture.AdmitAsync(trust, fixture.Request(grant));

        Assert.Equal(RefusalReason.SurfaceLost, admission.Refusal);
        Assert.Equal("SurfaceLost", (string?)Assert.Single(TrustFixture.History(trust, "session.refused")).Data()["refusal"]);
        Assert.Equal(0, trust.Grants[0].FailedAttempts);
    }

    [Fact]
    public async Task Begin_SurfaceNotShownSilentOrGone_IsRefused()
    {
        (TrustFlow trust, Grant grant) = await OpenAsync();
        RawSurface surface = Connect();
        await surface.ShowAsync(false);
        Assert.Equal(RefusalReason.SurfaceLost, await GateAsync(trust, grant));
        await surface.ShowAsync(true);
        Assert.Equal(RefusalReason.None, await GateAsync(trust, grant));
        fixture.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(RefusalReason.SurfaceLost, await GateAsync(trust, grant));
        await surface.ShowAsync(true);
        await surface.ShowAsync(false);
        Assert.Equal(RefusalReason.SurfaceLost, await GateAsync(trust, grant));
        await surface.ShowAsync(true);

        surface.Dispose();

        await Patience.UntilAsync(async () => await GateAsync(trust, grant) == RefusalReason.SurfaceLost);
    }

    [Theory]
    [InlineData(1999L, RefusalReason.None)]
    [InlineData(2000L, RefusalReason.SurfaceLost)]
    [InlineData(long.MaxValue, RefusalReason.SurfaceLost)]
    [InlineData(-1L, RefusalReason.None)]
    public async Task Begin_HeartbeatThatTellsOfAnEarlierLook_CountsFromThatLook(long age, RefusalReason expected)
    {
        (TrustFlow trust, Grant grant) = await OpenAsync();
        RawSurface surface = Connect();
        await surface.ShowAsync(false);

        surface.Send($$"""{"shown":true,"seen":{{surface.Seen}},"age":{{age}}}""" + "\n");
        await surface.AskAsync("""{"do":"history","skip":0,"count":1}""");

        Assert.Equal(expected, await GateAsync(trust, grant));
    }

    [Fact]
    public async Task Begin_SurfaceLostBetweenGuessAndAcceptance_IsRefused()
    {
        (TrustFlow trust, Grant grant) = await OpenAsync();
        RawSurface surface = Connect();
        await surface.ShowAsync(true);
        AccessGate gate = trust.Gate;
        PakeAdmission admission = await gate.AdmitAsync(fixture.Request(grant), Cancel);
        fixture.Time.Advance(TimeSpan.FromSeconds(2));

        SessionDecision decision = await gate.AcceptAsync(admission, new byte[16], Cancel);

        Assert.Equal(RefusalReason.SurfaceLost, decision.Refusal);
        Assert.Null(decision.Session);
    }

    [Fact]
    public async Task Explain_NoSurface_SaysSo()
    {
        (TrustFlow trust, Grant grant) = await OpenAsync();

        AccessExplanation explanation = trust.Explain(new AccessInquiry { GrantId = grant.Id, Wanted = Operations.ViewScreen, Reason = "x" });

        Assert.Equal(RefusalReason.SurfaceLost, explanation.Refusal);
        Assert.Contains("nothing at the computer shows", explanation.Sentence, StringComparison.Ordinal);
        Assert.Equal(RefusalReason.None, fixture.Open().Explain(new AccessInquiry { GrantId = grant.Id, Wanted = Operations.ViewScreen, Reason = "x" }).Refusal);
    }

    [Theory]
    [InlineData(Loss.Frozen)]
    [InlineData(Loss.NotShown)]
    [InlineData(Loss.Killed)]
    public async Task Lost_2Seconds_NobodyWatchesOrSteers_5Seconds_TheSessionEnds(Loss loss)
    {
        (TrustFlow trust, Grant grant) = await OpenAsync();
        RawSurface surface = Connect();
        await surface.ShowAsync(true);
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant, Wanted));
        await surface.ShowAsync(true);
        OperationPermit view = await session.PermitAsync(Operations.ViewScreen, Cancel), input = await session.PermitAsync(Operations.ControlInput, Cancel), chat = await session.PermitAsync(Operations.Chat, Cancel);
        if (loss == Loss.Killed) surface.Dispose();

        await PassAsync(TimeSpan.FromMilliseconds(1700));
        view.Demand();
        input.Demand();
        await PassAsync(TimeSpan.FromMilliseconds(300));

        Assert.Equal(RefusalReason.SurfaceLost, Assert.Throws<AccessRefusedException>(view.Demand).Reason);
        Assert.Equal(RefusalReason.SurfaceLost, Assert.Throws<AccessRefusedException>(input.Demand).Reason);
        Assert.Equal(RefusalReason.SurfaceLost, await RefusalAsync(session, Operations.ViewScreen));
        Assert.Equal(RefusalReason.SurfaceLost, await RefusalAsync(session, Operations.ControlInput));
        chat.Demand();
        await PassAsync(TimeSpan.FromMilliseconds(2700));
        Assert.Equal(RefusalReason.None, session.EndReason);
        await PassAsync(TimeSpan.FromMilliseconds(300));

        Assert.Equal(RefusalReason.SurfaceLost, session.EndReason);
        Assert.Equal(RefusalReason.SurfaceLost, await TrustFixture.EndOfAsync(session));
        Assert.Equal(RefusalReason.SurfaceLost, Assert.Throws<AccessRefusedException>(chat.Demand).Reason);
        await session.DisposeAsync();
        Assert.Equal("SurfaceLost", (string?)Assert.Single(TrustFixture.History(trust, "session.ended")).Data()["reason"]);
        Assert.True(trust.VerifyLedger().Ok);

        async Task PassAsync(TimeSpan time)
        {
            if (loss == Loss.NotShown) await surface.ShowAsync(false);
            fixture.Time.Advance(time);
        }
    }

    /// <summary>The watch rests for half a second at most and then until the moment itself; whenever the last word came, nobody watches longer than promised.</summary>
    [Fact]
    public async Task Lost_AtAnyMomentBetweenTwoLooks_StopsAndEndsInTime()
    {
        (TrustFlow trust, Grant grant) = await OpenAsync();
        RawSurface surface = Connect();
        for (int phase = 0; phase <= 700; phase += 70)
        {
            await surface.ShowAsync(true);
            await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant, Wanted));
            OperationPermit view = await session.PermitAsync(Operations.ViewScreen, Cancel);
            for (int i = 0; i < 3; i++)
            {
                await surface.ShowAsync(true);
                fixture.Time.Advance(TimeSpan.FromMilliseconds(500 + phase));
            }
            await surface.ShowAsync(true);

            fixture.Time.Advance(TimeSpan.FromMilliseconds(1750));
            view.Demand();
            fixture.Time.Advance(TimeSpan.FromMilliseconds(250));
            Assert.Equal(RefusalReason.SurfaceLost, Assert.Throws<AccessRefusedException>(view.Demand).Reason);
            fixture.Time.Advance(TimeSpan.FromMilliseconds(2500));
            Assert.Equal(RefusalReason.None, session.EndReason);
            fixture.Time.Advance(TimeSpan.FromMilliseconds(500));
            Assert.Equal(RefusalReason.SurfaceLost, session.EndReason);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Back_Within5Seconds_TheSessionGoesOn(bool reconnects)
    {
        (TrustFlow trust, Grant grant) = await OpenAsync();
        RawSurface surface = Connect();
        await surface.ShowAsync(true);
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant, Wanted));
        await surface.ShowAsync(true);
        OperationPermit before = await session.PermitAsync(Operations.ViewScreen, Cancel);
        Task waiting = session.WaitUntilSeenAsync(Cancel);
        Assert.True(waiting.IsCompleted);
        fixture.Time.Advance(TimeSpan.FromSeconds(4));
        waiting = session.WaitUntilSeenAsync(Cancel);
        Assert.False(waiting.IsCompleted);

        if (reconnects)
        {
            surface.Dispose();
            surface = Connect();
        }
        await surface.ShowAsync(true);
        fixture.Time.Advance(SurfaceWatch.Period);

        await waiting.WaitAsync(TimeSpan.FromMinutes(3), Cancel);
        (await session.PermitAsync(Operations.ViewScreen, Cancel)).Demand();
        (await session.PermitAsync(Operations.ControlInput, Cancel)).Demand();
        Assert.Equal(RefusalReason.SurfaceLost, Assert.Throws<AccessRefusedException>(before.Demand).Reason);
        for (int second = 0; second < 10; second++)
        {
            await surface.ShowAsync(true);
            fixture.Time.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.Equal(RefusalReason.None, session.EndReason);
        (await session.PermitAsync(Operations.ViewScreen, Cancel)).Demand();
    }

    [Fact]
    public async Task TwoSurfaces_OneShows_IsEnough()
    {
        (TrustFlow trust, Grant grant) = await OpenAsync();
        RawSurface one = Connect(), other = Connect();
        await one.ShowAsync(true);
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant, Wanted));
        OperationPermit view = await session.PermitAsync(Operations.ViewScreen, Cancel);
        for (int second = 0; second < 8; second++)
        {
            await other.ShowAsync(true);
            await one.ShowAsync(false);
            fixture.Time.Advance(TimeSpan.FromSeconds(1));
        }

        view.Demand();
        await other.ShowAsync(false);
        fixture.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(RefusalReason.SurfaceLost, session.EndReason);
    }

    [Fact]
    public async Task Heartbeat_OfASurfaceThatDoesNotKnowOfTheSession_DoesNotCount()
    {
        (TrustFlow trust, Grant grant) = await OpenAsync();
        RawSurface surface = Connect();
        await surface.ShowAsync(true);
        long before = surface.Seen;
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant, Wanted));
        OperationPermit view = await session.PermitAsync(Operations.ViewScreen, Cancel);
        for (int half = 0; half < 4; half++)
        {
            surface.Send($$"""{"shown":true,"seen":{{before}}}""" + "\n");
            await surface.AskAsync("""{"do":"history","skip":0,"count":1}""");
            fixture.Time.Advance(TimeSpan.FromMilliseconds(500));
        }

        Assert.Equal(RefusalReason.SurfaceLost, Assert.Throws<AccessRefusedException>(view.Demand).Reason);
    }

    [Fact]
    public async Task Session_FreshlyBegun_HasThe2SecondsItself()
    {
        (TrustFlow trust, Grant grant) = await OpenAsync();
        RawSurface surface = Connect();
        await surface.ShowAsync(true);
        fixture.Time.Advance(TimeSpan.FromMilliseconds(1900));
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant, Wanted));
        OperationPermit view = await session.PermitAsync(Operations.ViewScreen, Cancel);

        fixture.Time.Advance(TimeSpan.FromMilliseconds(1700));
        view.Demand();
        fixture.Time.Advance(TimeSpan.FromMilliseconds(300));

        Assert.Throws<AccessRefusedException>(view.Demand);
    }

    [Fact]
    public async Task ClockSetForwardAndBack_ChangesNothing()
    {
        (TrustFlow trust, Grant grant) = await OpenAsync();
        RawSurface surface = Connect();
        await surface.ShowAsync(true);
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant, Wanted));
        await surface.ShowAsync(true);
        OperationPermit view = await session.PermitAsync(Operations.ViewScreen, Cancel);
        fixture.Time.ShiftWallClock(TimeSpan.FromHours(1));
        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        view.Demand();
        fixture.Time.ShiftWallClock(TimeSpan.FromHours(-2));
        fixture.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Throws<AccessRefusedException>(view.Demand);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task NoSurfaceWanted_NothingChanges(bool isSaid)
    {
        TrustFlow trust = fixture.Open(fixture.Options with { Surface = isSaid ? SurfaceRequirement.ShownByHostApplication : null });
        Grant grant = await fixture.GrantAsync(trust);
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant));
        OperationPermit view = await session.PermitAsync(Operations.ViewScreen, Cancel);

        fixture.Time.Advance(TimeSpan.FromMinutes(1));

        view.Demand();
        Assert.False(File.Exists(Path.Combine(fixture.State, "surface")));
    }

    [Fact]
    public void ShownByHostApplication_WithPartsOfARequirement_IsRefused()
    {
        Assert.Throws<ArgumentException>(() => fixture.Open(fixture.Options with { Surface = SurfaceRequirement.ShownByHostApplication with { SocketPath = "/run/x/surface" } }));
        Assert.Throws<ArgumentException>(() => fixture.Open(fixture.Options with { Surface = SurfaceRequirement.ShownByHostApplication with { Users = [1000] } }));
    }

    private static async Task<RefusalReason> RefusalAsync(LiveSession session, Operations operation) =>
        (await Assert.ThrowsAsync<AccessRefusedException>(async () => await session.PermitAsync(operation, Cancel))).Reason;

    private async Task<RefusalReason> GateAsync(TrustFlow trust, Grant grant)
    {
        AccessGate gate = trust.Gate;
        PakeAdmission admission = await gate.AdmitAsync(fixture.Request(grant), Cancel);
        if (admission.Refusal != RefusalReason.None) return admission.Refusal;
        SessionDecision decision = await gate.AcceptAsync(admission, Guid.NewGuid().ToByteArray(), Cancel);
        if (decision.Session is { } session) await session.DisposeAsync();
        return decision.Refusal;
    }

    private RawSurface Connect()
    {
        RawSurface surface = RawSurface.Open(fixture);
        surfaces.Add(surface);
        return surface;
    }

    private async Task<(TrustFlow Trust, Grant Grant)> OpenAsync()
    {
        TrustFlow trust = fixture.Open(fixture.Options with { Surface = new SurfaceRequirement() });
        return (trust, await fixture.GrantAsync(trust, fixture.Terms(Wanted)));
    }
}
