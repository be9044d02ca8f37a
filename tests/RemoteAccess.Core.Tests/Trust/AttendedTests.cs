using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests.Trust;

/// <summary>The customer calls for help, and one technician comes with the code.</summary>
public sealed class AttendedTests : IAsyncDisposable
{
    private readonly TrustFixture fixture = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CallForHelp_CodeAndGrant_AreReadBackAndOnlyTheGrantIsRecorded()
    {
        TrustFlow trust = Open(new ScriptedConsentPrompt());

        using HelpCall call = await trust.CallForHelpAsync(Request(), Cancel);

        char[] shown = new char[AccessCode.DisplayLength];
        string digits = new(shown.AsSpan(0, call.Code.WriteDisplay(shown)));
        Assert.Matches("^[0-9]{3}(-[0-9]{3}){3}$", digits);
        Assert.Equal(AccessCodeProblem.None, AccessCode.TryRead(digits.Replace('-', ' '), AccessCodeKind.SessionDigits, out AccessCode? read));
        Assert.Equal(call.Code.Canonical.ToArray(), read!.Canonical.ToArray());
        Assert.True(Grant.TryReadPem(call.Grant.ToPem(), out Grant? grant));
        Assert.True(grant.IsAttended);
        Assert.Equal(fixture.Time.GetUtcNow() + HelpCall.CodeLifetime, call.CodeExpiresAt);
        LedgerEntry entry = Assert.Single(TrustFixture.History(trust, "help.called"));
        Assert.Equal(("Erika", Request().Statement), ((string?)entry.Data()["consentedBy"], (string?)entry.Data()["statement"]));
        string plain = digits.Replace("-", "", StringComparison.Ordinal);
        foreach (string file in Directory.EnumerateFiles(fixture.State, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith("lock", StringComparison.Ordinal)))
            Assert.DoesNotContain(plain, Encoding.Latin1.GetString(SharedFile.ReadAllBytes(file)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallForHelp_NobodyCanBeAsked_IsNoCall()
    {
        TrustFlow trust = fixture.Open();

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await trust.CallForHelpAsync(Request(), Cancel));

        Assert.Empty(trust.Grants);
        Assert.Empty(TrustFixture.History(trust));
    }

    [Fact]
    public async Task CallForHelp_OutOfRange_IsNoCall()
    {
        TrustFlow trust = Open(new ScriptedConsentPrompt());
        HelpRequest good = Request();
        foreach (HelpRequest bad in new[]
        {
            good with { TenantKey = new byte[65] }, good with { Operations = Operations.None }, good with { Operations = (Operations)(1u << 30) },
            good with { SessionCap = TimeSpan.FromSeconds(90) }, good with { SessionCap = TimeSpan.FromHours(13) }, good with { Statement = " " }, good with { Statement = "a\u202Eb" },
            good with { Statement = new string('x', 2049) },
        })
            await Assert.ThrowsAsync<ArgumentException>(async () => await trust.CallForHelpAsync(bad, Cancel));
        Assert.Empty(trust.Grants);
    }

    [Fact]
    public async Task Connect_PersonAllows_EachOperationIsAskedForByItself()
    {
        var person = new ScriptedConsentPrompt(ConsentDecision.Allow, ConsentDecision.Allow);
        TrustFlow trust = Open(person);
        using HelpCall call = await trust.CallForHelpAsync(Request(), Cancel);

        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(call.Grant, Operations.ViewScreen | Operations.ControlInput | Operations.Chat));

        Assert.Equal((ConsentKind.SessionStart, Operations.ViewScreen), Last(person, 1));
        (await session.PermitAsync(Operations.ViewScreen, Cancel)).Demand();
        Assert.Equal(RefusalReason.ApprovalNeeded, (await Assert.ThrowsAsync<AccessRefusedException>(async () => await session.PermitAsync(Operations.ControlInput, Cancel))).Reason);
        Assert.Equal(RefusalReason.None, await session.ApproveAsync(Operations.ControlInput, Cancel));
        Assert.Equal((ConsentKind.Operation, Operations.ControlInput), Last(person, 2));
        (await session.PermitAsync(Operations.ControlInput, Cancel)).Demand();
        Assert.Equal(RefusalReason.NotConsented, await session.ApproveAsync(Operations.Chat, Cancel));
        Assert.Equal((ConsentKind.Operation, Operations.Chat), Last(person, 3));
        Assert.Equal(RefusalReason.ApprovalNeeded, (await Assert.ThrowsAsync<AccessRefusedException>(async () => await session.PermitAsync(Operations.Chat, Cancel))).Reason);
        Assert.Equal(RefusalReason.None, await session.ApproveAsync(Operations.ViewScreen, Cancel));
        Assert.Equal(3, person.Asked.Count);
        Assert.Equal(3, TrustFixture.History(trust, "consent.answered").Count);
    }

    [Theory]
    [InlineData("Contoso IT", "Alex Tester\nContoso IT")]
    [InlineData(null, "Alex Tester")]
    public async Task Connect_TenantThatTheProductKnows_ThePromptSaysForWhomTheTechnicianWorks(string? name, string shown)
    {
        var person = new ScriptedConsentPrompt(ConsentDecision.Allow, ConsentDecision.Allow);
        byte[] key = fixture.Tenant.PublicKey.ToArray();
        TrustFlow trust = Open(person, tenant => tenant.Span.SequenceEqual(key) ? name : "Somebody else");
        using HelpCall call = await trust.CallForHelpAsync(Request(), Cancel);

        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(call.Grant, Operations.ViewScreen | Operations.ControlInput));
        Assert.Equal(RefusalReason.None, await session.ApproveAsync(Operations.ControlInput, Cancel));

        Assert.Equal(2, person.Asked.Count);
        Assert.All(person.Asked, prompt => Assert.Equal(shown, string.Join('\n', prompt.Blocks.Single(block => block.Kind == ConsentBlockKind.Requester).Lines)));
        Assert.All(person.Asked, prompt => Assert.Equal(name is not null, prompt.Blocks.Single(block => block.Kind == ConsentBlockKind.Verified).Lines[0].Contains("Contoso IT", StringComparison.Ordinal)));
        Assert.Contains("Alex Tester", (string?)TrustFixture.History(trust, "consent.answered")[0].Data()["text"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connect_OrganisationThatCannotBeShown_NobodyIsAsked()
    {
        var person = new ScriptedConsentPrompt(ConsentDecision.Allow);
        TrustFlow trust = Open(person, _ => "Con\u202Etoso");
        using HelpCall call = await trust.CallForHelpAsync(Request(), Cancel);

        Assert.Equal(RefusalReason.NotConsented, (await AcceptAsync(trust, fixture.Request(call.Grant))).Refusal);

        Assert.Empty(person.Asked);
    }

    [Fact]
    public async Task Connect_PersonRefuses_NothingBeginsAndTheCodeIsSpent()
    {
        TrustFlow trust = Open(new ScriptedConsentPrompt());
        using HelpCall call = await trust.CallForHelpAsync(Request(), Cancel);
        ConnectRequest request = fixture.Request(call.Grant);

        Assert.Equal(RefusalReason.NotConsented, (await AcceptAsync(trust, request)).Refusal);

        Assert.Equal(RefusalReason.CodeSpent, (await TrustFixture.AdmitAsync(trust, request)).Refusal);
        Assert.Empty(TrustFixture.History(trust, "session.accepted"));
        Assert.Equal(GrantState.Expired, Assert.Single(trust.Grants).State);
    }

    [Fact]
    public async Task Connect_WrongCodeOnce_TheCodeIsSpentAndCannotBeUnlocked()
    {
        TrustFlow trust = Open(new ScriptedConsentPrompt(ConsentDecision.Allow));
        using HelpCall call = await trust.CallForHelpAsync(Request(), Cancel);
        await TrustFixture.FailAsync(trust, fixture.Request(call.Grant));

        Assert.False(await trust.UnlockAsync(call.Grant.Id, "Erika", Cancel));

        Assert.Equal(RefusalReason.CodeSpent, (await TrustFixture.AdmitAsync(trust, fixture.Request(call.Grant))).Refusal);
    }

    [Fact]
    public async Task Connect_SecondTechnicianWithTheSameCode_IsRefusedAndTheFirstGoesOn()
    {
        TrustFlow trust = Open(new ScriptedConsentPrompt(ConsentDecision.Allow, ConsentDecision.Allow));
        using HelpCall call = await trust.CallForHelpAsync(Request(), Cancel);
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(call.Grant));

        Assert.Equal(RefusalReason.CodeSpent, (await TrustFixture.AdmitAsync(trust, fixture.Request(call.Grant))).Refusal);

        await session.CheckAsync();
        Assert.Equal(RefusalReason.None, session.EndReason);
    }

    [Fact]
    public async Task Connect_TenMinutesLater_TheCodeIsSpentAndARunningSessionGoesOn()
    {
        TrustFlow trust = Open(new ScriptedConsentPrompt(ConsentDecision.Allow));
        using HelpCall first = await trust.CallForHelpAsync(Capped(), Cancel);
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(first.Grant));
        using HelpCall second = await trust.CallForHelpAsync(Capped(), Cancel);
        fixture.Time.Advance(HelpCall.CodeLifetime - TimeSpan.FromSeconds(1));
        Assert.True(trust.Explain(Inquiry(second)).IsAllowed);
        fixture.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(RefusalReason.CodeSpent, (await TrustFixture.AdmitAsync(trust, fixture.Request(second.Grant))).Refusal);
        Assert.Equal(RefusalReason.CodeSpent, trust.Explain(Inquiry(second)).Refusal);
        await session.CheckAsync();
        Assert.Equal(RefusalReason.None, session.EndReason);
        fixture.Time.Advance(Capped().SessionCap);
        Assert.Equal(RefusalReason.Expired, await TrustFixture.EndOfAsync(session));
    }

    [Fact]
    public async Task CallForHelp_Again_TakesTheWaitingCallBackAndLeavesTheRunningSession()
    {
        TrustFlow trust = Open(new ScriptedConsentPrompt(ConsentDecision.Allow));
        using HelpCall running = await trust.CallForHelpAsync(Capped(), Cancel);
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(running.Grant));
        using HelpCall waiting = await trust.CallForHelpAsync(Capped(), Cancel);
        using HelpCall last = await trust.CallForHelpAsync(Capped(), Cancel);

        Assert.Equal(RefusalReason.Revoked, (await TrustFixture.AdmitAsync(trust, fixture.Request(waiting.Grant))).Refusal);
        Assert.Equal(RefusalReason.None, (await TrustFixture.AdmitAsync(trust, fixture.Request(last.Grant))).Refusal);
        await session.CheckAsync();
        Assert.Equal(RefusalReason.None, session.EndReason);
        fixture.Time.Advance(TimeSpan.FromMinutes(Wine.Or(24 * 60, 30)));
        using HelpCall tomorrow = await trust.CallForHelpAsync(Capped(), Cancel);
        Assert.Equal(tomorrow.Grant.Id.ToArray(), Assert.Single(trust.Grants).Id.ToArray());
        Assert.Equal(4, TrustFixture.History(trust, "help.called").Count);
    }

