using System.Globalization;
using System.Security.Cryptography;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests.Trust;

/// <summary>A technician with the right code comes while somebody uses the computer.</summary>
public sealed class InUseTests : IAsyncDisposable
{
    private readonly TrustFixture fixture = new();
    private TimeSpan idle = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(InUseRule.Refuse)]
    [InlineData(InUseRule.AskThenAllow)]
    [InlineData(InUseRule.AskThenRefuse)]
    public async Task Connect_NobodyIsThere_IsNotAsked(InUseRule rule)
    {
        var renderer = new ScriptedPrompt();
        (TrustFlow trust, ConnectRequest request, _) = await OpenAsync(rule, renderer);
        idle = CustomerPresence.InUseWithin;

        SessionDecision decision = await Accept(trust, request);

        Assert.Equal(RefusalReason.None, decision.Refusal);
        await decision.Session!.DisposeAsync();
        Assert.False(renderer.Shown.IsCompleted);
    }

    [Fact]
    public async Task Connect_InUseAndTheGrantSaysRefuse_IsRefusedUnasked()
    {
        var renderer = new ScriptedPrompt();
        (TrustFlow trust, ConnectRequest request, _) = await OpenAsync(InUseRule.Refuse, renderer);

        Assert.Equal(RefusalReason.InUse, (await Accept(trust, request)).Refusal);

        Assert.False(renderer.Shown.IsCompleted);
        Assert.Equal("InUse", (string?)Assert.Single(TrustFixture.History(trust, "session.refused")).Data()["refusal"]);
        Assert.Equal(0, trust.Grants[0].FailedAttempts);
    }

    [Fact]
    public async Task Connect_PersonAllows_BeginsAndWhatWasAskedIsRecordedBefore()
    {
        var renderer = new ScriptedPrompt();
        (TrustFlow trust, ConnectRequest request, _) = await OpenAsync(InUseRule.AskThenRefuse, renderer);
        Task<SessionDecision> deciding = Accept(trust, request);
        await renderer.Shown;
        Assert.Empty(TrustFixture.History(trust, "session.accepted"));

        renderer.Press(ConsentDecision.Allow);
        SessionDecision decision = await deciding;

        Assert.Equal(RefusalReason.None, decision.Refusal);
        await decision.Session!.DisposeAsync();
        Assert.Equal(["consent.answered", "session.accepted"], TrustFixture.History(trust).Select(entry => entry.Type).Where(type => type is "consent.answered" or "session.accepted"));
        LedgerEntry entry = Assert.Single(TrustFixture.History(trust, "consent.answered"));
        Assert.True(ConsentEvidence.TryRead(entry.Data(), out ConsentEvidence? evidence));
        Assert.Equal(("Erika", ConsentHow.Pressed), (evidence!.ShownTo, evidence.Answer.How));
        Assert.Contains("Alex Tester", evidence.Text, StringComparison.Ordinal);
        Assert.Contains("Ticket 4711", evidence.Text, StringComparison.Ordinal);
        Assert.EndsWith("Erika was asked: allowed.", HistoryLine.Describe(entry), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(InUseRule.AskThenRefuse)]
    [InlineData(InUseRule.AskThenAllow)]
    public async Task Connect_PersonRefuses_IsRefusedAndTheRightCodeCostsNothing(InUseRule rule)
    {
        var renderer = new ScriptedPrompt();
        (TrustFlow trust, ConnectRequest request, _) = await OpenAsync(rule, renderer);
        Task<SessionDecision> deciding = Accept(trust, request);
        await renderer.Shown;
        renderer.Press(ConsentDecision.Refuse);

        Assert.Equal(RefusalReason.NotConsented, (await deciding).Refusal);

        Assert.Equal(0, trust.Grants[0].FailedAttempts);
        Assert.Empty(TrustFixture.History(trust, "session.accepted"));
    }

    [Theory]
    [InlineData(InUseRule.AskThenRefuse, RefusalReason.NotConsented)]
    [InlineData(InUseRule.AskThenAllow, RefusalReason.None)]
    public async Task Connect_NobodyAnswersFor60Seconds_IsTheGrantsDefault(InUseRule rule, RefusalReason expected)
    {
        ScriptedPrompt renderer = ScriptedPrompt.Patient();
        (TrustFlow trust, ConnectRequest request, _) = await OpenAsync(rule, renderer);
        Task<SessionDecision> deciding = Accept(trust, request);
        await renderer.Shown;
        fixture.Time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(deciding.IsCompleted);
        fixture.Time.Advance(TimeSpan.FromSeconds(1));

        SessionDecision decision = await deciding;

        Assert.Equal(expected, decision.Refusal);
        if (decision.Session is { } session) await session.DisposeAsync();
    }

    [Fact]
    public async Task Connect_RevokedWhileThePersonThinks_IsRefusedInSpiteOfTheYes()
    {
        var renderer = new ScriptedPrompt();
        (TrustFlow trust, ConnectRequest request, Grant grant) = await OpenAsync(InUseRule.AskThenRefuse, renderer);
        Task<SessionDecision> deciding = Accept(trust, request);
        await renderer.Shown;
        Assert.True(await fixture.Open().RevokeAsync(grant.Id, "Erika", Cancel));
        renderer.Press(ConsentDecision.Allow);

        Assert.Equal(RefusalReason.Revoked, (await deciding).Refusal);
        Assert.Empty(TrustFixture.History(trust, "session.accepted"));
    }

    [Fact]
    public async Task Connect_NameThatCannotBeShown_IsRefusedUnasked()
    {
        var renderer = new ScriptedPrompt();
        (TrustFlow trust, ConnectRequest request, _) = await OpenAsync(InUseRule.AskThenAllow, renderer);

        Assert.Equal(RefusalReason.NotConsented, (await Accept(trust, request with { Reason = "Ticket\u200B4711" })).Refusal);
        Assert.False(renderer.Shown.IsCompleted);
    }

    [Fact]
    public async Task Connect_AgentThatCanAskNobody_RuleNotSupported()
    {
        TrustFlow trust = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust, fixture.Terms(policy: new GrantPolicy { InUse = InUseRule.AskThenAllow }));

        Assert.Equal(RefusalReason.RuleNotSupported, (await TrustFixture.AdmitAsync(trust, fixture.Request(grant))).Refusal);
    }

    [Fact]
    public async Task PromptOpens_SessionRunning_InputIsDeadUntilItIsAnsweredAndTheRestGoesOn()
    {
        var renderer = new ScriptedPrompt();
        (TrustFlow trust, ConnectRequest request, Grant grant) = await OpenAsync(InUseRule.AskThenRefuse, renderer);
        idle = TimeSpan.FromHours(1);
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant, Operations.ViewScreen | Operations.ControlInput));
        OperationPermit input = await session.PermitAsync(Operations.ControlInput, Cancel), view = await session.PermitAsync(Operations.ViewScreen, Cancel);
        idle = TimeSpan.Zero;

        Task<SessionDecision> deciding = Accept(trust, request);
        await renderer.Shown;

        Assert.True(input.Withdrawn.IsCancellationRequested);
        Assert.Equal(RefusalReason.InputSuspended, Assert.Throws<AccessRefusedException>(input.Demand).Reason);
        Assert.Equal(RefusalReason.InputSuspended, (await Assert.ThrowsAsync<AccessRefusedException>(async () => await session.PermitAsync(Operations.ControlInput, Cancel))).Reason);
        view.Demand();
        renderer.Press(ConsentDecision.Refuse);
        Assert.Equal(RefusalReason.NotConsented, (await deciding).Refusal);
        (await session.PermitAsync(Operations.ControlInput, Cancel)).Demand();
        Assert.Throws<AccessRefusedException>(input.Demand);
        view.Demand();
    }

    public enum Since { Nothing, Stopped, BlockedAndUnblocked, TookAnOperationAway, MoreIsWanted, LessIsWanted }

    /// <summary>A yes reaches over a cut connection, and over nothing that the customer did or was not shown.</summary>
    [Theory]
    [InlineData(Since.Nothing, false)]
    [InlineData(Since.LessIsWanted, false)]
    [InlineData(Since.Stopped, true)]
    [InlineData(Since.BlockedAndUnblocked, true)]
    [InlineData(Since.TookAnOperationAway, true)]
    [InlineData(Since.MoreIsWanted, true)]
    public async Task Resume_AfterAYes_AsksAgainWhenTheCustomerActedOrMoreIsWanted(Since since, bool isAsked)
    {
        const Operations Both = Operations.ViewScreen | Operations.ControlInput;
        Operations shown = since == Since.MoreIsWanted ? Operations.ViewScreen : Both;
        var renderer = new ScriptedPrompt(_ => Task.FromResult(new ConsentAnswer(ConsentDecision.Allow, ConsentHow.Pressed, DateTimeOffset.MaxValue)));
        (TrustFlow trust, _, Grant grant) = await OpenAsync(InUseRule.AskThenRefuse, renderer);
        ReadOnlyMemory<byte> token;
        await using (LiveSession first = (await Accept(trust, fixture.Request(grant, shown))).Session!)
        {
            token = first.ResumeToken;
            if (since == Since.TookAnOperationAway)
            {
                await first.WithdrawAsync(Operations.ControlInput, "Erika", Cancel);
                // Nor does a token that is given afterwards carry it.
                token = first.Tools.IssueResumeToken();
            }
        }
        if (since == Since.Stopped) await trust.StopSessionsAsync("Erika", Cancel);
        if (since == Since.BlockedAndUnblocked)
        {
            await trust.BlockAsync(DateTimeOffset.MaxValue, "Erika", Cancel);
            await trust.UnblockAsync("Erika", Cancel);
        }
        Operations wanted = since == Since.LessIsWanted ? Operations.ViewScreen : Both;

        await using LiveSession? second = (await Accept(trust, fixture.Request(grant, wanted) with { ResumeToken = token })).Session;

        Assert.NotNull(second);
        Assert.Equal(isAsked ? 2 : 1, renderer.Times);
    }

    public ValueTask DisposeAsync() => fixture.DisposeAsync();

    private async Task<(TrustFlow Trust, ConnectRequest Request, Grant Grant)> OpenAsync(InUseRule rule, ScriptedPrompt renderer)
    {
        TrustFlow trust = fixture.Open(new CustomerPresence
        {
            Desk = new ConsentDesk(renderer, fixture.Time),
            IdleTime = () => idle,
            Name = "Erika",
            Culture = CultureInfo.GetCultureInfo("en-GB"),
            Zone = TimeZoneInfo.Utc,
        });
        Grant grant = await fixture.GrantAsync(trust, fixture.Terms(policy: new GrantPolicy { InUse = rule }));
        return (trust, fixture.Request(grant), grant);
    }

    /// <summary>The right code was given.</summary>
    private static async Task<SessionDecision> Accept(TrustFlow trust, ConnectRequest request)
    {
        AccessGate gate = trust.Gate;
        PakeAdmission admission = await gate.AdmitAsync(request, Cancel);
        Assert.Equal(RefusalReason.None, admission.Refusal);
        return await gate.AcceptAsync(admission, RandomNumberGenerator.GetBytes(16), Cancel);
    }
}
