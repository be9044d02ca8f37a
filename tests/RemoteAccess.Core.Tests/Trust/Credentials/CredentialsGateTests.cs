using System.Security.Cryptography;
using System.Text;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>A session under a grant that wants credentials of the computer, in fake time.</summary>
public sealed class CredentialsGateTests : IAsyncDisposable
{
    private const string Right = "Hühnersuppe-4711";
    private readonly TrustFixture fixture = new();
    private readonly ScriptedAccounts accounts = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Admit_NothingCanCheckThem_RefusesTheRule()
    {
        TrustFlow trust = fixture.Open();
        Grant grant = await GrantAsync(trust);

        Assert.Equal(RefusalReason.RuleNotSupported, (await TrustFixture.AdmitAsync(trust, fixture.Request(grant))).Refusal);
        Assert.Equal(RefusalReason.RuleNotSupported, trust.Explain(new AccessInquiry { GrantId = grant.Id, Wanted = Operations.ViewScreen }).Refusal);
        AccessExplanation elsewhere = trust.Explain(new AccessInquiry { GrantId = grant.Id, Wanted = Operations.ViewScreen, CanCheckCredentials = true });
        Assert.True(elsewhere is { IsAllowed: true, CredentialsRequired: true });
        Assert.Contains("credentials of the computer", elsewhere.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Permit_BeforeAndAfterRightCredentials_IsRefusedThenGiven()
    {
        (TrustFlow trust, LiveSession session) = await ConnectAsync();
        await using LiveSession ending = session;
        foreach (Operations operation in (Operations[])[Operations.ViewScreen, Operations.ControlInput])
            Assert.Equal(RefusalReason.CredentialsRequired, (await Assert.ThrowsAsync<AccessRefusedException>(async () => await session.PermitAsync(operation, Cancel))).Reason);
        accounts.Asked = () =>
        {
            Assert.Empty(TrustFixture.History(trust, "credentials.accepted"));
            Assert.False(session.Credentials!.IsSatisfied);
        };

        CredentialsVerdict verdict = await TryAsync(session, Right);

        Assert.True(verdict.IsAccepted);
        (await session.PermitAsync(Operations.ViewScreen, Cancel)).Demand();
        (await session.PermitAsync(Operations.ControlInput, Cancel)).Demand();
        LedgerEntry entry = Assert.Single(TrustFixture.History(trust, "credentials.accepted"));
        Assert.Equal("erika", (string?)entry.Data()["user"]);
        Assert.EndsWith("Alex Tester gave credentials of this computer, of the account \"erika\".", HistoryLine.Describe(entry), StringComparison.Ordinal);
        Assert.Equal(["session.accepted", "credentials.accepted", "operation.used", "operation.used"],
            TrustFixture.History(trust).Select(entry => entry.Type).Where(type => type != "grant.created"));
        fixture.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(RefusalReason.None, session.EndReason);
    }

    [Fact]
    public async Task Try_ThreeWrong_EndsTheSessionAndTheLedgerNeverHasThePassword()
    {
        (TrustFlow trust, LiveSession session) = await ConnectAsync();
        await using LiveSession ending = session;

        Assert.Equal(2, (await TryAsync(session, "wrong-one")).TriesLeft);
        Assert.Equal(1, (await TryAsync(session, "wrong-two")).TriesLeft);
        Assert.Equal(0, (await TryAsync(session, "wrong-three")).TriesLeft);

        Assert.Equal(RefusalReason.CredentialsWrong, session.EndReason);
        Assert.Equal(RefusalReason.CredentialsWrong, (await Assert.ThrowsAsync<AccessRefusedException>(async () => await session.PermitAsync(Operations.ViewScreen, Cancel))).Reason);
        Assert.Equal(RefusalReason.CredentialsWrong, (await Assert.ThrowsAsync<AccessRefusedException>(async () => await TryAsync(session, Right))).Reason);
        Assert.Equal(["wrong-one", "wrong-two", "wrong-three"], accounts.Passwords);
        Assert.Equal(((string?, string?, int?)[])[("erika", "WrongCredentials", 2), ("erika", "WrongCredentials", 1), ("erika", "WrongCredentials", 0)],
            TrustFixture.History(trust, "credentials.refused").Select(entry => ((string?)entry.Data()["user"], (string?)entry.Data()["answer"], (int?)entry.Data()["triesLeft"])));
        Assert.Equal("CredentialsWrong", (string?)Assert.Single(TrustFixture.History(trust, "session.ended")).Data()["reason"]);
        foreach (string file in Directory.EnumerateFiles(fixture.State, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock"))
            Assert.DoesNotContain("wrong-", Encoding.Latin1.GetString(SharedFile.ReadAllBytes(file)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(AccountAnswer.Expired)]
    [InlineData(AccountAnswer.NotAllowed)]
    [InlineData(AccountAnswer.Unavailable)]
    [InlineData((AccountAnswer)77)]
    public async Task Try_AnyOtherAnswer_IsTheSameRefusalToTheTechnician(AccountAnswer answer)
    {
        (TrustFlow trust, LiveSession session) = await ConnectAsync();
        await using LiveSession ending = session;
        accounts.Answer = answer;

        Assert.Equal(new CredentialsVerdict(false, 2, TimeSpan.Zero), await TryAsync(session, Right));

        Assert.Equal(Enum.IsDefined(answer) ? answer.ToString() : "Unavailable", (string?)Assert.Single(TrustFixture.History(trust, "credentials.refused")).Data()["answer"]);
        await Assert.ThrowsAsync<AccessRefusedException>(async () => await session.PermitAsync(Operations.ViewScreen, Cancel));
    }

    [Fact]
    public async Task Try_CheckThrows_IsRefused()
    {
        (TrustFlow trust, LiveSession session) = await ConnectAsync();
        await using LiveSession ending = session;
        accounts.Asked = () => throw new InvalidOperationException("broken");

        Assert.False((await TryAsync(session, Right)).IsAccepted);
        Assert.Equal("Unavailable", (string?)Assert.Single(TrustFixture.History(trust, "credentials.refused")).Data()["answer"]);
    }

    [Theory]
    [InlineData(null, "x")]
    [InlineData("erika", "")]
    [InlineData("erika", Right + "\0x")]
    public async Task Try_WhatCannotBe_CountsAndIsNotAskedAbout(string? user, string password)
    {
        (_, LiveSession session) = await ConnectAsync();
        await using LiveSession ending = session;

        Assert.Equal(2, (await TryAsync(session, password, user)).TriesLeft);
        Assert.Empty(accounts.Passwords);
    }

    [Fact]
    public async Task Try_Refused_IsNotAnsweredBeforeTheFloor()
    {
        (_, LiveSession session) = await ConnectAsync();
        await using LiveSession ending = session;
        int timers = fixture.Time.PendingTimers;
        Task<CredentialsVerdict> trying = session.Credentials!.TryAsync(null, default, Cancel).AsTask();
        await TrustFixture.EventuallyAsync(() => trying.IsCompleted || fixture.Time.PendingTimers > timers ? "waits" : null);
        fixture.Time.Advance(CredentialsGate.RefusalFloor - TimeSpan.FromTicks(1));
        Assert.False(trying.IsCompleted);

        fixture.Time.Advance(TimeSpan.FromTicks(1));

        Assert.False((await trying).IsAccepted);
    }

    [Fact]
    public async Task Try_BesideAnother_IsBusyAndCostsNothing()
    {
        (_, LiveSession session) = await ConnectAsync();
        await using LiveSession ending = session;
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        accounts.Until = release.Task;
        Task<CredentialsVerdict> first = TryAsync(session, Right);

        Assert.Equal(RefusalReason.Busy, (await Assert.ThrowsAsync<AccessRefusedException>(async () => await session.Credentials!.TryAsync("erika", default, Cancel))).Reason);
        release.SetResult();

        Assert.Equal(new CredentialsVerdict(true, 2, TimeSpan.Zero), await first);
    }

    [Fact]
    public async Task Time_NoTryInAMinute_EndsTheSession()
    {
        (_, LiveSession session) = await ConnectAsync();
        await using LiveSession ending = session;
        fixture.Time.Advance(TimeSpan.FromSeconds(59.9));
        Assert.Equal(RefusalReason.None, session.EndReason);

        fixture.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(RefusalReason.CredentialsWrong, await TrustFixture.EndOfAsync(session));
    }

    [Fact]
    public async Task Time_WrongOnlyForTwoMinutes_EndsTheSessionAlsoWhileOneIsChecked()
    {
        (TrustFlow trust, LiveSession session) = await ConnectAsync();
        await using LiveSession ending = session;
        await TryAsync(session, "wrong");
        fixture.Time.Advance(TimeSpan.FromSeconds(115));
        Assert.Equal(RefusalReason.None, session.EndReason);
        accounts.Until = new TaskCompletionSource().Task;
        Task<CredentialsVerdict> trying = session.Credentials!.TryAsync("erika", "x"u8.ToArray(), session.Ended).AsTask();

        fixture.Time.Advance(TimeSpan.FromSeconds(4));

        Assert.Equal(RefusalReason.CredentialsWrong, await TrustFixture.EndOfAsync(session));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => trying);
        Assert.Equal(["WrongCredentials", "GivenUp"], TrustFixture.History(trust, "credentials.refused").Select(entry => (string?)entry.Data()["answer"]));
    }

    [Fact]
    public async Task Tries_OverSessionsProcessesAndReboots_AreDelayed()
    {
        TrustFlow trust = fixture.Open(accounts: accounts);
        Grant grant = await GrantAsync(trust);
        await using (LiveSession first = await TrustFixture.ConnectAsync(trust, fixture.Request(grant)))
        {
            for (int i = 0; i < 3; i++) Assert.Equal(TimeSpan.Zero, (await TryAsync(first, "wrong")).RetryAfter);
        }
        await using LiveSession second = await TrustFixture.ConnectAsync(trust, fixture.Request(grant));
        Assert.Equal(2, (await TryAsync(second, "wrong")).TriesLeft);

        CredentialsVerdict early = await second.Credentials!.TryAsync("erika", Encoding.UTF8.GetBytes(Right), Cancel);

        // 2 of the 30 s passed with the refusal before. Not tried, not counted, in the ledger.
        Assert.Equal(new CredentialsVerdict(false, 2, TimeSpan.FromSeconds(28)), early);
        Assert.Equal(4, accounts.Passwords.Count);
        Assert.Equal("LockedOut", (string?)Assert.Single(TrustFixture.History(trust, "operation.refused")).Data()["refusal"]);

        // Another process after a restart of the computer: the delay is whole again.
        fixture.Boot = Guid.NewGuid();
        TrustFlow after = fixture.Open(accounts: accounts);
        await using LiveSession third = await TrustFixture.ConnectAsync(after, fixture.Request(grant));
        Assert.Equal(TimeSpan.FromSeconds(30), (await third.Credentials!.TryAsync("erika", Encoding.UTF8.GetBytes(Right), Cancel)).RetryAfter);
        fixture.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.True((await TryAsync(third, Right)).IsAccepted);

        // A success forgets.
        await using LiveSession fourth = await TrustFixture.ConnectAsync(after, fixture.Request(grant));
        Assert.Equal(TimeSpan.Zero, (await TryAsync(fourth, "wrong")).RetryAfter);
    }

    [Fact]
    public async Task Tries_CounterDamaged_RefusesAndEndsTheSession()
    {
        TrustFlow trust = fixture.Open(accounts: accounts);
        Grant grant = await GrantAsync(trust);
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant));
        PrivateFile.Create(Path.Combine(fixture.GrantDirectory(grant), "credentials"), "garbage"u8);

        Assert.Equal(RefusalReason.RecordUnavailable, (await Assert.ThrowsAsync<AccessRefusedException>(async () => await TryAsync(session, Right))).Reason);

        Assert.Equal(RefusalReason.RecordUnavailable, session.EndReason);
        Assert.Empty(accounts.Passwords);
    }

    [Fact]
    public async Task ComputerPolicy_WantsThemInMidSession_EndsASessionThatGaveNone()
    {
        TrustFlow trust = fixture.Open(accounts: accounts);
        Grant grant = await fixture.GrantAsync(trust);
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant));
        Assert.Null(session.Credentials);
        PrivateFile.Write(Path.Combine(fixture.State, "policy.json"), """{"version":1,"credentials":true}"""u8.ToArray());

        fixture.Time.Advance(TimeSpan.FromMilliseconds(999));

        Assert.Equal(RefusalReason.CredentialsRequired, await TrustFixture.EndOfAsync(session));
        await using LiveSession next = await TrustFixture.ConnectAsync(trust, fixture.Request(grant));
        Assert.Equal(RefusalReason.CredentialsRequired, (await Assert.ThrowsAsync<AccessRefusedException>(async () => await next.PermitAsync(Operations.ViewScreen, Cancel))).Reason);
        Assert.True((await TryAsync(next, Right)).IsAccepted);
        await next.PermitAsync(Operations.ViewScreen, Cancel);
    }

    public ValueTask DisposeAsync() => fixture.DisposeAsync();

    private Task<Grant> GrantAsync(TrustFlow trust) => fixture.GrantAsync(trust, fixture.Terms(policy: new GrantPolicy { CredentialsRequired = true }));

    private async Task<(TrustFlow Trust, LiveSession Session)> ConnectAsync()
    {
        TrustFlow trust = fixture.Open(accounts: accounts);
        Grant grant = await GrantAsync(trust);
        return (trust, await TrustFixture.ConnectAsync(trust, fixture.Request(grant, Operations.ViewScreen | Operations.ControlInput)));
    }

    /// <summary>Tries, and lets the floor's time pass as soon as it is waited for: a clock that moved between the reckoning and the waiting would leave the try waiting for ever.</summary>
    private async Task<CredentialsVerdict> TryAsync(LiveSession session, string password, string? user = "erika")
    {
        TimeSpan floor = fixture.Time.Elapsed + CredentialsGate.RefusalFloor;
        Task<CredentialsVerdict> trying = session.Credentials!.TryAsync(user, Encoding.UTF8.GetBytes(password), Cancel).AsTask();
        while (!trying.IsCompleted && accounts.Until.IsCompleted)
        {
            if (fixture.Time.HasTimerAt(floor)) fixture.Time.Advance(floor - fixture.Time.Elapsed);
            await Task.Yield();
        }
        return await trying;
    }

    /// <summary>An operating system with one account.</summary>
    private sealed class ScriptedAccounts : IAccountCheck
    {
        public List<string> Passwords { get; } = [];

        public AccountAnswer? Answer { get; set; }

        public Action Asked { get; set; } = () => { };

        public Task Until { get; set; } = Task.CompletedTask;

        public async ValueTask<AccountAnswer> CheckAsync(string user, ReadOnlyMemory<byte> password, CancellationToken cancellationToken)
        {
            Asked();
            Passwords.Add(Encoding.UTF8.GetString(password.Span));
            await Until.WaitAsync(cancellationToken);
            return Answer ?? (user == "erika" && Passwords[^1] == Right ? AccountAnswer.Accepted : AccountAnswer.WrongCredentials);
        }
    }
}