    [Fact]
    public async Task Revoke_CallThatWaits_NobodyComes()
    {
        TrustFlow trust = Open(new ScriptedConsentPrompt(ConsentDecision.Allow));
        using HelpCall call = await trust.CallForHelpAsync(Request(), Cancel);

        Assert.True(await trust.RevokeAsync(call.Grant.Id, "Erika", Cancel));

        Assert.Equal(RefusalReason.Revoked, (await TrustFixture.AdmitAsync(trust, fixture.Request(call.Grant))).Refusal);
    }

    [Fact]
    public async Task Approve_AfterANo_NobodyIsAskedForTenSecondsAndTwentyTimesAtMost()
    {
        var person = new ScriptedConsentPrompt(ConsentDecision.Allow);
        TrustFlow trust = Open(person);
        using HelpCall call = await trust.CallForHelpAsync(Request(), Cancel);
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(call.Grant, Operations.ViewScreen | Operations.ControlInput));
        Assert.Single(person.Asked);

        for (int i = 0; i < ApprovalLimits.MaxQuestions; i++)
        {
            Assert.Equal(RefusalReason.NotConsented, await session.ApproveAsync(Operations.ControlInput, Cancel));
            Assert.Equal(RefusalReason.Busy, await session.ApproveAsync(Operations.ControlInput, Cancel));
            fixture.Time.Advance(ApprovalLimits.Pause);
        }

