using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace RemoteAccess.Trust;

/// <summary>A ledger entry in one line of plain words, for the customer's history.</summary>
public static class HistoryLine
{
    /// <summary>Local time, what happened, who did it and why. Never empty; an entry of an unknown type is shown by its type.</summary>
    public static string Describe(LedgerEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        JsonObject actor = entry.Actor(), data = entry.Data();
        string who = Text(actor, "name") is { Length: > 0 } name ? name : "the agent";
        string what = entry.Type switch
        {
            "grant.created" => $"{who} agreed to unattended support of \"{Text(data, "nickname")}\": to {List(data, "operations")}, until {Text(data, "notAfter")}. In these words: \"{Text(data, "statement")}\"",
            "grant.revoked" => $"{who} revoked the grant.",
            "grant.unlocked" => $"{who} allowed access codes again.",
            "access.blocked" => $"{who} blocked remote access until {Text(data, "until")}.",
            "access.unblocked" => $"{who} unblocked remote access.",
            "session.accepted" => $"{who} connected from {Text(data, "peer")}, to {List(data, "operations")}.{Quoted(" Reason: ", Text(data, "reason"))}{Failed(data)}",
            "session.refused" => $"{who} was refused ({Text(data, "refusal")}), from {Text(data, "peer")}.",
            "session.abandoned" => $"{who} gave a wrong access code or left, from {Text(data, "peer")}.",
            "session.rejected.summary" => $"Unknown callers were turned away: {data["counts"]?.ToJsonString()}.",
            "operation.used" => $"{who} began to {List(data, "operations")}.",
            "operation.withdrawn" => $"{who} no longer allows to {List(data, "operations")}.",
            "operation.restored" => $"{who} allows again to {List(data, "operations")}.",
            "operation.refused" => $"{who} was refused {Refused(data)}.",
            "operation.refused.summary" => $"{who} was refused again: {Repeats(data)}.",
            "session.ended" => $"The session ended after {data["seconds"]} s{Ending(data)}. Used: {List(data, "used")}.",
            _ => entry.Type,
        };
        return string.Create(CultureInfo.InvariantCulture, $"{entry.Time.ToLocalTime():yyyy-MM-dd HH:mm:ss}  {Printable(what)}");
    }

    private static string Text(JsonObject from, string member) => from[member] is JsonValue value && value.TryGetValue(out string? text) ? text : "";

    private static string List(JsonObject from, string member) => from[member] is JsonArray { Count: > 0 } names ? string.Join(", ", names.Select(name => Act(name?.ToString() ?? ""))) : "nothing";

    private static string Act(string operation) => operation switch
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
        string what = data["operations"] is JsonArray { Count: > 0 } ? $"to {List(data, "operations")}" : Text(data, "subject");
        return $"{what} ({Text(data, "refusal")})";
    }

    private static string Repeats(JsonObject data) => data["refusals"] is JsonArray refusals
        ? string.Join(", ", refusals.OfType<JsonObject>().Select(refusal => $"{refusal["count"]} times {Refused(refusal)}"))
        : "";

    private static string Ending(JsonObject data)
    {
        string rule = Text(data, "reason"), text = Text(data, "text");
        if (rule != nameof(RefusalReason.SessionEnded)) text = text.Length > 0 ? $"{rule}, {text}" : rule;
        return text.Length > 0 ? $": {text}" : "";
    }

    private static string Quoted(string before, string text) => text.Length == 0 ? "" : $"{before}\"{text}\"";

    private static string Failed(JsonObject data) => data["failedAttempts"] is JsonValue value && value.TryGetValue(out int count) && count > 0
        ? string.Create(CultureInfo.InvariantCulture, $" There were {count} failed attempts before, since {Text(data, "failedSince")}.")
        : "";

    /// <summary>What people wrote is shown, but cannot steer the terminal it is shown on.</summary>
    private static string Printable(string text)
    {
        var printable = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            bool steers = Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
            printable.Append(steers ? " " : rune.ToString());
        }

        return printable.ToString();
    }
}
