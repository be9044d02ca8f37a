using System.Text.Json.Nodes;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class LedgerReportTests
{
    private static readonly DateTimeOffset March = ReportLedger.March;
    private static readonly ReportPeriod OfMarch = ReportPeriod.Month(2026, 3, TimeZoneInfo.Utc);

    [Fact]
    public void Build_OneSession_SaysWhoWhenHowLongWhatAndWhatNot()
    {
        LedgerReport report = new ReportLedger()
            .Granted(March.AddDays(-1))
            .Accepted(1, March.AddHours(1), failed: 2)
            .Used(1, March.AddHours(1).AddMinutes(1))
            .Add("operation.refused", March.AddHours(1).AddMinutes(2), 1, new JsonObject { ["operations"] = new JsonArray("Clipboard"), ["refusal"] = "OperationNotGranted", ["subject"] = "x" })
            .Add("operation.refused.summary", March.AddHours(1).AddMinutes(3), 1, new JsonObject
            {
                ["refusals"] = new JsonArray(new JsonObject { ["operations"] = new JsonArray("Clipboard"), ["refusal"] = "OperationNotGranted", ["subject"] = "x", ["count"] = 41 }),
            })
            .Add("operation.withdrawn", March.AddHours(1).AddMinutes(4), 1, new JsonObject { ["operations"] = new JsonArray("ControlInput") })
            .Ended(1, March.AddHours(2), 3599, used: ["ViewScreen", "ControlInput"])
            .Report(OfMarch);

        ReportedSession session = Assert.Single(report.Sessions);
        Assert.Equal(("Alex Tester", "Contoso:Front desk:Ada", "Ticket 4711", "tcp 192.0.2.7:4711"), (session.Technician, session.Nickname, session.Reason, session.Peer));
        Assert.Equal((March.AddHours(1), March.AddHours(2), ReportedEnd.Recorded, TimeSpan.FromSeconds(3599)), (session.Started, session.LastSeen, session.End, session.Duration));
        Assert.Equal(["ControlInput", "ViewScreen"], session.Used);
        Assert.Equal(["ControlInput"], session.Withdrawn);
        Assert.Equal([new("Clipboard (OperationNotGranted)", 42)], session.Refused);
        Assert.Equal((2, "SessionEnded", "finished by the technician"), (session.FailedAttempts, session.EndReason, session.EndText));
        Assert.Empty(report.Grants);
    }

    [Fact]
    public void Build_SessionsAcrossTheBorder_AreInBothPeriodsAndOnlyThere()
    {
        ReportLedger ledger = new ReportLedger()
            .Accepted(1, March.AddMinutes(-10)).Ended(1, March.AddMinutes(10), 1200)
            .Accepted(2, March.AddMinutes(-10)).Ended(2, March.AddTicks(-TimeSpan.TicksPerMillisecond), 599)
            .Accepted(3, March).Ended(3, March.AddMinutes(1), 60)
            .Accepted(4, March.AddMonths(1).AddMinutes(-1)).Ended(4, March.AddMonths(1).AddMinutes(1), 120)
            .Accepted(5, March.AddMonths(1)).Ended(5, March.AddMonths(1).AddMinutes(1), 60)
            .Accepted(6, March.AddMonths(-1)).Ended(6, March.AddMonths(2), 1);

        Assert.Equal([1, 3, 4, 6], Sessions(ledger.Report(OfMarch)));
        Assert.Equal([1, 2, 6], Sessions(ledger.Report(ReportPeriod.Month(2026, 2, TimeZoneInfo.Utc))));
        Assert.Equal([4, 5, 6], Sessions(ledger.Report(ReportPeriod.Month(2026, 4, TimeZoneInfo.Utc))));
        Assert.Equal([1, 2, 3, 4, 5, 6], Sessions(ledger.Report(ReportPeriod.All(TimeZoneInfo.Utc))));
        Assert.Equal([3], Sessions(ledger.Report(ReportPeriod.Session(ReportLedger.Id(3), TimeZoneInfo.Utc))));
    }

    [Fact]
    public void Build_SessionWithoutAnEnd_IsLostAfterARestartOrItsExpiryAndOpenOtherwise()
    {
        var ledger = new ReportLedger();
        ledger.Accepted(1, March).Used(1, March.AddMinutes(7));
        ledger.Boot = new string('2', 32);
        ledger.Accepted(2, March.AddHours(1)).Used(2, March.AddHours(1).AddMinutes(3));

        ReportedSession[] running = [.. ledger.Report(OfMarch, made: March.AddHours(2)).Sessions];
        ReportedSession[] later = [.. ledger.Report(OfMarch, made: March.AddHours(14)).Sessions];

        Assert.Equal([ReportedEnd.Lost, ReportedEnd.Open], running.Select(session => session.End));
        Assert.Equal([ReportedEnd.Lost, ReportedEnd.Lost], later.Select(session => session.End));
        Assert.Equal([TimeSpan.FromMinutes(7), TimeSpan.FromMinutes(3)], later.Select(session => session.Duration));
    }

    [Fact]
    public void Build_SessionRecordedAsLost_IsLostAtOnceAndEndsWhereItWasLastHeardOf()
    {
        LedgerReport report = new ReportLedger()
            .Accepted(1, March).Used(1, March.AddMinutes(7))
            .Add("session.lost", March.AddHours(1), 1, new JsonObject { ["heard"] = "2026-03-01T00:07:00Z", ["seconds"] = 420, ["used"] = new JsonArray("ViewScreen") }, new JsonObject { ["kind"] = "agent" })
            .Report(OfMarch, made: March.AddHours(2));

        ReportedSession session = Assert.Single(report.Sessions);
        Assert.Equal((ReportedEnd.Lost, March.AddMinutes(7), TimeSpan.FromMinutes(7), ""), (session.End, session.LastSeen, session.Duration, session.EndReason));
        Assert.Empty(report.Others);
    }

    [Theory]
    [InlineData("Contoso", new[] { 1, 2, 3 })]
    [InlineData("contoso", new[] { 1, 2, 3 })]
    [InlineData("Contoso:Front desk", new[] { 1 })]
    [InlineData("Contoso:Front desk:Ada", new[] { 1 })]
    [InlineData("Contoso:Front", new int[0])]
    [InlineData("Con", new int[0])]
    [InlineData("Contoso Nord", new[] { 4 })]
    [InlineData("Fabrikam", new int[0])]
    public void Build_OfOneCustomer_TakesWholePartsOfNicknames(string customer, int[] sessions)
    {
        LedgerReport report = Customers(5).Report(OfMarch.OfCustomer(customer));

        Assert.Equal(sessions, Sessions(report));
        Assert.Equal(sessions.Length, report.Grants.Count);
        Assert.Equal(sessions.Length, report.Attempts.Count(each => each.Type == "session.refused"));
        Assert.Equal(2, report.Unassigned);
        Assert.Single(report.Blocks);
        Assert.Equal(customer, report.Period.Customer);
    }

    [Fact]
    public void Build_OfNoCustomer_TakesAllAndLeavesNothingUnassigned()
    {
        LedgerReport report = Customers(5).Report(OfMarch);

        Assert.Equal([1, 2, 3, 4, 5], Sessions(report));
        Assert.Equal((0, ""), (report.Unassigned, report.Period.Customer));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(":")]
    [InlineData("Contoso:")]
    [InlineData(":Contoso")]
    [InlineData("Contoso::Ada")]
    [InlineData("Con\ntoso")]
    public void OfCustomer_NoName_IsRefused(string customer) => Assert.Throws<ArgumentException>(() => OfMarch.OfCustomer(customer));

    /// <summary>Each session under a grant of its own, and a refusal; the last grant's making is not there.</summary>
    private static ReportLedger Customers(int sessions)
    {
        string[] nicknames = ["Contoso:Front desk:Ada", "Contoso", "CONTOSO:Office", "Contoso Nord:Office"];
        var ledger = new ReportLedger();
        for (int each = 1; each <= sessions; each++)
        {
            ledger.Grant = new string((char)('0' + each), 32);
            if (each <= nicknames.Length) ledger.Granted(March.AddHours(each), nicknames[each - 1]);
            ledger.Accepted(each, March.AddHours(each)).Ended(each, March.AddHours(each).AddMinutes(1), 60);
            ledger.Add("session.refused", March.AddHours(each).AddMinutes(2), data: new JsonObject { ["refusal"] = "Blocked" });
        }

        ledger.Grant = "";
        return ledger.Add("access.blocked", March.AddDays(2), data: new JsonObject { ["until"] = "2026-04-01T00:00:00Z" });
    }

    [Fact]
    public void Build_EventsOutsideSessions_AreToldOncePerList()
    {
        LedgerReport report = new ReportLedger()
            .Add("session.refused", March, data: new JsonObject { ["refusal"] = "Blocked", ["peer"] = "tcp 192.0.2.9:1" })
            .Add("session.abandoned", March.AddMinutes(1), data: new JsonObject { ["peer"] = "tcp 192.0.2.9:1" })
            .Add("session.rejected.summary", March.AddMinutes(2), data: new JsonObject { ["counts"] = new JsonObject { ["Signature"] = 3 } })
            .Granted(March.AddMinutes(3)).Add("grant.unlocked", March.AddMinutes(4)).Add("grant.revoked", March.AddMinutes(5))
            .Add("access.blocked", March.AddMinutes(6), data: new JsonObject { ["until"] = "2026-04-01T00:00:00Z" }).Add("access.unblocked", March.AddMinutes(7))
            .Add("door.opened", March.AddMinutes(8))
            .Add("access.blocked", March.AddMonths(1))
            .Report(OfMarch);

        Assert.Equal(["session.refused", "session.abandoned", "session.rejected.summary"], report.Attempts.Select(each => each.Type));
        Assert.Equal(["grant.created", "grant.unlocked", "grant.revoked"], report.Grants.Select(each => each.Type));
        Assert.Equal(["access.blocked", "access.unblocked"], report.Blocks.Select(each => each.Type));
        Assert.Equal(["door.opened"], report.Others.Select(each => each.Type));
        Assert.Equal("Alex Tester was refused (Blocked), from tcp 192.0.2.9:1.", report.Attempts[0].What);
    }

    [Fact]
    public void Build_OneSessionAskedFor_TellsItsGrantAndNothingElse()
    {
        LedgerReport report = new ReportLedger()
            .Granted(March.AddDays(-100)).Accepted(1, March).Accepted(2, March).Ended(2, March.AddMinutes(1), 60).Ended(1, March.AddMinutes(2), 120)
            .Add("access.blocked", March.AddMinutes(3))
            .Report(ReportPeriod.Session(ReportLedger.Id(1), TimeZoneInfo.Utc));

        Assert.Equal([1], Sessions(report));
        Assert.Equal(["grant.created"], report.Grants.Select(each => each.Type));
        Assert.Empty(report.Blocks);
    }

    [Fact]
    public void Build_MoreThanAReportHolds_IsCountedNotKept()
    {
        var ledger = new ReportLedger();
        LedgerEntry refused = ledger.Add("session.refused", March, data: new JsonObject { ["refusal"] = "Blocked" }).Entries[0];

        LedgerReport report = LedgerReport.Build(Enumerable.Repeat(refused, LedgerReport.MaxLines + 7), OfMarch, March);

        Assert.Equal((LedgerReport.MaxLines, 7), (report.Attempts.Count, report.Omitted));
    }

    [Fact]
    public void Build_ThousandsOfSessionsWithoutAnEnd_KeepsOnlyTheNewestOpen()
    {
        var ledger = new ReportLedger();
        for (int i = 1; i <= 5000; i++) ledger.Accepted(i, March.AddSeconds(i));

        Assert.Equal(Enumerable.Range(1, 5000), Sessions(ledger.Report(OfMarch)));
        Assert.Empty(ledger.Report(ReportPeriod.Month(2026, 5, TimeZoneInfo.Utc)).Sessions);
    }

    [Theory]
    [InlineData(2026, 1, "2025-12-28T23:00:00Z", "2026-01-04T23:00:00Z")]
    [InlineData(2026, 13, "2026-03-22T23:00:00Z", "2026-03-29T22:00:00Z")]
    [InlineData(2020, 53, "2020-12-27T23:00:00Z", "2021-01-03T23:00:00Z")]
    public void Week_OfIso8601_FollowsTheZonesMidnightOverDaylightSaving(int year, int week, string from, string to)
    {
        ReportPeriod period = ReportPeriod.Week(year, week, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));

        Assert.Equal((DateTimeOffset.Parse(from, null), DateTimeOffset.Parse(to, null)), (period.From, period.To));
    }

    [Theory]
    [InlineData("America/Asuncion", 2017, 10, "2017-10-01T04:00:00Z")]
    [InlineData("Asia/Amman", 2016, 4, "2016-03-31T22:00:00Z")]
    [InlineData("America/Havana", 2015, 11, "2015-11-01T04:00:00Z")]
    public void Month_WhoseFirstMidnightIsSkippedOrComesTwice_BeginsWithTheFirstMomentOfTheDay(string name, int year, int month, string from)
    {
        TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById(name);

        Assert.Equal(DateTimeOffset.Parse(from, null), ReportPeriod.Month(year, month, zone).From);
        for (int each = 1; each < 12; each++) Assert.Equal(ReportPeriod.Month(year, each, zone).To, ReportPeriod.Month(year, each + 1, zone).From);
        _ = ReportPeriod.Month(1, 1, zone);
        _ = ReportPeriod.Month(9998, 12, zone);
    }

    [Fact]
    public void Period_OutsideItsRange_IsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ReportPeriod.Week(2026, 54, TimeZoneInfo.Utc));
        Assert.Throws<ArgumentOutOfRangeException>(() => ReportPeriod.Week(2025, 53, TimeZoneInfo.Utc));
        Assert.Throws<ArgumentOutOfRangeException>(() => ReportPeriod.Month(2026, 13, TimeZoneInfo.Utc));
        Assert.Throws<ArgumentException>(() => ReportPeriod.Session(new byte[15], TimeZoneInfo.Utc));
    }

    private static int[] Sessions(LedgerReport report) => [.. report.Sessions.Select(session => BitConverter.ToInt32(session.SessionId.Span))];
}
