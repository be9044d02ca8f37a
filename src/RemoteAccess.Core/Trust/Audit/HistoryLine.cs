using System.Globalization;
using System.Text.Json.Nodes;

namespace RemoteAccess.Trust;

/// <summary>A ledger entry in one line of plain words, for the customer's history.</summary>
public static class HistoryLine
{
    /// <summary>Local time, what happened, who did it and why. Never empty; an entry of an unknown type is shown by its type.</summary>
    public static string Describe(LedgerEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return string.Create(CultureInfo.InvariantCulture, $"{entry.Time.ToLocalTime():yyyy-MM-dd HH:mm:ss}  {Words(entry)}");
    }

    /// <summary>The same without the time.</summary>
    internal static string Words(LedgerEntry entry)
    {
        JsonObject actor = entry.Actor(), data = entry.Data();
        string who = JsonMembers.Text(actor, "name") is { Length: > 0 } name ? name : "the agent";
        string what = entry.Type switch
        {
            "grant.created" => $"{who} agreed to unattended support of \"{JsonMembers.Text(data, "nickname")}\": to {List(data, "operations")}, until {JsonMembers.Text(data, "notAfter")}.{Quoted(" In these words: ", JsonMembers.Text(data, "statement"))}",
            "help.called" => $"{who} called for help: one technician can connect until {JsonMembers.Text(data, "codeExpires")} and ask to {List(data, "operations")}.",
            "grant.revoked" => $"{who} revoked the grant.",
            "grant.code-changed" => $"{who} changed the access code of \"{JsonMembers.Text(data, "nickname")}\": the grant is replaced by {JsonMembers.Text(data, "following")}, to {List(data, "operations")}, until {JsonMembers.Text(data, "notAfter")}.",
            "grant.code-unchanged" => $"The access code was not changed after all ({JsonMembers.Text(data, "outcome")}).",
            "grant.unlocked" => $"{who} allowed access codes again.",
            "consent.answered" => $"{JsonMembers.Text(data, "shownTo")} was asked: {Decided(data)}.",
            "sessions.stopped" => $"{who} stopped all sessions.",
            "access.blocked" => $"{who} blocked remote access{(JsonMembers.Text(data, "until") is { } until && until.StartsWith("9999", StringComparison.Ordinal) ? "" : $" until {JsonMembers.Text(data, "until")}")}.",
            "access.unblocked" => $"{who} unblocked remote access.",
            "session.accepted" => $"{who} connected from {JsonMembers.Text(data, "peer")}, to {List(data, "operations")}.{Quoted(" Reason: ", JsonMembers.Text(data, "reason"))}{Failed(data)}",
            "session.refused" => $"{who} was refused ({JsonMembers.Text(data, "refusal")}), from {JsonMembers.Text(data, "peer")}.",
            "session.abandoned" => $"{who} gave a wrong access code or left, from {JsonMembers.Text(data, "peer")}.",
            "session.rejected.summary" => $"Unknown callers were turned away: {data["counts"]?.ToJsonString()}.",
            "credentials.accepted" => $"{who} gave credentials of this computer, of the account \"{JsonMembers.Text(data, "user")}\".",
            "credentials.refused" => $"{who} gave credentials that were not accepted ({JsonMembers.Text(data, "answer")}), for the account \"{JsonMembers.Text(data, "user")}\".",
            "operation.used" => $"{who} began to {List(data, "operations")}.",
            "operation.withdrawn" => $"{who} no longer allows to {List(data, "operations")}.",
            "operation.restored" => $"{who} allows again to {List(data, "operations")}.",
            "operation.refused" => $"{who} was refused {Refused(data)}.",
            "operation.refused.summary" => $"{who} was refused again: {Repeats(data)}.",
            "session.ended" => $"The session ended after {data["seconds"]} s{Ending(data)}. Used: {List(data, "used")}.",
            "session.notes" => $"{who} noted: \"{JsonMembers.Text(data, "text")}\"",
            "session.receipt" => "Both sides signed a receipt for the session.",
            "witness.received" => $"{who} sent a checkpoint of the technician's own record, which is kept here.",
            LedgerPruning.EntryType => $"{who} pruned the record: what happened before {JsonMembers.Text(data, "before")}, {data["to"]} entries so far, is kept as hashes only.",
            _ => entry.Type,
        };
        return PrintableText.Of(what);
    }

    private static string Decided(JsonObject data) => (JsonMembers.Text(data, "decision"), JsonMembers.Text(data, "how")) switch
    {
        (nameof(ConsentDecision.Allow), nameof(ConsentHow.Pressed)) => "allowed",
        (nameof(ConsentDecision.Allow), _) => "no answer, which the grant counts as yes",
        (_, nameof(ConsentHow.Pressed)) => "refused",
        (_, var how) => $"refused ({how})",
    };

    private static string List(JsonObject from, string member) => from[member] is JsonArray { Count: > 0 } names ? string.Join(", ", names.Select(name => Act(name?.ToString() ?? ""))) : "nothing";

    /// <summary>What an operation is called in plain words.</summary>
    internal static string Act(string operation) => operation switch
    {
        nameof(Operations.ViewScreen) => "see the screen",
        nameof(Operations.ControlInput) => "use keyboard and mouse",
        nameof(Operations.Clipboard) => "use the clipboard",
        nameof(Operations.TransferFiles) => "transfer files",
        nameof(Operations.Chat) => "chat",
        nameof(Operations.RunCommands) => "run commands",
        nameof(Operations.Restart) => "restart the computer",
        nameof(Operations.SystemInfo) => "read facts about the computer",
        nameof(Operations.FillCredential) => "have a stored password filled in",
        nameof(Operations.RecordSession) => "record the session",
        _ => operation,
    };

    private static string Refused(JsonObject data)
    {
        string what = data["operations"] is JsonArray { Count: > 0 } ? $"to {List(data, "operations")}" : JsonMembers.Text(data, "subject");
        return $"{what} ({JsonMembers.Text(data, "refusal")})";
    }

    private static string Repeats(JsonObject data) => data["refusals"] is JsonArray refusals
        ? string.Join(", ", refusals.OfType<JsonObject>().Select(refusal => $"{refusal["count"]} times {Refused(refusal)}"))
        : "";

    private static string Ending(JsonObject data)
    {
        string rule = JsonMembers.Text(data, "reason"), text = JsonMembers.Text(data, "text");
        if (rule != nameof(RefusalReason.SessionEnded)) text = text.Length > 0 ? $"{rule}, {text}" : rule;
        return text.Length > 0 ? $": {text}" : "";
    }

    private static string Quoted(string before, string text) => text.Length == 0 ? "" : $"{before}\"{text}\"";

    private static string Failed(JsonObject data) => data["failedAttempts"] is JsonValue value && value.TryGetValue(out int count) && count > 0
        ? string.Create(CultureInfo.InvariantCulture, $" There were {count} failed attempts before, since {JsonMembers.Text(data, "failedSince")}.")
        : "";
}