        Assert.Equal(RefusalReason.Busy, await session.ApproveAsync(Operations.ControlInput, Cancel));
        Assert.Equal(1 + ApprovalLimits.MaxQuestions, person.Asked.Count);
    }

    [Fact]
    public async Task Approve_WhileAQuestionIsOpen_IsBusy()
    {
        var person = new ScriptedPrompt();
        TrustFlow trust = Open(person);
        using HelpCall call = await trust.CallForHelpAsync(Request(), Cancel);
        Task<SessionDecision> deciding = AcceptAsync(trust, fixture.Request(call.Grant, Operations.ViewScreen | Operations.ControlInput));
        await person.Shown;
        person.Press(ConsentDecision.Allow);
        await using LiveSession session = (await deciding).Session!;
        ConsentDesk desk = Desk;
        var open = new TaskCompletionSource();
        desk.PromptOpenChanged += (_, _) => open.TrySetResult();
        Task<RefusalReason> first = session.ApproveAsync(Operations.ControlInput, Cancel).AsTask();
        await open.Task;

        Assert.Equal(RefusalReason.Busy, await session.ApproveAsync(Operations.ControlInput, Cancel));
        Assert.Equal(RefusalReason.None, await first);
    }

    [Fact]
    public async Task Approve_NotWantedWhenConnecting_OrWithdrawn_IsNotAsked()
    {
        var person = new ScriptedConsentPrompt(ConsentDecision.Allow);
        TrustFlow trust = Open(person);
        using HelpCall call = await trust.CallForHelpAsync(Request(), Cancel);
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(call.Grant, Operations.ViewScreen | Operations.ControlInput));

        Assert.Equal(RefusalReason.OperationNotGranted, await session.ApproveAsync(Operations.RunCommands, Cancel));
        Assert.Equal(RefusalReason.OperationNotGranted, await session.ApproveAsync(Operations.ViewScreen | Operations.ControlInput, Cancel));
        await session.WithdrawAsync(Operations.ControlInput, "Erika", Cancel);
        Assert.Equal(RefusalReason.Withdrawn, await session.ApproveAsync(Operations.ControlInput, Cancel));
        await session.EndAsync(RefusalReason.Stopped, "", Cancel);
        Assert.Equal(RefusalReason.Stopped, await session.ApproveAsync(Operations.ViewScreen, Cancel));
        Assert.Single(person.Asked);
    }

    [Fact]
    public async Task ChangeCode_OfAnAttendedSession_MakesNoGrantOfIt()
    {
        TrustFlow trust = Open(new ScriptedConsentPrompt());
        using HelpCall call = await trust.CallForHelpAsync(Request(), Cancel);
        GrantTerms terms = GrantTerms.Of(call.Grant) with { CodeKind = AccessCodeKind.Generated };
        GrantDraft draft = GrantDraft.Sign(GrantFields.Following(call.Grant, terms, fixture.Time.GetUtcNow()), trust.SigningKey);
        using AccessVerifier verifier = TrustFixture.AnyVerifier();

        Assert.Throws<ArgumentException>(() => trust.DraftCodeChange(call.Grant.Id, terms));
        Assert.Equal(CodeChangeOutcome.Wider, await trust.ChangeCodeAsync(call.Grant.Id, fixture.Tenant.Countersign(draft), verifier, "Erika", Cancel));
    }

    [Fact]
    public async Task TryRead_GrantsOfTheOtherKind_AreRefused()
    {
        TrustFlow trust = Open(new ScriptedConsentPrompt());
        using HelpCall call = await trust.CallForHelpAsync(Request(), Cancel);
        byte[] attended = call.Grant.Encoded.ToArray(), unattended = GrantSamples.Valid().Encoded.ToArray();
        using EcdsaSigningKey host = EcdsaSigningKey.Create();

        Assert.False(Grant.TryRead(unattended.AsSpan(0, unattended.Length - P256.SignatureLength), out _));
        Assert.False(GrantDraft.TryRead(attended, out _));
        Assert.False(Grant.TryRead([.. attended, .. new byte[P256.SignatureLength]], out _));
        Assert.True(GrantFormat.TryDecode(attended, out GrantFields fields, out _));
        fields = fields with { HostKey = host.PublicKey.ToArray() };
        Assert.True(Grant.TryRead(Signed(fields, host), out _));
        Assert.False(Grant.TryRead(Signed(fields with { NotBefore = fields.Issued.AddSeconds(1) }, host), out _));
        Assert.False(Grant.TryRead(Signed(fields with { ConsentMethod = ConsentMethod.OnSiteVerbal }, host), out _));
        Assert.False(Grant.TryRead(Signed(fields with { NotAfter = fields.Issued.AddHours(13) }, host), out _));
        using AccessVerifier verifier = TrustFixture.AnyVerifier();
        Assert.Equal(InstallOutcome.OtherConsent, await trust.Making.InstallAsync(call.Grant, verifier, "N", new RecordedConsent(ConsentMethod.OnScreen, "Erika", Request().Statement), Cancel));
    }

    public ValueTask DisposeAsync() => fixture.DisposeAsync();

    private ConsentDesk Desk { get; set; } = new(new ScriptedConsentPrompt());

    private static byte[] Signed(GrantFields fields, ISigningKey host) => GrantDraft.AppendSignature(GrantFormat.Encode(fields), host);

    /// <summary>The last of so many questions.</summary>
    private static (ConsentKind, Operations) Last(ScriptedConsentPrompt person, int count)
    {
        Assert.Equal(count, person.Asked.Count);
        ConsentPrompt prompt = person.Asked[^1];
        Assert.Contains("Alex Tester", prompt.Text, StringComparison.Ordinal);
        return (prompt.Request.Kind, prompt.Request.Operations);
    }

    private static async Task<SessionDecision> AcceptAsync(TrustFlow trust, ConnectRequest request)
    {
        PakeAdmission admission = await TrustFixture.AdmitAsync(trust, request);
        Assert.Equal(RefusalReason.None, admission.Refusal);
        return await trust.Gate.AcceptAsync(admission, RandomNumberGenerator.GetBytes(16), Cancel);
    }

    private static AccessInquiry Inquiry(HelpCall call) => new() { GrantId = call.Grant.Id, Wanted = Operations.ViewScreen };

    private HelpRequest Request() => new() { TenantKey = fixture.Tenant.PublicKey };

    /// <summary>Under Wine a test's clock does not get through four hours in a second.</summary>
    private HelpRequest Capped() => Wine.IsHere ? Request() with { SessionCap = TimeSpan.FromMinutes(12) } : Request();

    private TrustFlow Open(IConsentPrompt person, Func<ReadOnlyMemory<byte>, string?>? organisationOf = null)
    {
        Desk = new ConsentDesk(person, fixture.Time);
        var presence = new CustomerPresence
        {
            Desk = Desk,
            IdleTime = () => TimeSpan.FromHours(1),
            Name = "Erika",
            Culture = CultureInfo.GetCultureInfo("en-GB"),
            Zone = TimeZoneInfo.Utc,
        };
        return fixture.Open(fixture.Options with { Presence = presence, OrganisationOf = organisationOf ?? (_ => null) });
    }
}
