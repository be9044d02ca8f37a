using System.Text.Json;

namespace RemoteAccess.Trust;

/// <summary>The report as one JSON object. Times are UTC as in the ledger, durations whole seconds.</summary>
internal static class ReportJson
{
    public static void Write(LedgerReport report, Stream stream)
    {
        using var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        json.WriteStartObject();
        json.WriteString("period", report.Period.Name);
        if (report.Period.SessionId.IsEmpty && report.Period.Name != "all")
        {
            json.WriteString("from", ReportTime.Utc(report.Period.From));
            json.WriteString("to", ReportTime.Utc(report.Period.To));
        }

        if (report.Period.Customer.Length > 0)
        {
            json.WriteString("customer", report.Period.Customer);
            json.WriteNumber("unassigned", report.Unassigned);
        }

        json.WriteString("zone", report.Period.Zone.Id);
        json.WriteString("made", ReportTime.Utc(report.Made));
        json.WriteString("host", Convert.ToHexStringLower(report.HostId.Span));
        json.WriteNumber("omitted", report.Omitted);
        json.WriteNumber("pruned", report.Pruned);
        WriteVerification(json, report.Verification);
        json.WriteStartArray("sessions");
        foreach (ReportedSession session in report.Sessions) WriteSession(json, session);
        json.WriteEndArray();
        WriteEvents(json, "attempts", report.Attempts);
        WriteEvents(json, "grants", report.Grants);
        WriteEvents(json, "blocks", report.Blocks);
        WriteEvents(json, "others", report.Others);
        json.WriteEndObject();
        json.Flush();
        stream.WriteByte((byte)'\n');
    }

    private static void WriteVerification(Utf8JsonWriter json, LedgerVerification? verification)
    {
        if (verification is null)
        {
            json.WriteNull("verification");
            return;
        }

        json.WriteStartObject("verification");
        json.WriteBoolean("ok", verification.Ok);
        json.WriteNumber("entries", verification.Entries);
        json.WriteNumber("signedEntries", verification.SignedEntries);
        json.WriteNumber("checkpoints", verification.Checkpoints);
        json.WriteString("root", Convert.ToHexStringLower(verification.Root.Span));
        if (verification.Problem is { } problem) json.WriteString("problem", problem.ToString());
        json.WriteEndObject();
    }

    private static void WriteSession(Utf8JsonWriter json, ReportedSession session)
    {
        json.WriteStartObject();
        json.WriteString("session", Convert.ToHexStringLower(session.SessionId.Span));
        json.WriteString("grant", Convert.ToHexStringLower(session.GrantId.Span));
        json.WriteString("nickname", session.Nickname);
        json.WriteString("technician", session.Technician);
        json.WriteString("key", session.TechnicianKey);
        json.WriteString("peer", session.Peer);
        json.WriteString("reason", session.Reason);
        json.WriteString("started", ReportTime.Utc(session.Started));
        json.WriteString("lastSeen", ReportTime.Utc(session.LastSeen));
        json.WriteString("end", session.End.ToString());
        json.WriteNumber("seconds", (long)session.Duration.TotalSeconds);
        json.WriteString("endReason", session.EndReason);
        json.WriteString("endText", session.EndText);
        WriteNames(json, "allowed", session.Allowed);
        WriteNames(json, "used", session.Used);
        WriteNames(json, "withdrawn", session.Withdrawn);
        json.WriteStartObject("refused");
        foreach ((string what, long count) in session.Refused) json.WriteNumber(what, count);
        json.WriteEndObject();
        WriteNames(json, "notes", session.Notes);
        json.WriteBoolean("receipt", session.HasReceipt);
        json.WriteNumber("failedAttempts", session.FailedAttempts);
        json.WriteEndObject();
        if (json.BytesPending > 64 * 1024) json.Flush();
    }

    private static void WriteNames(Utf8JsonWriter json, string member, IReadOnlyList<string> names)
    {
        json.WriteStartArray(member);
        foreach (string name in names) json.WriteStringValue(name);
        json.WriteEndArray();
    }

    private static void WriteEvents(Utf8JsonWriter json, string member, IReadOnlyList<ReportedEvent> events)
    {
        json.WriteStartArray(member);
        foreach (ReportedEvent each in events)
        {
            json.WriteStartObject();
            json.WriteNumber("seq", each.Sequence);
            json.WriteString("time", ReportTime.Utc(each.Time));
            json.WriteString("type", each.Type);
            json.WriteString("who", each.Who);
            json.WriteString("what", each.What);
            json.WriteEndObject();
            if (json.BytesPending > 64 * 1024) json.Flush();
        }

        json.WriteEndArray();
    }
}
