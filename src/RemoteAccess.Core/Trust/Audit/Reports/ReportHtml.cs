using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace RemoteAccess.Trust;

/// <summary>The report as one page: plain tables that mail programs show, dark on white, each text from the ledger encoded, nothing loaded, nothing run.</summary>
internal sealed class ReportHtml
{
    // Grey values are at least 7:1 on white (WCAG 2 AAA).
    private const string Style = """
        body{font-family:"Segoe UI","Helvetica Neue",Arial,"DejaVu Sans",sans-serif;font-size:14px;line-height:1.4;color:#1a1a1a;background:#fff;margin:24px auto;max-width:1100px;padding:0 16px}
        h1{font-size:24px;margin:0 0 4px}h2{font-size:17px;margin:28px 0 8px;border-bottom:2px solid #1a1a1a;padding-bottom:3px}p{margin:4px 0}
        table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:5px 10px 5px 0;border-bottom:1px solid #ccc;overflow-wrap:anywhere}
        thead th{border-bottom:2px solid #555;white-space:nowrap}td.n,th.n{text-align:right;white-space:nowrap}.t{white-space:nowrap}
        .small{font-size:12px;color:#444}.bad{border:3px solid #a00;padding:8px 12px;color:#800;font-weight:bold}.good{border:1px solid #060;padding:8px 12px;color:#040}.refused{color:#800}
        @media print{body{font-size:10pt;margin:0;max-width:none;padding:0}h2{break-after:avoid}tr{break-inside:avoid}thead{display:table-header-group}}
        """;

    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly LedgerReport report;
    private readonly TextWriter output;

    private ReportHtml(LedgerReport report, TextWriter output)
    {
        this.report = report;
        this.output = output;
    }

    public static void Write(LedgerReport report, Stream stream)
    {
        using var output = new StreamWriter(stream, new UTF8Encoding(false), 64 * 1024, leaveOpen: true) { NewLine = "\n" };
        new ReportHtml(report, output).WritePage();
    }

