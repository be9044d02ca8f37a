using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class ReportFormatTests
{
    private static readonly DateTimeOffset March = ReportLedger.March;
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Fact]
    public void Html_OfAMonth_ShowsWhatHappenedInItsZone()
    {
        LedgerReport report = Busy(new ReportLedger()).Report(ReportPeriod.Month(2026, 3, Berlin), verification: Intact());
        XElement page = Page(report);

        Assert.Equal("Remote access report, 2026-03", page.Descendants("h1").Single().Value);
        Assert.Contains("From 2026-03-01 00:00:00 +01:00 to before 2026-04-01 00:00:00 +02:00", page.Value, StringComparison.Ordinal);
        Assert.Contains("time zone Europe/Berlin", page.Value, StringComparison.Ordinal);
        Assert.Contains("The ledger was verified and is intact: 7 entries, 6 of them signed", page.Value, StringComparison.Ordinal);
        string[] session = [.. Rows(page, "Sessions")[0].Elements().Select(cell => cell.Value)];
        Assert.Equal("2026-03-02 11:00:00 +01:00", session[0]);
        Assert.StartsWith("Alex Tester“Ticket 4711”2 failed attempts before", session[1], StringComparison.Ordinal);
        Assert.Equal(("0:10:00", "see the screen", "2026-03-02 11:10:00 +01:00finished by the technician"), (session[2], session[3], session[5]));
        Assert.Contains("no end is recorded", Rows(page, "Sessions")[1].Value, StringComparison.Ordinal);
        Assert.Single(Rows(page, "Refused and failed attempts"));
        Assert.Equal(["2", "0:15:00"], Rows(page, "Summary")[^1].Elements().Skip(2).Take(2).Select(cell => cell.Value));
    }

    [Fact]
    public void Write_OfOneCustomer_SaysWhichInEachFormat()
    {
        ReportLedger ledger = Busy(new ReportLedger());
        ledger.Grant = new string('7', 32);
        LedgerReport report = ledger.Add("session.refused", March.AddDays(3), data: new JsonObject { ["refusal"] = "Blocked" }).Report(ReportPeriod.Month(2026, 3, Berlin).OfCustomer("Contoso <A&B>"));

        XElement page = Page(report);
        string csv = Write(report, LedgerReportFormat.Csv).Replace("\"", "", StringComparison.Ordinal);
        JsonNode json = JsonNode.Parse(Write(report, LedgerReportFormat.Json))!;

        Assert.Equal("Remote access report, 2026-03, Contoso <A&B>", page.Descendants("h1").Single().Value);
        Assert.Contains("Customer Contoso <A&B>:", page.Value, StringComparison.Ordinal);
        Assert.Contains($"{report.Unassigned} sessions or events are not in this report", page.Value, StringComparison.Ordinal);
        Assert.Contains("\r\ncustomer,,,,,,,,,,,,,,,,,,,Contoso <A&B>,,\r\n", csv, StringComparison.Ordinal);
        Assert.Contains($"\r\nunassigned,,,,,,,,,,,,,,,,,,,{report.Unassigned} sessions or events have no row", csv, StringComparison.Ordinal);
        Assert.True(report.Unassigned > 0);
        Assert.Equal(("Contoso <A&B>", report.Unassigned), ((string?)json["customer"], (long)json["unassigned"]!));
    }

    [Fact]
    public void Html_AnyReport_IsSelfContainedAndAccessible()
    {
        string html = Write(Busy(new ReportLedger()).Report(ReportPeriod.All(Berlin)), LedgerReportFormat.Html);
        XElement page = Page(html);

        Assert.DoesNotContain(page.Descendants(), element => element.Name.LocalName is "script" or "img" or "link" or "iframe" or "form" or "object");
        Assert.DoesNotContain(page.Descendants().Attributes(), attribute => attribute.Name.LocalName is "src" or "href" or "style" || attribute.Name.LocalName.StartsWith("on", StringComparison.Ordinal));
        Assert.DoesNotContain("url(", html, StringComparison.Ordinal);
        Assert.Contains("@media print", html, StringComparison.Ordinal);
        Assert.Equal("en", page.Attribute("lang")!.Value);
        Assert.All(page.Descendants("thead").Descendants("th"), heading => Assert.Equal("col", heading.Attribute("scope")!.Value));
        Assert.All(page.Descendants("tbody").Elements("tr"), row => Assert.Equal("row", row.Elements().First().Attribute("scope")?.Value));
        Assert.Single(page.Descendants("h1"));
    }

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("\"><img src=x onerror=alert(1)>")]
    [InlineData("&lt;b&gt; &amp; 'x'")]
    [InlineData("Zoë 漢字 😀")]
    public void Html_HostileNamesAndReasons_AreText(string hostile)
    {
        XElement page = Page(Busy(new ReportLedger { Name = hostile }, hostile).Report(ReportPeriod.All(Berlin)));

        Assert.Contains(Rows(page, "Sessions"), row => row.Value.Contains($"{hostile}“{hostile}”", StringComparison.Ordinal));
        Assert.DoesNotContain(page.Descendants(), element => element.Name.LocalName is "script" or "img");
    }

    [Fact]
    public void Html_CharactersThatSteer_AreShownAsReplaced() =>
        Assert.DoesNotContain(Write(Busy(new ReportLedger { Name = "a\u202Eb\u0000c" }).Report(ReportPeriod.All(Berlin)), LedgerReportFormat.Html), character => character is '\u202E' or '\0');

    [Fact]
    public void Html_LedgerThatIsNotIntact_SaysSoAboveEverything()
    {
        LedgerVerification wrong = Intact() with { Problem = new LedgerProblem("x.seg", 12, 3, "Something was <changed>.") };
        XElement page = Page(Busy(new ReportLedger()).Report(ReportPeriod.All(Berlin), verification: wrong));

        Assert.Contains("NOT intact", page.Descendants("p").First(paragraph => paragraph.Attribute("class")?.Value == "bad").Value, StringComparison.Ordinal);
        Assert.Contains("Something was <changed>. (x.seg, byte 12, entry 3)", page.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Html_EmptyPeriod_SaysThatThereWasNothing()
    {
        XElement page = Page(new ReportLedger().Report(ReportPeriod.Month(2026, 3, Berlin)));

        Assert.Contains("There was no session.", page.Value, StringComparison.Ordinal);
        Assert.Empty(page.Descendants("table"));
    }

    [Fact]
    public void Csv_Rows_HoldSessionsAndEventsAndNoFormula()
    {
        string csv = Write(Busy(new ReportLedger { Name = "=cmd|' /C calc'!A0" }, "+1;=2").Report(ReportPeriod.All(Berlin)), LedgerReportFormat.Csv);
        string[] lines = csv.Split("\r\n");

        Assert.Equal(22, lines[0].Split(',').Length);
        Assert.StartsWith("\"session\",\"2026-03-02T10:00:00.000Z\",\"2026-03-02T10:10:00.000Z\",\"Recorded\",\"600\",\"'=cmd|' /C calc'!A0\",", lines[1], StringComparison.Ordinal);
        Assert.Contains("\"'+1；=2\"", lines[1], StringComparison.Ordinal);
        Assert.Equal(["session", "session", "attempt", "grant", "block", ""], lines[1..].Select(line => line.Split('"').ElementAtOrDefault(1) ?? ""));
        Assert.All(lines[1..^1], line => Assert.Equal(22, line.Split("\",\"").Length));
    }

    [Fact]
    public void Notes_AndReceipt_StandWithTheirSessionAndPrunedEntriesAreTold()
    {
        DateTimeOffset day = March.AddDays(1);
        var ledger = new ReportLedger();
        ledger.Granted(March).Accepted(1, day).Add("session.notes", day.AddMinutes(1), 1, new JsonObject { ["text"] = "=SUM(A1)\n<b>Printer</b>" }).Ended(1, day.AddMinutes(5), 300);
        ledger.Accepted(2, day.AddMinutes(6)).Ended(2, day.AddMinutes(7), 60).Add("session.receipt", day.AddMinutes(8), 1, new JsonObject { ["receipt"] = "x" });
        LedgerReport report = ledger.Report(ReportPeriod.All(Berlin));

        Assert.Equal([true, false], report.Sessions.Select(session => session.HasReceipt));
        Assert.Equal((2, 0), (report.Sessions.Count, report.Others.Count));
        JsonNode json = JsonNode.Parse(Write(report, LedgerReportFormat.Json))!;
        Assert.Equal("=SUM(A1)\n<b>Printer</b>", json["sessions"]![0]!["notes"]![0]!.GetValue<string>());
        Assert.True(json["sessions"]![0]!["receipt"]!.GetValue<bool>());
        string html = Write(report, LedgerReportFormat.Html);
        Assert.Contains("Noted: =SUM(A1)<br>&lt;b&gt;Printer&lt;/b&gt;", html, StringComparison.Ordinal);
        Assert.DoesNotContain("were pruned", html, StringComparison.Ordinal);
        Assert.Contains("\"'=SUM(A1)", Write(report, LedgerReportFormat.Csv), StringComparison.Ordinal);

        LedgerReport rest = LedgerReport.Build(ledger.Entries.Skip(1), ReportPeriod.All(Berlin), day);
        Assert.Equal(1, rest.Pruned);
        Assert.Contains("The first 1 entries of the record were pruned", Write(rest, LedgerReportFormat.Html), StringComparison.Ordinal);
        Assert.Contains("\"pruned\",", Write(rest, LedgerReportFormat.Csv), StringComparison.Ordinal);
    }

    [Fact]
    public void Json_ParsesBackToTheReport()
    {
        LedgerReport report = Busy(new ReportLedger { Name = "a\"b\\c\n" }).Report(ReportPeriod.Month(2026, 3, Berlin), verification: Intact());
        JsonNode json = JsonNode.Parse(Write(report, LedgerReportFormat.Json))!;

        Assert.Equal(("2026-03", "Europe/Berlin", "2026-02-28T23:00:00.000Z"), (json["period"]!.GetValue<string>(), json["zone"]!.GetValue<string>(), json["from"]!.GetValue<string>()));
        Assert.True(json["verification"]!["ok"]!.GetValue<bool>());
        JsonNode session = json["sessions"]![0]!;
        Assert.Equal(("a\"b\\c\n", 600, "Recorded", 2), (session["technician"]!.GetValue<string>(), session["seconds"]!.GetValue<int>(), session["end"]!.GetValue<string>(), session["failedAttempts"]!.GetValue<int>()));
        Assert.Equal("Lost", json["sessions"]![1]!["end"]!.GetValue<string>());
        Assert.Equal((1, 1, 1, 0), (json["attempts"]!.AsArray().Count, json["grants"]!.AsArray().Count, json["blocks"]!.AsArray().Count, json["others"]!.AsArray().Count));
        Assert.Null(JsonNode.Parse(Write(new ReportLedger().Report(ReportPeriod.All(Berlin)), LedgerReportFormat.Json))!["verification"]);
    }

    private static ReportLedger Busy(ReportLedger ledger, string reason = "Ticket 4711")
    {
        DateTimeOffset day = March.AddDays(1).AddHours(10);
        ledger.Granted(March.AddHours(5)).Accepted(1, day, reason, failed: 2).Used(1, day.AddMinutes(1)).Ended(1, day.AddMinutes(10), 600, used: "ViewScreen");
        ledger.Add("session.refused", day.AddHours(1), data: new JsonObject { ["refusal"] = "OutsideHours", ["peer"] = "tcp 192.0.2.7:1" });
        ledger.Accepted(2, day.AddHours(2), reason).Used(2, day.AddHours(2).AddMinutes(5), "ControlInput");
        ledger.Boot = new string('2', 32);
        return ledger.Add("access.blocked", day.AddHours(3), data: new JsonObject { ["until"] = "2026-04-01T00:00:00Z" });
    }

    private static LedgerVerification Intact() => new() { Entries = 7, Checkpoints = 3, SignedEntries = 6, TornBytes = 0, Root = new byte[32] };

    private static XElement[] Rows(XElement page, string heading) =>
        [.. page.Descendants("h2").Single(element => element.Value == heading).ElementsAfterSelf("table").First().Descendants("tbody").Single().Elements("tr")];

    private static string Write(LedgerReport report, LedgerReportFormat format)
    {
        using var output = new MemoryStream();
        report.Write(format, output);
        return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(output.ToArray());
    }

    private static XElement Page(LedgerReport report) => Page(Write(report, LedgerReportFormat.Html));

    /// <summary>The page is written so that, its void elements closed, it is XML too: a parser that forgives nothing reads it.</summary>
    private static XElement Page(string html) => XElement.Parse(html.Replace("<!DOCTYPE html>", "", StringComparison.Ordinal).Replace("<br>", "<br/>", StringComparison.Ordinal)
        .Replace("<meta charset=\"utf-8\">", "", StringComparison.Ordinal).Replace("<meta name=\"viewport\" content=\"width=device-width\">", "", StringComparison.Ordinal).Trim());
}
