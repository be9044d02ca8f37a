using System.Text.Json.Nodes;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class ExplainTests
{
    private const int Grants = 24;

    private static readonly int States = Wine.Or(2400, 60);

    private static readonly string[] Policies =
    [
        "{\"version\":1}",
        "{\"version\":1,\"operations\":[\"ViewScreen\"]}",
        "{\"version\":1,\"reason\":true}",
        "{\"version\":1,\"hours\":{\"zone\":\"America/New_York\",\"windows\":[{\"days\":[\"mon\",\"wed\",\"fri\"],\"from\":\"06:00\",\"to\":\"19:00\"}]}}",
        "{\"version\":1,\"notAfter\":\"2026-03-20T00:00:00Z\",\"sessionCapMinutes\":30}",
        "{\"version\":1,\"recording\":\"required\"}",
        "damaged",
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Explain_RandomStates_IsWhatTheGateAnswersAndRecords()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        var random = new Random(4711);
        var grants = new List<Grant>();
        for (int i = 0; i < Grants; i++) grants.Add(await fixture.GrantAsync(trust, RandomTerms(fixture, random)));
        PakeAdmission? underWay = null;
        var seen = new Dictionary<RefusalReason, int>();
        for (int i = 0; i < States; i++)
        {
            fixture.Time.Advance(TimeSpan.FromSeconds(random.Next(1, 1800)));
            Grant changed = grants[random.Next(Grants)], grant = random.Next(2) == 0 ? changed : grants[random.Next(Grants)];
            await ChangeAsync(trust, fixture, changed, random);
            var request = fixture.Request(grant) with
            {
                Wanted = (Operations)random.Next(0, random.Next(3) == 0 ? 16 : 4),
                Reason = random.Next(3) == 0 ? " " : "Ticket 4711",
                GrantId = random.Next(40) == 0 ? new byte[16] : grant.Id,
                Certificate = fixture.Tenant.IssueCertificate("Alex Tester", random.Next(6) == 0 ? Operations.ViewScreen : Operations.All, fixture.Time.GetUtcNow()),
            };

            AccessExplanation explained = trust.Explain(new AccessInquiry
            {
                GrantId = request.GrantId, Wanted = request.Wanted, TechnicianOperations = request.Certificate.MaxOperations, Reason = request.Reason,
            });
            PakeAdmission gate = await TrustFixture.AdmitAsync(trust, request);

            Assert.True((gate.Refusal, gate.RetryAfter) == (explained.Refusal, explained.RetryAfter), $"State {i}: the gate says {gate.Refusal}; explained: {explained}");
            Assert.Equal(gate.Refusal == RefusalReason.None, explained.IsAllowed);
            seen[gate.Refusal] = seen.GetValueOrDefault(gate.Refusal) + 1;
            if (gate.Refusal == RefusalReason.None) underWay = await GoOnAsync(trust, gate, underWay, random);
            else AssertRecorded(trust, explained);
        }

        RefusalReason[] expected =
        [
            RefusalReason.None, RefusalReason.GrantUnknown, RefusalReason.Expired, RefusalReason.Revoked, RefusalReason.RuleNotSupported, RefusalReason.Blocked, RefusalReason.OutsideHours,
            RefusalReason.OperationNotGranted, RefusalReason.ReasonRequired, RefusalReason.LockedOut, RefusalReason.Busy, RefusalReason.RecordUnavailable,
        ];
        if (Wine.IsHere) Assert.True(seen.Count > 5, string.Join(", ", seen.Keys));
        else Assert.Equal(expected.Order(), seen.Keys.Order());
    }

    [Fact]
    public async Task Explain_EachRule_SaysItWithItsData()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        var policy = new GrantPolicy
        {
            Hours = new WeeklyHours("Europe/Berlin", [new HoursWindow([DayOfWeek.Monday, DayOfWeek.Friday], 8 * 60, 18 * 60)]), ReasonRequired = true, SessionCap = TimeSpan.FromHours(9),
        };
        Grant grant = await fixture.GrantAsync(trust, fixture.Terms(Operations.ViewScreen, policy));
        var ask = new AccessInquiry { GrantId = grant.Id, Wanted = Operations.ViewScreen, Reason = "Ticket 4711" };

        // Monday, 11:00 in Berlin: the hours end before the cap.
        Assert.Equal("Allowed: with the right access code a session may begin, and would end at 2026-03-02 17:00:00 +00:00 at the latest.", trust.Explain(ask).Sentence);
        Assert.Equal(new DateTimeOffset(2026, 3, 2, 17, 0, 0, TimeSpan.Zero), trust.Explain(ask).Until);
        AccessExplanation closed = trust.Explain(ask with { At = new DateTimeOffset(2026, 3, 3, 10, 0, 0, TimeSpan.Zero) });
        Assert.Equal((RefusalReason.OutsideHours, new DateTimeOffset(2026, 3, 6, 7, 0, 0, TimeSpan.Zero)), (closed.Refusal, closed.At));
        Assert.Equal("Refused: it is outside the hours agreed to, which open at 2026-03-06 07:00:00 +00:00.", closed.Sentence);
        AccessExplanation excess = trust.Explain(ask with { Wanted = Operations.All });
        Assert.Equal(Operations.All & ~Operations.ViewScreen, excess.Excess);
        Assert.StartsWith("Refused: it was not agreed to use keyboard and mouse, use the clipboard,", excess.Sentence, StringComparison.Ordinal);
        Assert.Equal("Refused: no operation was asked for.", trust.Explain(ask with { Wanted = Operations.None }).Sentence);
        Assert.Equal("Refused: a reason must be given, and none was.", trust.Explain(ask with { Reason = "" }).Sentence);
        Assert.Equal("Refused: this computer has no such grant.", trust.Explain(ask with { GrantId = new byte[16] }).Sentence);
        Assert.Equal("Refused: this computer has no such grant.", trust.Explain(ask with { GrantId = new byte[3] }).Sentence);
        Assert.Equal("Refused: the time agreed to begins at 2026-03-02 10:00:00 +00:00.", trust.Explain(ask with { At = DateTimeOffset.MinValue }).Sentence);
        Assert.Equal("Refused: the time agreed to ended at 2026-04-01 10:00:00 +00:00.", trust.Explain(ask with { At = DateTimeOffset.MaxValue }).Sentence);

        await trust.BlockAsync(fixture.Time.GetUtcNow().AddHours(2), "Erika", Cancel);
        Assert.Equal("Refused: remote access is blocked until 2026-03-02 12:00:00 +00:00.", trust.Explain(ask).Sentence);
        Assert.True(trust.Explain(ask with { At = fixture.Time.GetUtcNow().AddHours(2) }).IsAllowed);
        await trust.BlockAsync(DateTimeOffset.MaxValue, "Erika", Cancel);
        Assert.Equal("Refused: remote access is blocked until it is unblocked at the computer.", trust.Explain(ask).Sentence);
        await trust.UnblockAsync("Erika", Cancel);

        ComputerPolicyTests.Write(fixture, "{\"version\":1,\"operations\":[\"Chat\"]}");
        AccessExplanation narrowed = trust.Explain(ask);
        Assert.True(narrowed.ByComputerPolicy);
        Assert.Equal("Refused by the computer's own policy (policy.json): it was not agreed to see the screen.", narrowed.Sentence);
        ComputerPolicyTests.Write(fixture, "no policy");
        Assert.StartsWith("Refused: what the computer keeps on its disk cannot be used. ", trust.Explain(ask).Sentence, StringComparison.Ordinal);
        File.Delete(ComputerPolicyTests.PolicyFile(fixture));

        await trust.RevokeAsync(grant.Id, "Erika", Cancel);
        Assert.Equal("Refused: the grant was revoked at 2026-03-02 10:00:00 +00:00, for ever.", trust.Explain(ask).Sentence);
    }

    [Fact]
    public async Task Explain_LockedOut_CountsDownAndChargesNothing()
    {
        await using var fixture = new TrustFixture();
        TrustFlow trust = fixture.Open();
        ConnectRequest request = fixture.Request(await fixture.GrantAsync(trust));
        for (int i = 0; i < 4; i++) await TrustFixture.FailAsync(trust, request);
        var ask = new AccessInquiry { GrantId = request.GrantId, Wanted = Operations.ViewScreen };
        int entries = TrustFixture.History(trust).Count;

        for (int i = 0; i < 20; i++) Assert.Equal(TimeSpan.FromSeconds(30), trust.Explain(ask).RetryAfter);
        Assert.Equal("Refused: after too many wrong access codes the next is taken in 10 s.", trust.Explain(ask with { At = fixture.Time.GetUtcNow().AddSeconds(20) }).Sentence);
        Assert.True(trust.Explain(ask with { At = fixture.Time.GetUtcNow().AddSeconds(30) }).IsAllowed);
        Assert.Equal((4, entries), (Assert.Single(trust.Grants).FailedAttempts, TrustFixture.History(trust).Count));
    }

    private static GrantTerms RandomTerms(TrustFixture fixture, Random random)
    {
        var policy = new GrantPolicy
        {
            Hours = random.Next(2) == 0 ? null : new WeeklyHours("Europe/Berlin", [new HoursWindow([DayOfWeek.Monday, (DayOfWeek)random.Next(2, 7)], random.Next(1440), 0)]),
            ReasonRequired = random.Next(2) == 0,
        };
        DateTimeOffset begin = fixture.Time.GetUtcNow().AddDays(random.Next(-1, 4));
        return new GrantTerms { Operations = (Operations)random.Next(1, 16) | Operations.ViewScreen, NotBefore = begin, NotAfter = begin.AddDays(random.Next(3, 40)), Policy = policy };
    }

    private static async Task ChangeAsync(TrustFlow trust, TrustFixture fixture, Grant grant, Random random)
    {
        DateTimeOffset now = fixture.Time.GetUtcNow();
        switch (random.Next(40))
        {
            case 0: await trust.BlockAsync(random.Next(3) == 0 ? DateTimeOffset.MaxValue : now.AddMinutes(random.Next(200)), "Erika", Cancel); break;
            case 1 or 2 or 3: await trust.UnblockAsync("Erika", Cancel); break;
            case 4 or 5: await Record.ExceptionAsync(() => trust.UnlockAsync(grant.Id, "Erika", Cancel).AsTask()); break; // Not when its counter is damaged.
            case 6 when random.Next(8) == 0: await trust.RevokeAsync(grant.Id, "Erika", Cancel); break;
            case 7: ComputerPolicyTests.Write(fixture, Policies[random.Next(Policies.Length)]); break;
            case 8 or 9 or 10: File.Delete(ComputerPolicyTests.PolicyFile(fixture)); break;
            case 12 or 13 or 14 or 15 or 16 or 17: await GuessWronglyAsync(trust.Gate, fixture.Request(grant)); break;
            case 11 when random.Next(12) == 0: await File.WriteAllBytesAsync(Path.Combine(fixture.GrantDirectory(grant), "guesses"), new byte[9], Cancel); break;
        }
    }

    /// <summary>Enough to be locked out, when the gate allows so many.</summary>
    private static async Task GuessWronglyAsync(AccessGate gate, ConnectRequest request)
    {
        for (int i = 0; i < 5; i++) await gate.AbandonAsync(await gate.AdmitAsync(request, Cancel), Cancel);
    }

    /// <summary>Some attempts stay under way, some codes are wrong, some are right.</summary>
    private static async Task<PakeAdmission?> GoOnAsync(TrustFlow trust, PakeAdmission admitted, PakeAdmission? underWay, Random random)
    {
        AccessGate authority = trust.Gate;
        if (underWay is not null) await authority.AbandonAsync(underWay, Cancel);
        if (random.Next(2) == 0) return admitted;
        if (random.Next(3) > 0)
        {
            await authority.AbandonAsync(admitted, Cancel);
            return null;
        }
        SessionDecision decision = await authority.AcceptAsync(admitted, Guid.NewGuid().ToByteArray(), Cancel);
        if (decision.Session is { } session) await session.DisposeAsync();
        return null;
    }

    private static void AssertRecorded(TrustFlow trust, AccessExplanation explained)
    {
        LedgerEntry newest = trust.ReadHistory(new LedgerQuery { NewestFirst = true, Limit = 1 }).Single();
        JsonObject data = newest.Data();
        Assert.Equal(("session.refused", explained.Refusal.ToString()), (newest.Type, data["refusal"]?.ToString()));
        Assert.Equal(explained.At is { } at ? TrustEvents.Time(at) : null, data["at"]?.ToString());
        Assert.Equal(explained.Excess == Operations.None ? null : TrustEvents.Names(explained.Excess).ToJsonString(), data["excess"]?.ToJsonString());
    }
}
