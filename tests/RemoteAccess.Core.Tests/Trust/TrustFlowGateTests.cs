using System.Text.Json.Nodes;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class TrustFlowGateTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Admit_WrongGuesses_FollowTheLadderAndLockForGood()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        ConnectRequest request = fixture.Request(await fixture.GrantAsync(trust));

        int[] delays = [0, 0, 0, 30, 60, 120, 240, 480, 960];
        foreach (int seconds in delays)
        {
            await TrustFixture.FailAsync(trust, request);
            if (seconds == 0) continue;
            PakeAdmission refused = await TrustFixture.AdmitAsync(trust, request);
            Assert.Equal((RefusalReason.LockedOut, TimeSpan.FromSeconds(seconds)), (refused.Refusal, refused.RetryAfter));
            fixture.Time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            Assert.Equal(RefusalReason.LockedOut, (await TrustFixture.AdmitAsync(trust, request)).Refusal);
            fixture.Time.Advance(TimeSpan.FromMilliseconds(1));
        }
        Assert.Equal(9, Assert.Single(trust.Grants).FailedAttempts);
        await TrustFixture.FailAsync(trust, request);

        fixture.Time.Advance(TimeSpan.FromDays(2));
        PakeAdmission locked = await TrustFixture.AdmitAsync(trust, request);
        Assert.Equal((RefusalReason.LockedOut, TimeSpan.Zero), (locked.Refusal, locked.RetryAfter));
        Assert.True(Assert.Single(trust.Grants).NeedsUnlock);
        Assert.True(await trust.UnlockAsync(request.GrantId, "Erika", Cancel));
        await (await TrustFixture.ConnectAsync(trust, request)).DisposeAsync();
    }

    [Fact]
    public async Task Admit_DuringADelay_ChargesNothing()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        ConnectRequest request = fixture.Request(await fixture.GrantAsync(trust));
        for (int i = 0; i < 4; i++) await TrustFixture.FailAsync(trust, request);

        for (int i = 0; i < 5; i++) Assert.Equal(RefusalReason.LockedOut, (await TrustFixture.AdmitAsync(trust, request)).Refusal);

        Assert.Equal(4, Assert.Single(trust.Grants).FailedAttempts);
        Assert.Equal(5, TrustFixture.History(trust, "session.refused").Count);
    }

    [Fact]
    public async Task Admit_AfterAReboot_TheDelayStartsAgainInFull()
    {
        var first = new FakeTime();
        await using var fixture = new TrustFixture { Time = first };
        TrustFlow trust = fixture.Open();
        ConnectRequest request = fixture.Request(await fixture.GrantAsync(trust));
        for (int i = 0; i < 4; i++) await TrustFixture.FailAsync(trust, request);
        first.Advance(TimeSpan.FromSeconds(25));
        await trust.DisposeAsync();

        var afterReboot = new FakeTime(first.GetUtcNow().AddMinutes(10));
        afterReboot.Advance(TimeSpan.FromHours(5));
        var options = new TrustOptions { StateDirectory = fixture.State, TimeProvider = afterReboot, Boot = Guid.NewGuid() };
        await using TrustFlow rebooted = TrustFlow.Open(options);

        Assert.Equal(TimeSpan.FromSeconds(30), (await TrustFixture.AdmitAsync(rebooted, request)).RetryAfter);
        afterReboot.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(TimeSpan.FromSeconds(1), (await TrustFixture.AdmitAsync(rebooted, request)).RetryAfter);
        afterReboot.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(RefusalReason.None, (await TrustFixture.AdmitAsync(rebooted, request)).Refusal);
    }

    [Fact]
    public async Task Admit_WallClockSetForward_DoesNotShortenTheDelay()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        ConnectRequest request = fixture.Request(await fixture.GrantAsync(trust));
        for (int i = 0; i < 4; i++) await TrustFixture.FailAsync(trust, request);

        fixture.Time.ShiftWallClock(TimeSpan.FromDays(1));

        Assert.Equal(TimeSpan.FromSeconds(30), (await TrustFixture.AdmitAsync(trust, request)).RetryAfter);
    }

    [Fact]
    public async Task Accept_AfterFailures_TellsHowManyAndStartsAnew()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        ConnectRequest request = fixture.Request(await fixture.GrantAsync(trust));
        DateTimeOffset first = fixture.Time.GetUtcNow();
        await TrustFixture.FailAsync(trust, request);
        fixture.Time.Advance(TimeSpan.FromMinutes(1));
        await TrustFixture.FailAsync(trust, request);

        await using LiveSession session = await TrustFixture.ConnectAsync(trust, request);

        Assert.Equal(new FailedAttempts(2, first), session.FailedAttempts);
        Assert.Equal(0, Assert.Single(trust.Grants).FailedAttempts);
        Assert.Equal(2, (int?)Assert.Single(TrustFixture.History(trust, "session.accepted")).Data()["failedAttempts"]);
        await session.EndAsync(RefusalReason.SessionEnded, "", Cancel);
        await using LiveSession next = await TrustFixture.ConnectAsync(trust, request);
        Assert.Equal(0, next.FailedAttempts.Count);
    }

    [Fact]
    public async Task Admit_WhileAnotherIsUnderWay_IsBusyInThisProcessAndInOthers()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open(), other = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust), second = await fixture.GrantAsync(trust);
        PakeAdmission first = await TrustFixture.AdmitAsync(trust, fixture.Request(grant));

        Assert.Equal(RefusalReason.None, first.Refusal);
        Assert.Equal(RefusalReason.Busy, (await TrustFixture.AdmitAsync(trust, fixture.Request(grant))).Refusal);
        Assert.Equal(RefusalReason.Busy, (await TrustFixture.AdmitAsync(other, fixture.Request(grant))).Refusal);
        Assert.Equal(RefusalReason.None, (await TrustFixture.AdmitAsync(other, fixture.Request(second))).Refusal);
        Assert.Equal(1, trust.Grants.Single(summary => summary.Id.Span.SequenceEqual(grant.Id.Span)).FailedAttempts);
        await trust.Gate.AbandonAsync(first, Cancel);
        Assert.Equal(RefusalReason.None, (await TrustFixture.AdmitAsync(other, fixture.Request(grant))).Refusal);
    }

    [Fact]
    public async Task Abandon_Admission_KeepsTheChargeAndRecordsIt()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust);

        await TrustFixture.FailAsync(trust, fixture.Request(grant));

        Assert.Equal(1, Assert.Single(trust.Grants).FailedAttempts);
        LedgerEntry entry = Assert.Single(TrustFixture.History(trust, "session.abandoned"));
        Assert.Equal("Alex Tester", (string?)entry.Actor()["name"]);
        Assert.Equal("Ticket 4711", (string?)entry.Data()["reason"]);
    }

    [Fact]
    public async Task Dispose_AdmissionOutstanding_RecordsItAsAbandoned()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust);
        await TrustFixture.AdmitAsync(trust, fixture.Request(grant));

        await trust.DisposeAsync();

        TrustFlow again = fixture.Open();
        Assert.Single(TrustFixture.History(again, "session.abandoned"));
        Assert.Equal(1, Assert.Single(again.Grants).FailedAttempts);
    }

    [Fact]
    public async Task Admit_RefusedByARule_IsRecordedAndChargesNothing()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust, fixture.Terms(policy: new GrantPolicy { ReasonRequired = true }));
        ConnectRequest good = fixture.Request(grant);
        (ConnectRequest Request, RefusalReason Reason)[] cases =
        [
            (good with { GrantId = new byte[16] }, RefusalReason.GrantUnknown),
            (good with { GrantId = new byte[3] }, RefusalReason.GrantUnknown),
            (good with { GrantDigest = new byte[32] }, RefusalReason.GrantChanged),
            (good with { Suite = 0 }, RefusalReason.SuiteTooWeak),
            (good with { Wanted = Operations.RunCommands }, RefusalReason.OperationNotGranted),
            (good with { Reason = "" }, RefusalReason.ReasonRequired),
        ];

        foreach ((ConnectRequest request, RefusalReason reason) in cases)
        {
            PakeAdmission refused = await TrustFixture.AdmitAsync(trust, request);
            Assert.Equal(reason, refused.Refusal);
            Assert.Null(refused.Verifier);
        }
        Assert.Equal(cases.Select(item => item.Reason.ToString()), TrustFixture.History(trust, "session.refused").Select(entry => (string?)entry.Data()["refusal"]));
        Assert.Equal(0, Assert.Single(trust.Grants).FailedAttempts);
    }

    [Fact]
    public async Task Admit_TechnicianOfAnotherTenant_LearnsNothing()
    {
        await using var fixture = new TrustFixture();
        using TenantIdentity stranger = TenantIdentity.Create(Path.Combine(fixture.Root, "stranger"));
        TrustFlow trust = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust);
        await trust.RevokeAsync(grant.Id, "Erika", Cancel);

        Assert.Equal(RefusalReason.GrantUnknown, (await TrustFixture.AdmitAsync(trust, fixture.Request(grant, tenant: stranger))).Refusal);
    }

    [Fact]
    public async Task Accept_RevokedBetweenAdmissionAndAcceptance_RefusesAndRecordsNoSession()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open(), other = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust);
        PakeAdmission admission = await TrustFixture.AdmitAsync(trust, fixture.Request(grant));
        await other.RevokeAsync(grant.Id, "Erika", Cancel);

        SessionDecision decision = await trust.Gate.AcceptAsync(admission, new byte[16], Cancel);

        Assert.Equal(RefusalReason.Revoked, decision.Refusal);
        Assert.Null(decision.Session);
        Assert.Empty(TrustFixture.History(trust, "session.accepted"));
        Assert.Equal("Revoked", (string?)Assert.Single(TrustFixture.History(trust, "session.refused")).Data()["refusal"]);
    }

    [Fact]
    public async Task Accept_SameAdmissionTwice_Throws()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        PakeAdmission admission = await TrustFixture.AdmitAsync(trust, fixture.Request(await fixture.GrantAsync(trust)));
        AccessGate gate = trust.Gate;
        await using LiveSession? session = (await gate.AcceptAsync(admission, new byte[16], Cancel)).Session;

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await gate.AcceptAsync(admission, new byte[16], Cancel));
        await gate.AbandonAsync(admission, Cancel);
        Assert.Empty(TrustFixture.History(trust, "session.abandoned"));
        Assert.True(admission.Verifier?.W0.All(value => value == 0));
    }

    [Fact]
    public async Task TryGetTenantKey_TenantsOfLiveGrantsOnly()
    {
        await using var fixture = new TrustFixture();
        using TenantIdentity other = TenantIdentity.Create(Path.Combine(fixture.Root, "other"));
        TrustFlow trust = fixture.Open();
        await fixture.GrantAsync(trust);
        AccessGate gate = trust.Gate;
        byte[] key = new byte[65];

        Assert.True(gate.TryGetTenantKey(WireIdentity.Tenant(fixture.Tenant.PublicKey.Span), key));
        Assert.Equal(fixture.Tenant.PublicKey.ToArray(), key);
        Assert.False(gate.TryGetTenantKey(WireIdentity.Tenant(other.PublicKey.Span), key));
        fixture.Time.Advance(TimeSpan.FromDays(31));
        Assert.False(gate.TryGetTenantKey(WireIdentity.Tenant(fixture.Tenant.PublicKey.Span), key));
    }

    [Fact]
    public async Task CountPreGateReject_Many_GiveOneEntryAMinuteAndOneAtTheEnd()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        AccessGate gate = trust.Gate;
        for (int i = 0; i < 500; i++) gate.CountPreGateReject(PreGateFailure.Malformed);
        gate.CountPreGateReject(PreGateFailure.Signature);

        fixture.Time.Advance(TimeSpan.FromMinutes(1));
        JsonObject counts = await TrustFixture.EventuallyAsync(() => TrustFixture.History(trust, "session.rejected.summary").SingleOrDefault()?.Data()["counts"]?.AsObject());
        Assert.Equal((500, 1, 2), ((int?)counts["Malformed"], (int?)counts["Signature"], counts.Count));
        gate.CountPreGateReject(PreGateFailure.TimedOut);
        await trust.DisposeAsync();

        IReadOnlyList<LedgerEntry> all = TrustFixture.History(fixture.Open(), "session.rejected.summary");
        Assert.Equal(2, all.Count);
        Assert.Equal(1, (int?)all[1].Data()["counts"]?["TimedOut"]);
    }

    [Fact]
    public async Task ResumeToken_IsGoodOnceForTheSameTechnicianWithin15Minutes()
    {
        await using var fixture = new TrustFixture();
        using TenantIdentity stranger = TenantIdentity.Create(Path.Combine(fixture.Root, "stranger"));
        TrustFlow trust = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust);
        async Task<(bool Resumed, ReadOnlyMemory<byte> Next)> Connect(ReadOnlyMemory<byte> token)
        {
            await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant) with { ResumeToken = token });
            return (session.IsResumed, session.ResumeToken);
        }

        (bool resumed, ReadOnlyMemory<byte> token) = await Connect(default);
        Assert.False(resumed);
        Assert.Equal(32, token.Length);
        Assert.False((await Connect(new byte[32])).Resumed);
        fixture.Time.Advance(TimeSpan.FromMinutes(15));
        (resumed, ReadOnlyMemory<byte> next) = await Connect(token);
        Assert.True(resumed);
        Assert.False((await Connect(token)).Resumed);
        fixture.Time.Advance(TimeSpan.FromMinutes(15) + TimeSpan.FromSeconds(1));
        Assert.False((await Connect(next)).Resumed);
        Assert.Equal([false, false, true, false, false], TrustFixture.History(trust, "session.accepted").Select(entry => (bool?)entry.Data()["resumed"]));
    }

    [Fact]
    public async Task ResumeToken_OfAnotherTechnicianOrClockSetBack_IsNotGood()
    {
        await using var fixture = new TrustFixture();
        string path = Path.Combine(fixture.Root, "resume");
        ResumeTokens.Create(path, "g");
        var tokens = new ResumeTokens(path, "g", fixture.Time);

        Assert.False(tokens.TryConsume(tokens.Issue("alice"u8), "bob"u8));
        byte[] token = tokens.Issue("alice"u8);
        fixture.Time.ShiftWallClock(TimeSpan.FromSeconds(-1));
        Assert.False(tokens.TryConsume(token, "alice"u8));
        byte[] oldest = tokens.Issue("alice"u8);
        for (int i = 0; i < 8; i++) tokens.Issue("alice"u8);
        Assert.False(tokens.TryConsume(oldest, "alice"u8));
        byte[] last = tokens.Issue("alice"u8);
        Assert.DoesNotContain(Convert.ToHexString(last), Convert.ToHexString(await File.ReadAllBytesAsync(path, Cancel)), StringComparison.Ordinal);
        Assert.True(tokens.TryConsume(last, "alice"u8));
    }

    /// <summary>A person's yes is on the disk with the token, worth three at most, and goes with it.</summary>
    [Fact]
    public async Task ResumeTokens_WithAYes_KeepItOverAnotherProcess()
    {
        await using var fixture = new TrustFixture();
        string path = Path.Combine(fixture.Root, "agreed");
        ResumeTokens.Create(path, "g");
        ResumeTokens tokens = new(path, "g", fixture.Time);
        byte[] yes = tokens.Issue("alice"u8, ResumeTokens.MostAgreed, Operations.ViewScreen | Operations.Restart), none = tokens.Issue("alice"u8);
        Assert.Throws<ArgumentOutOfRangeException>(() => tokens.Issue("alice"u8, ResumeTokens.MostAgreed + 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => tokens.Issue("alice"u8, -1));
        fixture.Time.Advance(ResumeTokens.Lifetime);

        ResumeTokens after = new(path, "g", fixture.Time);
        Assert.True(after.TryConsume(yes, "alice"u8, Operations.ViewScreen, out int agreed));
        Assert.Equal(3, agreed);
        Assert.True(after.TryConsume(none, "alice"u8, Operations.None, out agreed));
        Assert.Equal(0, agreed);
        Assert.False(after.TryConsume(yes, "alice"u8, Operations.ViewScreen, out agreed));
        Assert.Equal(0, agreed);
        byte[] late = after.Issue("alice"u8, 3);
        fixture.Time.Advance(ResumeTokens.Lifetime + TimeSpan.FromMilliseconds(1));
        Assert.False(after.TryConsume(late, "alice"u8, Operations.None, out agreed));
        Assert.Equal(0, agreed);
        Assert.True(after.TryConsume(after.Issue("alice"u8, 3, Operations.ViewScreen), "alice"u8, Operations.ViewScreen | Operations.ControlInput, out agreed));
        Assert.Equal(0, agreed);
    }
}
