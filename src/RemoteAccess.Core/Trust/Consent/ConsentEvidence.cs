using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace RemoteAccess.Trust;

/// <summary>What was asked and what came of it, as it is recorded. The hash follows from the text: nobody need believe it. Immutable.</summary>
public sealed record ConsentEvidence
{
    /// <summary>The exact text, <see cref="ConsentPrompt.Text"/>.</summary>
    public required string Text { get; init; }

    /// <summary>Name of the culture the text is in, such as <c>de-DE</c>.</summary>
    public required string Locale { get; init; }

    /// <summary>Whose desktop the prompt was shown on, as the agent knows it.</summary>
    public required string ShownTo { get; init; }

    /// <summary>The answer, how and when.</summary>
    public required ConsentAnswer Answer { get; init; }

    /// <summary>SHA-256 of <see cref="Text"/> in UTF-8: the consent text hash of a grant made from it.</summary>
    public ReadOnlyMemory<byte> TextHash => SHA256.HashData(PlainText.Utf8.GetBytes(Text));

    /// <summary>Whether a grant was made on screen from this consent: a person pressed Allow under this very text.</summary>
    /// <param name="grant">The grant.</param>
    public bool Matches(Grant grant)
    {
        ArgumentNullException.ThrowIfNull(grant);
        return Answer is { Decision: ConsentDecision.Allow, How: ConsentHow.Pressed } && grant.ConsentMethod == ConsentMethod.OnScreen
            && grant.ConsentedBy == ShownTo && grant.ConsentTextHash.Span.SequenceEqual(TextHash.Span);
    }

    /// <summary>For the ledger: everything, with the text in full.</summary>
    internal JsonObject ToLedgerData() => new()
    {
        ["decision"] = Answer.Decision.ToString(),
        ["how"] = Answer.How.ToString(),
        ["at"] = Answer.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        ["shownTo"] = ShownTo,
        ["locale"] = Locale,
        ["text"] = Text,
        ["textHash"] = Convert.ToHexStringLower(TextHash.Span),
    };

    /// <summary>Reads what <see cref="ToLedgerData"/> wrote; false when a member is missing, or the hash is not that of the text.</summary>
    internal static bool TryRead(JsonObject data, out ConsentEvidence? evidence)
    {
        evidence = null;
        if (!TryText(data, "text", out string text) || !TryText(data, "locale", out string locale) || !TryText(data, "shownTo", out string shownTo)
            || !TryText(data, "decision", out string decision) || !Enum.TryParse(decision, out ConsentDecision decided)
            || !TryText(data, "how", out string how) || !Enum.TryParse(how, out ConsentHow came)
            || !TryText(data, "at", out string at) || !DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            || !TryText(data, "textHash", out string hash)) return false;
        var read = new ConsentEvidence { Text = text, Locale = locale, ShownTo = shownTo, Answer = new ConsentAnswer(decided, came, time) };
        if (Convert.ToHexStringLower(read.TextHash.Span) != hash) return false;
        evidence = read;
        return true;
    }

    private static bool TryText(JsonObject data, string name, out string text)
    {
        text = "";
        return data[name] is JsonValue value && value.TryGetValue(out text!);
    }
}
