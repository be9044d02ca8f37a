using System.Globalization;
using System.Text.Json.Nodes;

namespace RemoteAccess.Trust;

/// <summary>
/// Ledger entries in the words of one language. Names, reasons and notes are quoted as plain text; rules and moments stand as the ledger has them.
/// Immutable.
/// </summary>
internal sealed class HistoryWords(CultureInfo culture)
{
    private readonly HistoryTexts texts = HistoryTexts.For(culture);
    private readonly NoticeTexts notices = NoticeTexts.For(culture);

    /// <summary>What happened, who did it and why. Never empty; an entry of an unknown type is shown by its type.</summary>
    public string Say(LedgerEntry entry)
    {
        JsonObject actor = entry.Actor(), data = entry.Data();
        string who = JsonMembers.Text(actor, "name") is { Length: > 0 } name ? name : texts["agent"];
        string Of(string member) => JsonMembers.Text(data, member);
        string Tell(params ReadOnlySpan<object?> values) => texts.Fill(entry.Type, values);
        string what = entry.Type switch
        {
            "grant.created" => Tell(who, Of("nickname"), Acts(data, "operations"), Of("notAfter")) + Also("grant.words", Of("statement")),
            "grant.code-changed" => Tell(who, Of("nickname"), Of("following"), Acts(data, "operations"), Of("notAfter")),
            "grant.code-unchanged" => Tell(Of("outcome")),
            "help.called" => Tell(who, Of("codeExpires"), Acts(data, "operations")),
            "consent.answered" => Tell(Of("shownTo"), Answer(data)),
            "access.blocked" when !Of("until").StartsWith("9999", StringComparison.Ordinal) => texts.Fill("access.blocked.until", who, Of("until")),
            "session.accepted" => Tell(who, Of("peer"), Acts(data, "operations")) + Also("session.reason", Of("reason")) + Failed(data),
            "session.refused" => Tell(who, Of("refusal"), Of("peer")),
            "session.abandoned" => Tell(who, Of("peer")),
            "session.rejected.summary" => Tell(data["counts"]?.ToJsonString()),
            "credentials.accepted" => Tell(who, Of("user")),
            "credentials.refused" => Tell(who, Of("answer"), Of("user")),
            "credential.stored" or "credential.fill" => Tell(who, Of("user")),
            "clipboard.exchanged" or "chat.exchanged" => Tell(who, data["toComputer"], data["toComputerBytes"], data["toTechnician"], data["toTechnicianBytes"]),
            "file.begun" when IsDirection(Of("direction")) => texts.Fill($"file.begun.{Of("direction")}", who, Of("file"), data["size"]),
            "file.ended" when Of("refusal") is { Length: > 0 } broken => texts.Fill("file.broken", Of("file"), data["bytes"], data["size"], broken),
            "file.ended" when IsDirection(Of("direction")) => texts.Fill($"file.ended.{Of("direction")}", who, Of("file"), data["size"], Of("sha256")),
            "folder.shared" when data["readOnly"]?.GetValueKind() == System.Text.Json.JsonValueKind.True => texts.Fill("folder.shared.read-only", who, Of("folder"), Of("path")),
            "folder.shared" or "folder.taken-back" => Tell(who, Of("folder"), Of("path")),
            "recording.started" => Tell(who, data["number"]),
            "recording.stopped" when Of("sha256") is { Length: > 0 } hash => Tell(data["number"], data["seconds"], Of("reason"), data["bytes"], hash),
            "recording.stopped" => texts.Fill("recording.stopped.unnamed", data["number"], data["seconds"], Of("reason")),
            "computer.restart" => Tell(who, Of("mode")),
            "command.started" => Tell(who, Command(data)),
            "command.ended" => data["exitCode"] is { } code ? texts.Fill("command.ended.code", who, Of("ending"), code) : Tell(who, Of("ending")),
            "credential.filled" => Tell(Of("user"), Of("outcome")),
            "credential.erased" => Of("user") is { Length: > 0 } account ? Tell(account, Of("why")) : texts.Fill("credential.erased.all", Of("why")),
            "operation.used" or "operation.withdrawn" or "operation.restored" or "grant.withdrawn" or "grant.restored" => Tell(who, Acts(data, "operations")),
            "operation.refused" => Tell(who, Refused(data)),
            "operation.refused.summary" => Tell(who, Repeats(data)),
            "session.ended" => Why(data) is { Length: > 0 } why ? texts.Fill("session.ended.why", data["seconds"], why, Acts(data, "used")) : Tell(data["seconds"], Acts(data, "used")),
            "session.lost" => Tell(Of("heard"), Acts(data, "used")),
            "session.notes" => Tell(who, Of("text")),
            LedgerPruning.EntryType => Tell(who, Of("before"), data["to"]),
            "grant.revoked" or "grant.unlocked" or "sessions.stopped" or "access.blocked" or "access.unblocked" or "session.receipt" or "witness.received" or "system-info.read" => Tell(who),
            _ => entry.Type,
        };
        return PrintableText.Of(what);
    }

