using System.Globalization;
using System.Text;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>A session that asks for the stored password, in fake time.</summary>
public sealed class CredentialFillTests : IAsyncDisposable
{
    private const string Right = "Hühnersuppe-4711";
    private readonly TrustFixture fixture = new();
    private readonly KeyedSealer sealer = new();
    private readonly FakeLogon logon = new();
    private readonly OnePassword accounts = new("erika", Right);
    private readonly KeptLines log = new();
    private TrustFlow trust = null!;
    private Grant grant = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fill_AtTheLogonScreen_IsRecordedBeforeAndWiped()
    {
        await using LiveSession session = await ConnectAsync();
        logon.OnFill = () =>
        {
            Assert.Equal(("erika", 1), TrustFixture.History(trust, "credential.fill").Select(entry => ((string?)entry.Data()["user"], (int?)entry.Data()["number"])).Single());
            Assert.Empty(TrustFixture.History(trust, "credential.filled"));
        };

        Assert.Equal((RefusalReason.None, 3), (session.Tools.Fill!.Look().Answer.Refusal, session.Tools.Fill.Look().Left));
        Assert.Equal(RefusalReason.None, await FillAsync(session));

        Assert.Equal([("erika", Right)], logon.Filled);
        Assert.All(logon.Lent.ToArray(), value => Assert.Equal(0, value));
        Assert.Equal("Filled", (string?)Assert.Single(TrustFixture.History(trust, "credential.filled")).Data()["outcome"]);
        Assert.Equal(["session.accepted", "operation.used", "credential.fill", "credential.filled"], TrustFixture.History(trust).Select(entry => entry.Type).Skip(2));
        Assert.Equal(2, session.Tools.Fill.Look().Left);
    }

    [Fact]
    public async Task Fill_FourthTime_IsRefused()
    {
        await using LiveSession session = await ConnectAsync();
        for (int i = 0; i < 3; i++) Assert.Equal(RefusalReason.None, await FillAsync(session));

        Assert.Equal(RefusalReason.LimitReached, await FillAsync(session));

        Assert.Equal(3, logon.Filled.Count);
        Assert.Equal((RefusalReason.LimitReached, 0), (session.Tools.Fill!.Look().Answer.Refusal, session.Tools.Fill.Look().Left));
        Assert.Equal("LimitReached", (string?)Assert.Single(TrustFixture.History(trust, "operation.refused")).Data()["refusal"]);
        await using LiveSession next = await TrustFixture.ConnectAsync(trust, fixture.Request(grant, Operations.FillCredential));
        Assert.Equal(RefusalReason.None, await FillAsync(next));
    }

    [Fact]
    public async Task Fill_WrongByNow_DeletesItAndAsksTheCustomerAgain()
    {
        await using LiveSession session = await ConnectAsync();
        int asked = 0;
        trust.StoredCredentials.BecameStale += (_, _) => asked++;
        logon.Outcome = FillOutcome.Wrong;

        Assert.Equal(RefusalReason.CredentialStale, await FillAsync(session));
        Assert.Equal(RefusalReason.CredentialStale, await FillAsync(session));

        Assert.Single(logon.Filled);
        Assert.Equal(1, asked);
        Assert.Equal([new StoredCredential("erika", StoredCredentialState.Stale)], trust.StoredCredentials.List(grant.Id));
        Assert.Null(trust.StoredCredentials.TryOpen(grant.Id, "erika"));
        Assert.Equal("Wrong", (string?)Assert.Single(TrustFixture.History(trust, "credential.erased")).Data()["why"]);
        var notices = new NoticeStore(StateDirectory.Open(fixture.State), new NoticeWords(CultureInfo.InvariantCulture, TimeZoneInfo.Utc), fixture.Options.Logger);
        SurfaceNotice notice = Assert.Single(notices.Read(), notice => notice.GrantId is null);
        Assert.Equal(("The stored password is not right any more", fixture.Time.GetUtcNow()), (notice.Title, notice.At));
        Assert.Contains("stored for the account erika was not right", notice.Text, StringComparison.Ordinal);
        // The customer gives the new one.
        logon.Outcome = FillOutcome.Filled;
        await StoreAsync();
        Assert.Equal(RefusalReason.None, await FillAsync(session));
    }

    [Fact]
    public async Task Fill_TamperedRecord_DeletesItAndFillsNothing()
    {
        await using LiveSession session = await ConnectAsync();
        string path = Assert.Single(Directory.GetFiles(fixture.GrantDirectory(grant), "fill-*"));
        byte[] record = File.ReadAllBytes(path);
        record[^1] ^= 1;
        File.WriteAllBytes(path, record);

        Assert.Equal(RefusalReason.CredentialStale, await FillAsync(session));

        Assert.Empty(logon.Filled);
        Assert.Equal("Damaged", (string?)Assert.Single(TrustFixture.History(trust, "credential.erased")).Data()["why"]);
    }

