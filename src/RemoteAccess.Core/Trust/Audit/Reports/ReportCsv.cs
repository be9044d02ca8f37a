using System.Globalization;
using System.Text;

namespace RemoteAccess.Trust;

/// <summary>The report as rows: one for each session, one for each event; <c>kind</c> says which. Cells as in <see cref="CsvCell"/>.</summary>
internal static class ReportCsv
{
    public static void Write(LedgerReport report, Stream stream)
    {
        using var output = new StreamWriter(stream, new UTF8Encoding(false), 64 * 1024, leaveOpen: true);
        output.Write("kind,begin,end,end_kind,seconds,who,key,peer,reason,allowed,used,refused,withdrawn,end_reason,end_text,failed_attempts,computer,session,grant,what,notes,receipt\r\n");
        foreach (ReportedSession session in report.Sessions)
        {
            Row(output, "session", ReportTime.Utc(session.Started), ReportTime.Utc(session.LastSeen), session.End.ToString(), ((long)session.Duration.TotalSeconds).ToString(CultureInfo.InvariantCulture),
                session.Technician, session.TechnicianKey, session.Peer, session.Reason, List(session.Allowed), List(session.Used),
                List(session.Refused.Select(static refusal => string.Create(CultureInfo.InvariantCulture, $"{refusal.Key} x{refusal.Value}"))), List(session.Withdrawn), session.EndReason, session.EndText,
                session.FailedAttempts.ToString(CultureInfo.InvariantCulture), session.Nickname, Convert.ToHexStringLower(session.SessionId.Span), Convert.ToHexStringLower(session.GrantId.Span), "", string.Join("\n", session.Notes), session.HasReceipt ? "yes" : "");
        }

        foreach (ReportedEvent each in report.Attempts) Event(output, "attempt", each);
        foreach (ReportedEvent each in report.Grants) Event(output, "grant", each);
        foreach (ReportedEvent each in report.Blocks) Event(output, "block", each);
        foreach (ReportedEvent each in report.Others) Event(output, "other", each);
        if (report.Period.Customer.Length > 0) Line(output, "customer", report.Period.Customer);
        if (report.Unassigned > 0) Line(output, "unassigned", string.Create(CultureInfo.InvariantCulture, $"{report.Unassigned} sessions or events have no row: the ledger does not tell whose they are"));
        if (report.Pruned > 0) Line(output, "pruned", string.Create(CultureInfo.InvariantCulture, $"the first {report.Pruned} entries were pruned and have no row"));
        if (report.Omitted > 0) Line(output, "omitted", string.Create(CultureInfo.InvariantCulture, $"{report.Omitted} more sessions or events have no row"));
    }

    private static void Event(TextWriter output, string kind, ReportedEvent each) =>
        Row(output, [kind, ReportTime.Utc(each.Time), .. Enumerable.Repeat("", 3), each.Who, .. Enumerable.Repeat("", 13), each.What, "", ""]);

    private static void Line(TextWriter output, string kind, string what) => Row(output, [kind, .. Enumerable.Repeat("", 18), what, "", ""]);

    private static string List(IEnumerable<string> texts) => string.Join(", ", texts);

    private static void Row(TextWriter output, params string[] cells)
    {
        for (int i = 0; i < cells.Length; i++)
        {
            if (i > 0) output.Write(',');
            CsvCell.Write(output, cells[i]);
        }

        output.Write("\r\n");
    }
}
