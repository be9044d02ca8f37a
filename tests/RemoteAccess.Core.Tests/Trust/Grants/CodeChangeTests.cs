using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class CodeChangeTests : IAsyncDisposable
{
    private readonly TrustFixture fixture = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ChangeCode_LiveGrant_PutsTheNewOneInItsPlaceAndEndsItsSessions()
    {
        TrustFlow trust = fixture.Open();
        Grant old = await fixture.GrantAsync(trust);
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(old));

        Grant following = Following(trust, old);
        Assert.Equal(CodeChangeOutcome.Changed, await ChangeAsync(trust, old, following));

        Assert.Equal(RefusalReason.Revoked, session.EndReason);
        Assert.Equal(RefusalReason.Revoked, (await TrustFixture.AdmitAsync(trust, fixture.Request(old))).Refusal);
        await (await TrustFixture.ConnectAsync(trust, fixture.Request(following))).DisposeAsync();
        Assert.NotEqual(old.Salt.ToArray(), following.Salt.ToArray());
        Assert.Equal((old.MaxOperations, old.NotBefore, old.NotAfter, old.PolicyJson, old.ConsentedBy), (following.MaxOperations, following.NotBefore, following.NotAfter, following.PolicyJson, following.ConsentedBy));
        Assert.Equal(
            [(Hex(old), GrantState.Revoked, "Contoso:Frontdesk:Erika"), (Hex(following), GrantState.Live, "Contoso:Frontdesk:Erika")],
            trust.Grants.OrderBy(grant => grant.State == GrantState.Live).Select(grant => (Convert.ToHexStringLower(grant.Id.Span), grant.State, grant.Nickname)));
        Assert.False(File.Exists(Path.Combine(fixture.GrantDirectory(old), "verifier")));
        LedgerEntry entry = Assert.Single(TrustFixture.History(trust, "grant.code-changed"));
        Assert.Equal((Hex(old), Hex(following)), (Convert.ToHexStringLower(entry.GrantId.Span), (string?)entry.Data()["following"]));
        Assert.Equal(following.Encoded.ToArray(), Convert.FromBase64String((string)entry.Data()["encoded"]!));
        Assert.Contains($"Erika changed the access code of \"Contoso:Frontdesk:Erika\": the grant is replaced by {Hex(following)}", HistoryLine.Describe(entry), StringComparison.Ordinal);
        Assert.Empty(TrustFixture.History(trust, "grant.revoked"));
        Assert.True(trust.VerifyLedger().Ok);
    }

    [Fact]
    public async Task ChangeCode_ByAnotherProcess_EndsTheSessionWithinASecond()
    {
        TrustFlow trust = fixture.Open(), commandLine = fixture.Open();
        Grant old = await fixture.GrantAsync(trust);
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(old));
        Assert.Equal(CodeChangeOutcome.Changed, await ChangeAsync(commandLine, old, Following(commandLine, old)));

        fixture.Time.Advance(TimeSpan.FromMilliseconds(999));

        Assert.Equal(RefusalReason.Revoked, await TrustFixture.EndOfAsync(session));
    }

    [Fact]
    public async Task ChangeCode_WhileAnAttemptIsUnderWay_AcceptsItNoMore()
    {
        TrustFlow trust = fixture.Open();
        Grant old = await fixture.GrantAsync(trust);
        AccessGate gate = trust.Gate;
        PakeAdmission admission = await gate.AdmitAsync(fixture.Request(old), Cancel);
        Assert.Equal(RefusalReason.None, admission.Refusal);

        // The guess under way is charged, and counts as a failure of the old grant only.
        Assert.Equal(CodeChangeOutcome.Changed, await ChangeAsync(trust, old, Following(trust, old)));

        Assert.Equal(RefusalReason.Revoked, (await gate.AcceptAsync(admission, new byte[16], Cancel)).Refusal);
    }

    [Fact]
    public async Task ChangeCode_NarrowerTerms_AreTaken()
    {
        TrustFlow trust = fixture.Open();
        Grant old = await fixture.GrantAsync(trust);
        GrantTerms narrower = GrantTerms.Of(old) with { Operations = Operations.ViewScreen, NotAfter = old.NotAfter.AddDays(-1), Policy = new GrantPolicy { ReasonRequired = true, InUse = InUseRule.Refuse, SessionCap = TimeSpan.FromHours(1) } };

        Grant following = Following(trust, old, narrower);
        Assert.Equal(CodeChangeOutcome.Changed, await ChangeAsync(trust, old, following));

        // And from there not back again.
        Assert.Throws<ArgumentException>(() => trust.DraftCodeChange(following.Id, GrantTerms.Of(old)));
    }

    public static TheoryData<string> Widenings => ["operations", "notAfter", "notBefore", "reason", "inUse", "credentials", "cap", "recording", "hours", "zone", "window"];

    [Theory]
    [MemberData(nameof(Widenings))]
    public async Task ChangeCode_AnyTermWider_IsRefusedInDraftAndInForce(string term)
    {
        TrustFlow trust = fixture.Open();
        var hours = new WeeklyHours("Europe/Berlin", [new HoursWindow([DayOfWeek.Monday], 480, 1020)]);
        var policy = new GrantPolicy { ReasonRequired = true, InUse = InUseRule.AskThenRefuse, CredentialsRequired = true, SessionCap = TimeSpan.FromHours(1), Hours = hours };
        Grant old = await fixture.GrantAsync(trust, fixture.Terms(Operations.ViewScreen, policy) with { NotBefore = fixture.Time.GetUtcNow() });
        GrantTerms terms = GrantTerms.Of(old), wider = term switch
        {
            "operations" => terms with { Operations = Operations.ViewScreen | Operations.Chat },
            "notAfter" => terms with { NotAfter = terms.NotAfter.AddSeconds(1) },
            "notBefore" => terms with { NotBefore = old.NotBefore.AddSeconds(-1) },
            "reason" => terms with { Policy = policy with { ReasonRequired = false } },
            "inUse" => terms with { Policy = policy with { InUse = InUseRule.AskThenAllow } },
            "credentials" => terms with { Policy = policy with { CredentialsRequired = false } },
            "cap" => terms with { Policy = policy with { SessionCap = TimeSpan.FromMinutes(61) } },
            "recording" => terms with { Policy = policy with { Recording = RecordingRule.Allowed } },
            "hours" => terms with { Policy = policy with { Hours = null } },
            "zone" => terms with { Policy = policy with { Hours = new WeeklyHours("Europe/Paris", hours.Windows) } },
            _ => terms with { Policy = policy with { Hours = new WeeklyHours("Europe/Berlin", [new HoursWindow([DayOfWeek.Monday], 479, 1020)]) } },
        };

        Assert.Throws<ArgumentException>(() => trust.DraftCodeChange(old.Id, wider));
        // Even when both sides have signed it, as for a new consent.
        Grant signed = fixture.Tenant.Countersign(trust.DraftOnSiteGrant(wider, TrustFixture.Consent, fixture.Tenant.PublicKey.Span));
        Assert.Equal(CodeChangeOutcome.Wider, await ChangeAsync(trust, old, signed));
        Assert.Single(trust.Grants);
        Assert.Empty(TrustFixture.History(trust, "grant.code-changed"));
    }

    [Fact]
    public async Task ChangeCode_OtherConsentOrTenant_IsWider()
    {
        TrustFlow trust = fixture.Open();
        Grant old = await fixture.GrantAsync(trust);
        using TenantIdentity other = TenantIdentity.Create(Path.Combine(fixture.Root, "other"));
        Grant elsewhere = other.Countersign(trust.DraftOnSiteGrant(GrantTerms.Of(old), TrustFixture.Consent, other.PublicKey.Span));
        Grant otherText = fixture.Tenant.Countersign(trust.DraftOnSiteGrant(GrantTerms.Of(old), TrustFixture.Consent with { Statement = "Anything." }, fixture.Tenant.PublicKey.Span));

        Assert.Equal([CodeChangeOutcome.Wider, CodeChangeOutcome.Wider], (CodeChangeOutcome[])[await ChangeAsync(trust, old, elsewhere), await ChangeAsync(trust, old, otherText)]);
        Assert.Throws<ArgumentException>(() => other.Countersign(trust.DraftCodeChange(old.Id, GrantTerms.Of(old))));
    }

    [Fact]
    public async Task ChangeCode_LockedGrant_StaysLockedUntilUnlocked()
    {
        TrustFlow trust = fixture.Open();
        Grant old = await fixture.GrantAsync(trust), following = Following(trust, old);
        for (int i = 0; i < 4; i++) await TrustFixture.FailAsync(trust, fixture.Request(old));
        Assert.Equal(CodeChangeOutcome.LockedOut, await ChangeAsync(trust, old, following));
        for (int i = 4; i < 10; i++)
        {
            fixture.Time.Advance(TimeSpan.FromHours(1));
            await TrustFixture.FailAsync(trust, fixture.Request(old));
        }
        fixture.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(CodeChangeOutcome.LockedOut, await ChangeAsync(trust, old, following));

        Assert.True(await trust.UnlockAsync(old.Id, "Erika", Cancel));

        Assert.Equal(CodeChangeOutcome.Changed, await ChangeAsync(trust, old, following));
        Assert.Equal(0, trust.Grants.Single(grant => grant.State == GrantState.Live).FailedAttempts);
    }

    [Fact]
    public async Task ChangeCode_WhatIsNotLive_IsRefused()
    {
        TrustFlow trust = fixture.Open();
        Grant revoked = await fixture.GrantAsync(trust), over = await fixture.GrantAsync(trust, fixture.Terms() with { NotAfter = fixture.Time.GetUtcNow().AddHours(1) });
        Grant afterRevoked = Following(trust, revoked), afterOver = Following(trust, over);
        await trust.RevokeAsync(revoked.Id, "Erika", Cancel);
        fixture.Time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(CodeChangeOutcome.NotLive, await ChangeAsync(trust, revoked, afterRevoked));
        Assert.Equal(CodeChangeOutcome.NotLive, await ChangeAsync(trust, over, afterOver));
        using AccessVerifier verifier = TrustFixture.AnyVerifier();
        Assert.Equal(CodeChangeOutcome.GrantUnknown, await trust.ChangeCodeAsync(new byte[16], afterOver, verifier, "Erika", Cancel));
        Assert.Throws<ArgumentException>(() => trust.DraftCodeChange(new byte[16], GrantTerms.Of(revoked)));
    }

    [Fact]
    public async Task ChangeCode_Twice_TheSecondTimeOnTheRevokedOrWithAKnownGrant_IsRefused()
    {
        TrustFlow trust = fixture.Open();
        Grant old = await fixture.GrantAsync(trust), following = Following(trust, old), third = Following(trust, old);
        Assert.Equal(CodeChangeOutcome.Changed, await ChangeAsync(trust, old, following));

        Assert.Equal(CodeChangeOutcome.NotLive, await ChangeAsync(trust, old, third));
        Assert.Equal(CodeChangeOutcome.AlreadyKnown, await ChangeAsync(trust, following, following));
        Assert.Equal(2, trust.Grants.Count);
    }

    // Cut off between any two steps, one of both is in force, or the old one is: never both.
    [Fact]
    public async Task Open_ReplacementCutOffBeforeItCounts_HasNotHappened()
    {
        (Grant old, Grant following, string unfinished) = await CutOffAsync(commit: false);

        TrustFlow trust = fixture.Open();

        Assert.False(Directory.Exists(unfinished));
        await (await TrustFixture.ConnectAsync(trust, fixture.Request(old))).DisposeAsync();
        Assert.Equal(RefusalReason.GrantUnknown, (await TrustFixture.AdmitAsync(trust, fixture.Request(following))).Refusal);
    }

    [Fact]
    public async Task Open_ReplacementCutOffAfterItCounts_IsCompleted()
    {
        (Grant old, Grant following, string unfinished) = await CutOffAsync(commit: true);

        TrustFlow trust = fixture.Open();

        Assert.False(Directory.Exists(unfinished));
        await (await TrustFixture.ConnectAsync(trust, fixture.Request(following))).DisposeAsync();
        Assert.Equal(RefusalReason.Revoked, (await TrustFixture.AdmitAsync(trust, fixture.Request(old))).Refusal);
    }

    // The customer's revocation names nothing that takes the grant's place.
    [Fact]
    public async Task Open_ReplacementCutOffAndThenRevoked_DoesNotComeIntoForce()
    {
        TrustFlow running = fixture.Open();
        (Grant old, Grant following, _) = await CutOffAsync(commit: false);
        Assert.True(await running.RevokeAsync(old.Id, "Erika", Cancel));

        TrustFlow trust = fixture.Open();

        Assert.Equal(RefusalReason.GrantUnknown, (await TrustFixture.AdmitAsync(trust, fixture.Request(following))).Refusal);
        Assert.Equal(GrantState.Revoked, Assert.Single(trust.Grants).State);
    }

    [Fact]
    public async Task ChangeCode_SeenByAnotherProcessMeanwhile_BothAreNeverInForce()
    {
        TrustFlow trust = fixture.Open(), other = fixture.Open();
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        Grant current = await fixture.GrantAsync(trust);
        int most = 0, looks = 0;
        Task looking = Task.Run(() =>
        {
            while (!done.IsCancellationRequested)
            {
                // Each look is under the state lock, as the gate's is.
                most = Math.Max(most, ((GrantState[])[.. other.Grants.Select(grant => grant.State)]).Count(state => state == GrantState.Live));
                looks++;
                // The lock is whose who comes first, and who waits for it gives up after 5 s: a look that follows at once would leave a change no moment on a busy machine.
                Thread.Sleep(1);
            }
        }, Cancel);
        for (int i = 0; i < 25; i++)
        {
            Grant following = Following(trust, current);
            Assert.Equal(CodeChangeOutcome.Changed, await ChangeAsync(trust, current, following));
            current = following;
        }
        await done.CancelAsync();
        await looking;

        Assert.True(looks > 0);
        Assert.Equal(1, most);
    }

    public ValueTask DisposeAsync() => fixture.DisposeAsync();

    private static string Hex(Grant grant) => Convert.ToHexStringLower(grant.Id.Span);

    private Grant Following(TrustFlow trust, Grant old, GrantTerms? terms = null) => fixture.Tenant.Countersign(trust.DraftCodeChange(old.Id, terms ?? GrantTerms.Of(old)));

    private static async Task<CodeChangeOutcome> ChangeAsync(TrustFlow trust, Grant old, Grant following)
    {
        using AccessVerifier verifier = TrustFixture.AnyVerifier();
        return await trust.ChangeCodeAsync(old.Id, following, verifier, "Erika", Cancel);
    }

    /// <summary>The state as a process leaves it that dies on the way.</summary>
    private async Task<(Grant Old, Grant Following, string Unfinished)> CutOffAsync(bool commit)
    {
        TrustFlow trust = fixture.Open();
        Grant old = await fixture.GrantAsync(trust), following = Following(trust, old);
        Assert.Equal(CodeChangeOutcome.Changed, await ChangeAsync(trust, old, following));
        string final = fixture.GrantDirectory(following), unfinished = Path.Combine(fixture.State, "grants", $".new-{Hex(following)}-for-{Hex(old)}");
        Directory.Move(final, unfinished);
        if (!commit)
        {
            // As before: not revoked, and the verifier is there.
            File.Delete(Path.Combine(fixture.GrantDirectory(old), "status"));
            GrantStatus.Create(Path.Combine(fixture.GrantDirectory(old), "status"), Hex(old));
            using AccessVerifier verifier = TrustFixture.AnyVerifier();
            VerifierRecord.Create(Path.Combine(fixture.GrantDirectory(old), "verifier"), old, verifier);
        }
        return (old, following, unfinished);
    }
}