    [Fact]
    public async Task Fill_ConditionsOfTheLiveComputer_EachRefuses()
    {
        await using LiveSession session = await ConnectAsync();
        logon.State = new LogonScreenState(false, "erika");
        Assert.Equal(RefusalReason.NotAtLogon, await FillAsync(session));
        logon.State = new LogonScreenState(true, "max");
        Assert.Equal(RefusalReason.NothingStored, await FillAsync(session));
        // Nobody is logged on: the one password there is.
        logon.State = new LogonScreenState(true, null);
        Assert.Equal(RefusalReason.None, await FillAsync(session));
        logon.State = new LogonScreenState(true, "erika");
        await session.WithdrawAsync(Operations.FillCredential, "Erika", Cancel);
        Assert.Equal(RefusalReason.Withdrawn, await FillAsync(session));
        await session.RestoreAsync(Operations.FillCredential, "Erika", Cancel);
        await trust.StoredCredentials.EraseAsync("Erika", Cancel);
        Assert.Equal(RefusalReason.NothingStored, await FillAsync(session));
        await StoreAsync();
        await trust.BlockAsync(fixture.Time.GetUtcNow().AddHours(1), "Erika", Cancel);
        Assert.Equal(RefusalReason.Blocked, await FillAsync(session));
        Assert.Single(logon.Filled);
    }

    [Fact]
    public async Task Fill_SessionWithoutTheOperation_IsRefused()
    {
        await using LiveSession session = await ConnectAsync(Operations.ViewScreen);
        Assert.Equal(RefusalReason.OperationNotGranted, await FillAsync(session));
        Assert.Empty(logon.Filled);
    }

    [Fact]
    public async Task Fill_NoFiller_IsNotAvailableAndThePasswordStays()
    {
        await using LiveSession session = await ConnectAsync(filler: false);
        Assert.Equal(RefusalReason.NotAvailable, await FillAsync(session));
        Assert.NotNull(trust.StoredCredentials.TryOpen(grant.Id, "erika"));
    }

    [Fact]
    public async Task Fill_FillerThrows_IsUnavailableAndSaysItsKindOnly()
    {
        await using LiveSession session = await ConnectAsync();
        logon.OnFill = () => throw new InvalidOperationException($"provider lost {Right}");

        Assert.Equal(RefusalReason.NotAvailable, await FillAsync(session));

        Assert.Equal("Unavailable", (string?)Assert.Single(TrustFixture.History(trust, "credential.filled")).Data()["outcome"]);
        Assert.Contains("InvalidOperationException", log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Right, log.Text, StringComparison.Ordinal);
        Assert.All(TrustFixture.History(trust), entry => Assert.DoesNotContain(Right, Encoding.UTF8.GetString(entry.Raw.Span), StringComparison.Ordinal));
    }

    /// <summary>Unlocked between the entry and the effect: nothing is filled in.</summary>
    [Fact]
    public async Task Fill_WithdrawnMeanwhile_CancelsTheFiller()
    {
        await using LiveSession session = await ConnectAsync();
        logon.OnFill = () => session.WithdrawAsync(Operations.FillCredential, "Erika", Cancel).AsTask().GetAwaiter().GetResult();

        Assert.Equal(RefusalReason.NotAvailable, await FillAsync(session));
        Assert.Empty(logon.Filled);
    }

    [Fact]
    public async Task Fill_BesideAnother_IsBusy()
    {
        await using LiveSession session = await ConnectAsync();
        Task<RefusalReason>? second = null;
        logon.OnFill = () =>
        {
            logon.OnFill = () => { };
            second = FillAsync(session);
            Assert.Equal(RefusalReason.Busy, second.GetAwaiter().GetResult());
        };

        Assert.Equal(RefusalReason.None, await FillAsync(session));
        Assert.NotNull(second);
    }

    public ValueTask DisposeAsync() => fixture.DisposeAsync();

    private async Task<LiveSession> ConnectAsync(Operations wanted = Operations.ViewScreen | Operations.FillCredential, bool filler = true)
    {
        trust = fixture.Open(fixture.Options with { AccountCheck = accounts, Filling = new CredentialFilling { Sealer = sealer, Screen = logon, Filler = filler ? logon : null }, Logger = log });
        grant = await fixture.GrantAsync(trust, fixture.Terms(Operations.ViewScreen | Operations.FillCredential));
        await StoreAsync();
        return await TrustFixture.ConnectAsync(trust, fixture.Request(grant, wanted));
    }

    private async Task StoreAsync() => Assert.Equal(CredentialEnrolment.Stored, await trust.StoredCredentials.StoreAsync(grant.Id, "erika", Encoding.UTF8.GetBytes(Right), Cancel));

    private static Task<RefusalReason> FillAsync(LiveSession session) => session.Tools.Fill!.FillAsync(Cancel).AsTask();
}