    /// <summary>What an operation is called in plain words.</summary>
    public string Act(string operation) => notices.All.GetValueOrDefault($"acts.{operation}", operation);

    private string Acts(JsonObject from, string member) =>
        from[member] is JsonArray { Count: > 0 } names ? string.Join(", ", names.Select(name => Act(name?.ToString() ?? ""))) : notices["acts.none"];

    /// <summary>False for one that only a later version knows.</summary>
    private static bool IsDirection(string text) => text is "toTechnician" or "toComputer";

    /// <summary>Each word in quotes where it could be read as another: it never was one line.</summary>
    private static string Command(JsonObject data) =>
        string.Join(' ', (data["command"] as JsonArray ?? []).Select(word => word?.ToString() ?? "").Select(word => word.Length > 0 && !word.Any(letter => char.IsWhiteSpace(letter) || letter == '"') ? word : $"\"{word}\""));

    private string Answer(JsonObject data) => (JsonMembers.Text(data, "decision"), JsonMembers.Text(data, "how")) switch
    {
        (nameof(ConsentDecision.Allow), nameof(ConsentHow.Pressed)) => texts["answer.allowed"],
        (nameof(ConsentDecision.Allow), _) => texts["answer.silent"],
        (_, nameof(ConsentHow.Pressed)) => texts["answer.refused"],
        (_, var how) => texts.Fill("answer.refused.how", how),
    };

    private string Refused(JsonObject data) => data["operations"] is JsonArray { Count: > 0 }
        ? texts.Fill("refused.act", Acts(data, "operations"), JsonMembers.Text(data, "refusal"))
        : texts.Fill("refused.other", JsonMembers.Text(data, "subject"), JsonMembers.Text(data, "refusal"));

    private string Repeats(JsonObject data) => data["refusals"] is JsonArray refusals
        ? string.Join(", ", refusals.OfType<JsonObject>().Select(refusal => texts.Fill("refused.times", refusal["count"], Refused(refusal))))
        : "";

    private static string Why(JsonObject data)
    {
        string rule = JsonMembers.Text(data, "reason"), text = JsonMembers.Text(data, "text");
        if (rule == nameof(RefusalReason.SessionEnded)) return text;
        return text.Length > 0 ? $"{rule}, {text}" : rule;
    }

    /// <summary>A sentence more, when there is something to say.</summary>
    private string Also(string key, string text) => text.Length == 0 ? "" : $" {texts.Fill(key, text)}";

    private string Failed(JsonObject data) =>
        data["failedAttempts"] is JsonValue value && value.TryGetValue(out int count) && count > 0 ? $" {texts.Fill("session.failed", count, JsonMembers.Text(data, "failedSince"))}" : "";
}
