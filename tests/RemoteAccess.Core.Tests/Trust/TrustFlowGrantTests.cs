using System.Text.Json.Nodes;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class TrustFlowGrantTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Install_OnSiteGrant_IsListedAndItsConsentIsInTheLedgerInFull()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();

        Grant grant = await fixture.GrantAsync(trust);

        GrantSummary summary = Assert.Single(trust.Grants);
        Assert.Equal((GrantState.Live, "Contoso:Frontdesk:Erika"), (summary.State, summary.Nickname));
        Assert.Equal(grant.Digest.ToArray(), summary.Grant?.Digest.ToArray());
        LedgerEntry entry = Assert.Single(TrustFixture.History(trust, "grant.created"));
        JsonObject data = entry.Data();
        Assert.Equal(grant.Id.ToArray(), entry.GrantId.ToArray());
        Assert.Equal(TrustFixture.Consent.Statement, (string?)data["statement"]);
        Assert.Equal("Erika Mustermann", (string?)data["consentedBy"]);
        Assert.Equal("OnSiteWritten", (string?)data["consentMethod"]);
        Assert.Equal(Convert.ToBase64String(grant.Encoded.Span), (string?)data["encoded"]);
        Assert.True(trust.VerifyLedger().Ok);
    }

    [Fact]
    public async Task Install_GrantIsThereAfterReopening_WithItsVerifier()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        Grant grant = fixture.Tenant.Countersign(trust.DraftOnSiteGrant(fixture.Terms(), TrustFixture.Consent, fixture.Tenant.PublicKey.Span));
        using AccessVerifier verifier = TrustFixture.AnyVerifier();
        await trust.InstallAsync(grant, verifier, "n", TrustFixture.Consent, Cancel);
        await trust.DisposeAsync();

        PakeAdmission admission = await TrustFixture.AdmitAsync(fixture.Open(), fixture.Request(grant));

        Assert.Equal(verifier.W0, admission.Verifier?.W0);
        Assert.Equal(verifier.L, admission.Verifier?.L);
        Assert.Equal(verifier.W0M, admission.Verifier?.W0M);
        Assert.Equal(verifier.W0N, admission.Verifier?.W0N);
        Assert.Equal(grant.Digest.ToArray(), admission.Grant?.Digest.ToArray());
    }

    [Fact]
    public async Task Install_LargestConsent_FitsTheLedger()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        var consent = new OnSiteConsent { Statement = new string('"', 2048), ConsentedBy = new string('"', 256), Method = ConsentMethod.OnSiteVerbal };
        HoursWindow[] windows = [.. Enumerable.Range(0, 32).Select(i => new HoursWindow(Enum.GetValues<DayOfWeek>(), i, i + 600))];
        var policy = new GrantPolicy { Hours = new WeeklyHours("America/Argentina/Buenos_Aires", windows) };
        Grant grant = fixture.Tenant.Countersign(trust.DraftOnSiteGrant(fixture.Terms(Operations.All, policy), consent, fixture.Tenant.PublicKey.Span));
        using AccessVerifier verifier = TrustFixture.AnyVerifier();

        Assert.Equal(InstallOutcome.Installed, await trust.InstallAsync(grant, verifier, new string('"', 128), consent, Cancel));
    }

    [Fact]
    public async Task Install_WhatDoesNotBelongTogether_ChangesNothing()
    {
        await using var fixture = new TrustFixture();
        await using var otherComputer = new TrustFixture();
        TrustFlow trust = fixture.Open();
        Grant foreign = fixture.Tenant.Countersign(otherComputer.Open().DraftOnSiteGrant(fixture.Terms(), TrustFixture.Consent, fixture.Tenant.PublicKey.Span));
        Grant own = fixture.Tenant.Countersign(trust.DraftOnSiteGrant(fixture.Terms(), TrustFixture.Consent, fixture.Tenant.PublicKey.Span));
        using AccessVerifier verifier = TrustFixture.AnyVerifier();

        Assert.Equal(InstallOutcome.OtherComputer, await trust.InstallAsync(foreign, verifier, "n", TrustFixture.Consent, Cancel));
        foreach (OnSiteConsent other in (OnSiteConsent[])[
            TrustFixture.Consent with { Statement = "Something else." },
            TrustFixture.Consent with { ConsentedBy = "Somebody Else" },
            TrustFixture.Consent with { Method = ConsentMethod.OnSiteVerbal }])
            Assert.Equal(InstallOutcome.OtherConsent, await trust.InstallAsync(own, verifier, "n", other, Cancel));
        fixture.Time.Advance(TimeSpan.FromDays(31));
        Assert.Equal(InstallOutcome.Expired, await trust.InstallAsync(own, verifier, "n", TrustFixture.Consent, Cancel));
        Assert.Empty(trust.Grants);
        Assert.Empty(TrustFixture.History(trust, "grant.created"));
    }

    [Fact]
    public async Task Install_SameGrantAgainEvenWhenRevoked_IsAlreadyKnown()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust);
        using AccessVerifier verifier = TrustFixture.AnyVerifier();

        Assert.Equal(InstallOutcome.AlreadyKnown, await trust.InstallAsync(grant, verifier, "n", TrustFixture.Consent, Cancel));
        Assert.True(await trust.RevokeAsync(grant.Id, "Erika", Cancel));
        Assert.Equal(InstallOutcome.AlreadyKnown, await trust.InstallAsync(grant, verifier, "n", TrustFixture.Consent, Cancel));
        Assert.Equal(GrantState.Revoked, Assert.Single(trust.Grants).State);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\nb")]
    [InlineData("a\u202Eb")]
    public async Task Install_BadNickname_Throws(string nickname)
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        Grant grant = fixture.Tenant.Countersign(trust.DraftOnSiteGrant(fixture.Terms(), TrustFixture.Consent, fixture.Tenant.PublicKey.Span));
        using AccessVerifier verifier = TrustFixture.AnyVerifier();

        await Assert.ThrowsAsync<ArgumentException>(async () => await trust.InstallAsync(grant, verifier, nickname, TrustFixture.Consent, Cancel));
        await Assert.ThrowsAsync<ArgumentException>(async () => await trust.InstallAsync(grant, verifier, new string('n', 129), TrustFixture.Consent, Cancel));
    }

    [Fact]
    public async Task Draft_TermsThatNoGrantMayHave_Throws()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        GrantTerms good = fixture.Terms();
        var nowhere = new WeeklyHours("Mars/Olympus_Mons", [new HoursWindow([DayOfWeek.Monday], 0, 60)]);
        GrantTerms[] bad =
        [
            good with { Operations = Operations.None },
            good with { Operations = (Operations)(1 << 20) },
            good with { NotAfter = fixture.Time.GetUtcNow() },
            good with { NotBefore = good.NotAfter },
            good with { CodeKind = AccessCodeKind.SessionDigits },
            good with { Policy = new GrantPolicy { Recording = RecordingRule.Required } },
            good with { Policy = new GrantPolicy { Hours = nowhere } },
            good with { Policy = new GrantPolicy { SessionCap = TimeSpan.FromHours(13) } },
        ];

        foreach (GrantTerms terms in bad) Assert.Throws<ArgumentException>(() => trust.DraftOnSiteGrant(terms, TrustFixture.Consent, fixture.Tenant.PublicKey.Span));
        Assert.Throws<ArgumentException>(() => trust.DraftOnSiteGrant(good, TrustFixture.Consent with { Method = ConsentMethod.OnScreen }, fixture.Tenant.PublicKey.Span));
        Assert.Throws<ArgumentException>(() => trust.DraftOnSiteGrant(good, TrustFixture.Consent with { Statement = " " }, fixture.Tenant.PublicKey.Span));
        Assert.Throws<ArgumentException>(() => trust.DraftOnSiteGrant(good, TrustFixture.Consent, new byte[65]));
    }

    [Fact]
    public async Task Grants_DamagedFiles_AreShownAsDamagedAndNobodyGetsIn()
    {
        foreach (string file in (string[])["grant", "nickname", "status", "guesses"])
        {
            await using var fixture = new TrustFixture();
            TrustFlow trust = fixture.Open();
            Grant grant = await fixture.GrantAsync(trust);
            string path = Path.Combine(fixture.GrantDirectory(grant), file);
            byte[] content = await File.ReadAllBytesAsync(path, Cancel);
            for (int i = 0; i < content.Length; i++) content[i] ^= 0xA5;
            await File.WriteAllBytesAsync(path, content, Cancel);

            Assert.Equal(GrantState.Damaged, Assert.Single(trust.Grants).State);
            PakeAdmission admission = await TrustFixture.AdmitAsync(trust, fixture.Request(grant));
            Assert.Equal(RefusalReason.RecordUnavailable, admission.Refusal);
        }
    }

    [Fact]
    public async Task Admit_VerifierOfAnotherGrantPutInPlace_RefusesWithoutCharge()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        Grant first = await fixture.GrantAsync(trust), second = await fixture.GrantAsync(trust);
        File.Copy(Path.Combine(fixture.GrantDirectory(first), "verifier"), Path.Combine(fixture.GrantDirectory(second), "verifier"), overwrite: true);

        Assert.Equal(RefusalReason.RecordUnavailable, (await TrustFixture.AdmitAsync(trust, fixture.Request(second))).Refusal);
        Assert.All(trust.Grants, summary => Assert.Equal(0, summary.FailedAttempts));
        Assert.Equal(RefusalReason.None, (await TrustFixture.AdmitAsync(trust, fixture.Request(first))).Refusal);
    }

    [Fact]
    public async Task Revoke_Grant_ErasesTheVerifierAndIsRecordedOnce()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust);

        Assert.True(await trust.RevokeAsync(grant.Id, "Erika", Cancel));
        Assert.False(await trust.RevokeAsync(grant.Id, "Erika", Cancel));
        Assert.False(await trust.RevokeAsync(new byte[16], "Erika", Cancel));

        Assert.False(File.Exists(Path.Combine(fixture.GrantDirectory(grant), "verifier")));
        Assert.Single(TrustFixture.History(trust, "grant.revoked"));
        Assert.Equal(RefusalReason.Revoked, (await TrustFixture.AdmitAsync(trust, fixture.Request(grant))).Refusal);
        Assert.False(trust.Gate.TryGetTenantKey(WireIdentity.Tenant(fixture.Tenant.PublicKey.Span), new byte[65]));
    }

    [Fact]
    public async Task Revoke_WriteCutShort_CountsAsRevoked()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust);
        string status = Path.Combine(fixture.GrantDirectory(grant), "status");
        byte[] content = await File.ReadAllBytesAsync(status, Cancel);
        content[3] ^= 1;
        await File.WriteAllBytesAsync(status, content, Cancel);

        Assert.Equal(RefusalReason.Revoked, (await TrustFixture.AdmitAsync(trust, fixture.Request(grant))).Refusal);
    }

    [Fact]
    public async Task Open_InterruptedInstallation_IsRemoved()
    {
        await using var fixture = new TrustFixture();
        await fixture.Open().DisposeAsync();
        string left = Path.Combine(fixture.State, "grants", ".new-0123");
        Directory.CreateDirectory(left);
        await File.WriteAllTextAsync(Path.Combine(left, "grant"), "half", Cancel);

        Assert.Empty(fixture.Open().Grants);
        Assert.False(Directory.Exists(left));
    }

    [Fact]
    public async Task Open_WhatIsWrittenIntoTheState_HoldsNoAccessCode()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        Grant grant = fixture.Tenant.Countersign(trust.DraftOnSiteGrant(fixture.Terms(), TrustFixture.Consent, fixture.Tenant.PublicKey.Span));
        using AccessCode code = AccessCode.Generate();
        using AccessVerifier verifier = code.MakeVerifier(grant);
        await trust.InstallAsync(grant, verifier, "n", TrustFixture.Consent, Cancel);
        await (await TrustFixture.ConnectAsync(trust, fixture.Request(grant))).DisposeAsync();
        byte[] needle = code.Canonical.ToArray(), secret = [.. verifier.W0];
        await trust.DisposeAsync();

        foreach (string path in Directory.EnumerateFiles(fixture.State, "*", SearchOption.AllDirectories))
        {
            byte[] content = await File.ReadAllBytesAsync(path, Cancel);
            Assert.True(content.AsSpan().IndexOf(needle) < 0, path);
            Assert.Equal(Path.GetFileName(path) == "verifier", content.AsSpan().IndexOf(secret) >= 0);
        }
    }
}
