using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests.Trust;

/// <summary>The computer's wall clock is set while everything else goes on. Nothing opens that was shut by anything but the wall clock itself.</summary>
public sealed class ClockJumpTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> Jumps => ["1970-01-01T00:00:00Z", "2026-03-02T11:00:00Z", "2026-03-01T10:00:00Z", "2026-03-03T10:00:00Z", "2106-02-07T06:28:16Z"];

    [Theory]
    [MemberData(nameof(Jumps))]
    public async Task Session_ClockSet_EndsWhenTheGrantIsNotInForceThenAndNeverLastsLonger(string to)
    {
        await using var fixture = new TrustFixture { Time = new FakeTime(Start) };
        TrustFlow trust = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust, fixture.Terms(policy: new GrantPolicy { SessionCap = TimeSpan.FromHours(2) }));
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant));
        bool isInForce = grant.NotBefore <= Moment(to) && Moment(to) < grant.NotAfter;

        fixture.Time.SetWallClock(Moment(to));
        await session.CheckAsync();

        Assert.Equal(isInForce && Moment(to) < session.ExpiresAt ? RefusalReason.None : RefusalReason.Expired, session.EndReason);
        fixture.Time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(RefusalReason.Expired, await TrustFixture.EndOfAsync(session));
    }

    [Theory]
    [MemberData(nameof(Jumps))]
    public async Task Gate_ClockSet_AdmitsExactlyWhileTheGrantIsInForceByThatClock(string to)
    {
        await using var fixture = new TrustFixture { Time = new FakeTime(Start) };
        TrustFlow trust = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust);
        ConnectRequest request = fixture.Request(grant);

        fixture.Time.SetWallClock(Moment(to));

        bool isInForce = grant.NotBefore <= Moment(to) && Moment(to) < grant.NotAfter;
        Assert.Equal(isInForce ? RefusalReason.None : RefusalReason.Expired, (await TrustFixture.AdmitAsync(trust, request)).Refusal);
    }

    [Theory]
    [MemberData(nameof(Jumps))]
    public async Task Lockout_ClockSet_IsNotShortened(string to)
    {
        await using var fixture = new TrustFixture { Time = new FakeTime(Start) };
        TrustFlow trust = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust, new GrantTerms { Operations = Operations.ViewScreen, NotAfter = new DateTimeOffset(2200, 1, 1, 0, 0, 0, TimeSpan.Zero) });
        for (int i = 0; i < 4; i++) await TrustFixture.FailAsync(trust, fixture.Request(grant));

        fixture.Time.SetWallClock(Moment(to));

        GrantSummary summary = Assert.Single(trust.Grants);
        Assert.Equal(TimeSpan.FromSeconds(30), summary.RetryAfter);
        fixture.Time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(TimeSpan.FromSeconds(1), Assert.Single(trust.Grants).RetryAfter);
    }

    [Theory]
    [MemberData(nameof(Jumps))]
    public async Task Block_WithoutEnd_HoldsWhateverTheClockSays(string to)
    {
        await using var fixture = new TrustFixture { Time = new FakeTime(Start) };
        TrustFlow trust = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust, new GrantTerms { Operations = Operations.ViewScreen, NotBefore = DateTimeOffset.UnixEpoch, NotAfter = new DateTimeOffset(2200, 1, 1, 0, 0, 0, TimeSpan.Zero) });
        await trust.BlockAsync(DateTimeOffset.MaxValue, "Erika", Cancel);

        fixture.Time.SetWallClock(Moment(to));

        Assert.Equal(RefusalReason.Blocked, (await TrustFixture.AdmitAsync(trust, fixture.Request(grant))).Refusal);
    }

    [Theory]
    [MemberData(nameof(Jumps))]
    public async Task Ledger_ClockSet_StaysWholeAndSaysWhatTheClockSaid(string to)
    {
        await using var fixture = new TrustFixture { Time = new FakeTime(Start) };
        TrustFlow trust = fixture.Open();
        Grant grant = await fixture.GrantAsync(trust);
        await using (LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant)))
        {
            fixture.Time.SetWallClock(Moment(to));
            await session.EndAsync(RefusalReason.SessionEnded, "", Cancel);
        }

        LedgerVerification verification = trust.VerifyLedger();
        Assert.True(verification.Ok, verification.ToString());
        Assert.Equal(Moment(to), TrustFixture.History(trust, "session.ended")[0].Time);
    }

    /// <summary>Both nights on which Europe's clocks change: hours follow the clock on the wall, and the running session ends with them.</summary>
    [Theory]
    [InlineData("2026-03-29T00:30:00Z", 150, "2026-03-29T01:00:00Z")]
    [InlineData("2026-10-25T00:30:00Z", 165, "2026-10-25T00:45:00Z")]
    [InlineData("2026-10-25T00:30:00Z", 180, "2026-10-25T02:00:00Z")]
    public async Task Hours_ClocksChange_EndByTheWallClockOfTheZone(string start, int toMinute, string end)
    {
        await using var fixture = new TrustFixture { Time = new FakeTime(Moment(start)) };
        TrustFlow trust = fixture.Open();
        var hours = new WeeklyHours("Europe/Berlin", [new HoursWindow([DayOfWeek.Sunday], 0, toMinute)]);
        Grant grant = await fixture.GrantAsync(trust, fixture.Terms(policy: new GrantPolicy { Hours = hours }));
        await using LiveSession session = await TrustFixture.ConnectAsync(trust, fixture.Request(grant));

        fixture.Time.Advance(Moment(end) - Moment(start) - TimeSpan.FromSeconds(1));
        await session.CheckAsync();
        Assert.Equal(RefusalReason.None, session.EndReason);
        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        await session.CheckAsync();
        Assert.Equal(RefusalReason.OutsideHours, session.EndReason);
    }

    private static DateTimeOffset Moment(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