    private void WritePage()
    {
        string title = report.Period.SessionId.IsEmpty ? $"Remote access report, {(report.Period.Name == "all" ? "all that is recorded" : report.Period.Name)}" : "Remote access report, one session";
        if (report.Period.Customer.Length > 0) title += $", {report.Period.Customer}";
        output.WriteLine($"<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>{Text(title)}</title>\n<style>\n{Style}\n</style></head><body>");
        output.WriteLine($"<h1>{Text(title)}</h1>");
        output.WriteLine($"<p>Computer <span class=\"small\">{Convert.ToHexStringLower(report.HostId.Span)}</span></p>");
        if (report.Period.SessionId.IsEmpty && report.Period.Name != "all") output.WriteLine($"<p>From {Time(report.Period.From)} to before {Time(report.Period.To)}</p>");
        output.WriteLine($"<p>All times are those of the computer's clock, in the time zone {Text(report.Period.Zone.Id)}. Made {Time(report.Made)}.</p>");
        WriteVerification();
        if (report.Omitted > 0) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"<p class=\"bad\">This report is too long: {report.Omitted} more sessions or events have no line here. Choose a shorter period.</p>"));
        if (report.Period.Customer.Length > 0) output.WriteLine($"<p>Customer <b>{Text(report.Period.Customer)}</b>: what happened under the grants of this name, and what concerns the whole computer.</p>");
        if (report.Unassigned > 0) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"<p>{report.Unassigned} sessions or events are not in this report because the record does not tell whose they are.</p>"));
        if (report.Pruned > 0) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"<p>The first {report.Pruned} entries of the record were pruned: what they told is not in this report, and their hashes are kept.</p>"));
        WriteSummary();
        WriteSessions();
        WriteEvents("Refused and failed attempts", "Nobody was turned away.", report.Attempts);
        WriteEvents("Grants made and revoked", "No grant was made, revoked or unlocked.", report.Grants);
        WriteEvents("Blocks", "Remote access was neither blocked nor unblocked.", report.Blocks);
        if (report.Others.Count > 0) WriteEvents("Other events", "", report.Others);
        output.WriteLine("<p class=\"small\">Made from the computer's ledger alone. Keystrokes, screen contents and access codes are not in it.</p>\n</body></html>");
    }

    private void WriteVerification()
    {
        output.WriteLine(report.Verification switch
        {
            null => "<p class=\"small\">The ledger was not verified for this report.</p>",
            { Ok: true } intact => string.Create(CultureInfo.InvariantCulture,
                $"<p class=\"good\">The ledger was verified and is intact: {intact.Entries} entries, {intact.SignedEntries} of them signed by the computer in {intact.Checkpoints} checkpoints. <span class=\"small\">Root {Text(Convert.ToBase64String(intact.Root.Span))}</span></p>"),
            var wrong => $"<p class=\"bad\">The ledger is NOT intact, and this report cannot be relied on: {Text(wrong.ToString())}</p>",
        });
    }

    private void WriteSummary()
    {
        output.WriteLine("<h2>Summary</h2>");
        if (report.Sessions.Count == 0)
        {
            output.WriteLine("<p>There was no session.</p>");
            return;
        }

        BeginTable("Technician", "Key", "#Sessions", "#Time", "#Refusals");
        foreach (var technician in report.Sessions.GroupBy(session => (session.Technician, session.TechnicianKey)).OrderByDescending(group => group.Count()))
        {
            string name = technician.Key.Technician.Length > 0 ? technician.Key.Technician : "(began before this record)";
            string key = technician.Key.TechnicianKey.Length > 20 ? technician.Key.TechnicianKey[..20] + "…" : technician.Key.TechnicianKey;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"<tr><th scope=\"row\">{Text(name)}</th><td class=\"small\">{Text(key)}</td><td class=\"n\">{technician.Count()}</td><td class=\"n\">{ReportTime.Of(Sum(technician))}</td><td class=\"n\">{technician.Sum(session => session.Refused.Sum(refusal => refusal.Value))}</td></tr>"));
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"<tr><th scope=\"row\">All</th><td></td><td class=\"n\">{report.Sessions.Count}</td><td class=\"n\">{ReportTime.Of(Sum(report.Sessions))}</td><td class=\"n\">{report.Sessions.Sum(session => session.Refused.Sum(refusal => refusal.Value))}</td></tr>"));
        EndTable();
    }

    private void WriteSessions()
    {
        output.WriteLine("<h2>Sessions</h2>");
        if (report.Sessions.Count == 0)
        {
            output.WriteLine("<p>There was no session.</p>");
            return;
        }

        BeginTable("Began", "Who, why", "#How long", "Used", "Refused or withdrawn", "End");
        foreach (ReportedSession session in report.Sessions)
        {
            string crossing = session.Started < report.Period.From ? "<br><span class=\"small\">began before the period</span>" : "";
            output.WriteLine($"<tr><th scope=\"row\" class=\"t\">{Time(session.Started)}{crossing}</th><td>{Who(session)}</td><td class=\"n\">{(session.End == ReportedEnd.Recorded ? "" : "at least ")}{ReportTime.Of(session.Duration)}</td>"
                + $"<td>{Acts(session.Used)}{Notes(session)}</td><td class=\"refused\">{Refusals(session)}</td><td>{End(session)}</td></tr>");
        }

        EndTable();
    }

    private void WriteEvents(string heading, string none, IReadOnlyList<ReportedEvent> events)
    {
        output.WriteLine($"<h2>{Text(heading)}</h2>");
        if (events.Count == 0)
        {
            output.WriteLine($"<p>{Text(none)}</p>");
            return;
        }

        BeginTable("When", "What", "#Entry");
        foreach (ReportedEvent each in events)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\" class=\"t\">{Time(each.Time)}</th><td>{Text(each.What)}</td><td class=\"n small\">{each.Sequence}</td></tr>"));
        EndTable();
    }

    /// <summary>A heading with <c>#</c> in front is over numbers.</summary>
    private void BeginTable(params string[] headings) => output.WriteLine("<table><thead><tr>"
        + string.Concat(headings.Select(heading => heading[0] == '#' ? $"<th scope=\"col\" class=\"n\">{heading[1..]}</th>" : $"<th scope=\"col\">{heading}</th>")) + "</tr></thead><tbody>");

    private void EndTable() => output.WriteLine("</tbody></table>");

    private static TimeSpan Sum(IEnumerable<ReportedSession> sessions) => new(sessions.Sum(session => session.Duration.Ticks));

    private static string Who(ReportedSession session)
    {
        string name = session.Technician.Length > 0 ? Text(session.Technician) : "(began before this record)";
        string reason = session.Reason.Length > 0 ? $"<br>{Text($"“{session.Reason}”")}" : "";
        string attempts = session.FailedAttempts > 0 ? string.Create(CultureInfo.InvariantCulture, $"<br><span class=\"refused\">{session.FailedAttempts} failed attempts before</span>") : "";
        return $"<b>{name}</b>{reason}{attempts}<br><span class=\"small\">{Text(session.Nickname)} · from {Text(session.Peer)} · session {Convert.ToHexStringLower(session.SessionId.Span)}</span>";
    }

    private static string Acts(IReadOnlyList<string> operations) => operations.Count == 0 ? "nothing" : Text(string.Join(", ", operations.Select(HistoryLine.Act)));

    private static string Refusals(ReportedSession session)
    {
        IEnumerable<string> refused = session.Refused.Select(static refusal => string.Create(CultureInfo.InvariantCulture, $"{refusal.Key}{(refusal.Value > 1 ? $", {refusal.Value} times" : "")}"));
        IEnumerable<string> withdrawn = session.Withdrawn.Select(static operation => $"withdrawn: {HistoryLine.Act(operation)}");
        return string.Join("<br>", refused.Concat(withdrawn).Select(Text));
    }

    private static string Notes(ReportedSession session) => string.Concat(session.Notes.Select(static note =>
        $"<br><span class=\"small\">Noted: {string.Join("<br>", note.ReplaceLineEndings("\n").Split('\n').Select(Text))}</span>"));

    private string End(ReportedSession session) => session.End switch
    {
        ReportedEnd.Open => $"not recorded yet; last heard of {Time(session.LastSeen)}",
        ReportedEnd.Lost => $"<span class=\"refused\">no end is recorded: the computer lost power or the agent was ended; last heard of {Time(session.LastSeen)}</span>",
        _ => $"{Time(session.LastSeen)}{(session.LastSeen >= report.Period.To ? " (after the period)" : "")}<br>{Text(session.EndText.Length > 0 && session.EndReason == nameof(RefusalReason.SessionEnded) ? session.EndText : $"{session.EndReason} {session.EndText}".Trim())}{(session.HasReceipt ? "<br><span class=\"small\">both sides signed a receipt</span>" : "")}",
    };

    private string Time(DateTimeOffset time) => ReportTime.Of(time, report.Period.Zone);

    private static string Text(string text) => Encoder.Encode(PrintableText.Of(text, "\uFFFD"));
}
