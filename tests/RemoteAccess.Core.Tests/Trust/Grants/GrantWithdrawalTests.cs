using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class GrantWithdrawalTests : IAsyncDisposable
{
    private const Operations Both = Operations.ViewScreen | Operations.ControlInput;

    private readonly TrustFixture fixture = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Withdraw_BeforeAnybodyConnects_TheSessionBeginsWithoutAndGetsItBack()
    {
        TrustFlow trust = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust);
        Assert.True(await trust.WithdrawAsync(grant.Id, Operations.ControlInput, "Erika", Cancel));

        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant, Both));

        (await session.PermitAsync(Operations.ViewScreen, Cancel)).Demand();
        Assert.Equal(RefusalReason.Withdrawn, await WhyNotAsync(session));
        Assert.Equal((Both, Operations.ControlInput), (session.Describe().Operations, session.Describe().Withdrawn));
        Assert.Equal(Operations.ControlInput, Assert.Single(trust.Grants).Withdrawn);
        Assert.True(await trust.RestoreAsync(grant.Id, Both, "Erika", Cancel));
        (await session.PermitAsync(Operations.ControlInput, Cancel)).Demand();
        Assert.Equal(["grant.withdrawn", "grant.restored"], TrustFixture.History(trust).Select(entry => entry.Type).Where(type => type is "grant.withdrawn" or "grant.restored"));
        Assert.EndsWith("Erika no longer allows under the grant, until it is given back, to use keyboard and mouse.", HistoryLine.Describe(TrustFixture.History(trust, "grant.withdrawn")[0]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Withdraw_AllThatIsAskedFor_RefusesAtTheGateAndExplains()
    {
        TrustFlow trust = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust);
        PakeAdmission admitted = await TrustFixture.AdmitAsync(trust, fixture.Request(grant));
        Assert.True(await trust.WithdrawAsync(grant.Id, Operations.ViewScreen, "Erika", Cancel));

        Assert.Equal(RefusalReason.Withdrawn, (await trust.Gate.AcceptAsync(admitted, new byte[16], Cancel)).Refusal);
        Assert.Equal(RefusalReason.Withdrawn, (await TrustFixture.AdmitAsync(trust, fixture.Request(grant))).Refusal);
        Assert.Equal(RefusalReason.Withdrawn, trust.Explain(new AccessInquiry { GrantId = grant.Id, Wanted = Operations.ViewScreen }).Refusal);
        await (await TrustFixture.ConnectAsync(trust, fixture.Request(grant, Both))).DisposeAsync();
    }

    [Fact]
    public async Task Withdraw_ByAnotherProcess_KillsThePermitWithinASecond()
    {
        TrustFlow trust = fixture.Open(), elsewhere = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust);
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant, Both));
        OperationPermit view = await session.PermitAsync(Operations.ViewScreen, Cancel), control = await session.PermitAsync(Operations.ControlInput, Cancel);
        Assert.True(await elsewhere.WithdrawAsync(grant.Id, Operations.ControlInput, "Erika", Cancel));

        fixture.Time.Advance(TimeSpan.FromMilliseconds(999));

        _ = await TrustFixture.EventuallyAsync(() => control.Withdrawn.IsCancellationRequested ? session : null);
        Assert.Equal(RefusalReason.Withdrawn, Assert.Throws<AccessRefusedException>(control.Demand).Reason);
        view.Demand();
        Assert.Equal(RefusalReason.None, session.EndReason);
    }

    [Fact]
    public async Task Question_WhileInUse_DoesNotNameWhatIsWithdrawn()
    {
        var person = new ScriptedConsentPrompt(ConsentDecision.Allow);
        TrustFlow trust = fixture.Open(Present(person));
        Grant grant = await fixture.GrantAsync(trust, fixture.Terms(Both, new GrantPolicy { InUse = InUseRule.AskThenRefuse }));
        Assert.True(await trust.WithdrawAsync(grant.Id, Operations.ControlInput, "Erika", Cancel));

        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant, Both));

        ConsentRequest asked = Assert.Single(person.Asked).Request;
        Assert.Equal((ConsentKind.ConnectionWhileInUse, Operations.ViewScreen), (asked.Kind, asked.Operations));
        Assert.DoesNotContain("mouse", person.Asked[0].Text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(RefusalReason.Withdrawn, await WhyNotAsync(session));
    }

    [Fact]
    public async Task Question_OfAnAttendedSession_IsForTheFirstThatIsNotWithdrawn()
    {
        var person = new ScriptedConsentPrompt(ConsentDecision.Allow);
        TrustFlow trust = fixture.Open(Present(person));
        using HelpCall call = await trust.CallForHelpAsync(new HelpRequest { TenantKey = fixture.Tenant.PublicKey }, Cancel);
        Assert.True(await trust.WithdrawAsync(call.Grant.Id, Operations.ViewScreen, "Erika", Cancel));

        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(call.Grant, Both));

        ConsentRequest asked = Assert.Single(person.Asked).Request;
        Assert.Equal((ConsentKind.SessionStart, Operations.ControlInput), (asked.Kind, asked.Operations));
        (await session.PermitAsync(Operations.ControlInput, Cancel)).Demand();
        Assert.True(await trust.RestoreAsync(call.Grant.Id, Operations.ViewScreen, "Erika", Cancel));
        Assert.Equal(RefusalReason.ApprovalNeeded, (await Assert.ThrowsAsync<AccessRefusedException>(async () => await session.PermitAsync(Operations.ViewScreen, Cancel))).Reason);
    }

    [Fact]
    public async Task Restore_OfTheSession_GivesNothingBackThatTheGrantLost()
    {
        TrustFlow trust = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust);
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant, Both));
        await session.WithdrawAsync(Operations.ControlInput, "Erika", Cancel);
        Assert.True(await trust.WithdrawAsync(grant.Id, Operations.ControlInput, "Erika", Cancel));

        await session.RestoreAsync(Operations.ControlInput, "Erika", Cancel);
        Assert.Equal(RefusalReason.Withdrawn, await WhyNotAsync(session));
        await session.WithdrawAsync(Operations.ControlInput, "Erika", Cancel);
        Assert.True(await trust.RestoreAsync(grant.Id, Operations.ControlInput, "Erika", Cancel));
        Assert.Equal(RefusalReason.Withdrawn, await WhyNotAsync(session));
    }

    [Fact]
    public async Task ChangeCode_OfANarrowedGrant_KeepsItNarrowed()
    {
        TrustFlow trust = fixture.Open();
        Grant old = await fixture.GrantAsync(trust);
        Assert.True(await trust.WithdrawAsync(old.Id, Operations.ControlInput, "Erika", Cancel));
        Grant following = fixture.Tenant.Countersign(trust.DraftCodeChange(old.Id, GrantTerms.Of(old)));
        using AccessVerifier verifier = TrustFixture.AnyVerifier();

        Assert.Equal(CodeChangeOutcome.Changed, await trust.ChangeCodeAsync(old.Id, following, verifier, "Erika", Cancel));

        Assert.Equal(Operations.ControlInput, trust.Grants.Single(grant => grant.State == GrantState.Live).Withdrawn);
        Assert.Equal(RefusalReason.Withdrawn, (await TrustFixture.AdmitAsync(trust, fixture.Request(following, Operations.ControlInput))).Refusal);
    }

    [Fact]
    public async Task Withdraw_RevokedUnknownOrNothing_ChangesNothing()
    {
        TrustFlow trust = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust);
        Assert.True(await trust.RevokeAsync(grant.Id, "Erika", Cancel));

        Assert.False(await trust.WithdrawAsync(grant.Id, Both, "Erika", Cancel));
        Assert.False(await trust.RestoreAsync(grant.Id, Both, "Erika", Cancel));
        Assert.False(await trust.WithdrawAsync(new byte[16], Both, "Erika", Cancel));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await trust.WithdrawAsync(grant.Id, Operations.None, "Erika", Cancel));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await trust.RestoreAsync(grant.Id, (Operations)(1 << 30), "Erika", Cancel));
        Assert.DoesNotContain(TrustFixture.History(trust), entry => entry.Type is "grant.withdrawn" or "grant.restored");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4096)]
    public async Task Withdrawn_WriteCutShort_CountsAsEverything(int slot)
    {
        TrustFlow trust = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust);
        Assert.True(await trust.WithdrawAsync(grant.Id, Operations.ControlInput, "Erika", Cancel));
        await DamageAsync(grant, slot);

        Assert.Equal(RefusalReason.Withdrawn, (await TrustFixture.AdmitAsync(trust, fixture.Request(grant))).Refusal);
        Assert.True(await trust.RestoreAsync(grant.Id, Both, "Erika", Cancel));
    }

    [Fact]
    public async Task Withdrawn_FileDamaged_NobodyGetsIn()
    {
        TrustFlow trust = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust);
        Assert.True(await trust.WithdrawAsync(grant.Id, Operations.ControlInput, "Erika", Cancel));
        await DamageAsync(grant, 0);
        await DamageAsync(grant, 4096);

        Assert.Equal(RefusalReason.RecordUnavailable, (await TrustFixture.AdmitAsync(trust, fixture.Request(grant))).Refusal);
        Assert.Equal(GrantState.Damaged, Assert.Single(trust.Grants).State);
    }

    public ValueTask DisposeAsync() => fixture.DisposeAsync();

    private CustomerPresence Present(ScriptedConsentPrompt person) => new()
    {
        Desk = new ConsentDesk(person, fixture.Time),
        IdleTime = () => TimeSpan.Zero,
        Name = "Erika",
        Culture = System.Globalization.CultureInfo.GetCultureInfo("en-GB"),
        Zone = TimeZoneInfo.Utc,
    };

    private static async Task<RefusalReason> WhyNotAsync(LiveSession session) =>
        (await Assert.ThrowsAsync<AccessRefusedException>(async () => await session.PermitAsync(Operations.ControlInput, Cancel))).Reason;

    private async Task DamageAsync(Grant grant, int slot)
    {
        string path = Path.Combine(fixture.GrantDirectory(grant), "withdrawn");
        byte[] content = await File.ReadAllBytesAsync(path, Cancel);
        content[slot + 20] ^= 0x40;
        await File.WriteAllBytesAsync(path, content, Cancel);
    }
}
