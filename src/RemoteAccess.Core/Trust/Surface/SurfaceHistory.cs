using System.Globalization;
using System.Text.Json.Nodes;

namespace RemoteAccess.Trust;

/// <summary>A page of the history, newest first, and its form on the line: <c>[[time, text, session or null], …]</c>.</summary>
internal static class SurfaceHistory
{
    public const int MaxCount = 500;

    /// <summary>Pages are counted from the newest entry, so a far one costs the reading of all before it.</summary>
    private const int MaxSkip = 1_000_000;

    /// <summary>A line may quote a customer's whole statement.</summary>
    private const int MaxText = 4096;

    /// <param name="trust">Whose history.</param>
    /// <param name="skip">How many of the newest to leave out.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="language">ISO 639-1 code of the words; English where there are none in it.</param>
    /// <exception cref="SurfaceException">The numbers are outside their range.</exception>
    /// <exception cref="StateException">The ledger cannot be read.</exception>
    public static JsonArray Read(TrustFlow trust, long? skip, long? count, string language)
    {
        if (skip is not (>= 0 and <= MaxSkip) || count is not (>= 1 and <= MaxCount)) throw new SurfaceException(SurfaceProblem.NoSuchPage);
        var words = new HistoryWords(CultureInfo.GetCultureInfo(LanguageTexts.Languages.Contains(language, StringComparer.Ordinal) ? language : ""));
        var query = new LedgerQuery { NewestFirst = true, Limit = (int)(skip.Value + count.Value) };
        return [.. trust.ReadHistory(query).Skip((int)skip.Value).Select(entry => (JsonNode)new JsonArray(
            entry.Time.ToUnixTimeMilliseconds(),
            PrintableText.Cut(words.Say(entry), MaxText),
            entry.SessionId.IsEmpty ? null : Convert.ToHexStringLower(entry.SessionId.Span)))];
    }

    /// <exception cref="InvalidDataException">It is not what an agent sends.</exception>
    public static IReadOnlyList<SurfaceHistoryLine> Read(JsonNode? page) => page is JsonArray lines ? [.. lines.Select(static line => Line(line as JsonArray))] : throw NotOne();

    private static SurfaceHistoryLine Line(JsonArray? line)
    {
        if (line is not { Count: 3 } || line[0] is not JsonValue at || !at.TryGetValue(out long milliseconds) || line[1] is not JsonValue text || !text.TryGetValue(out string? words)) throw NotOne();
        string? session = null;
        if (line[2] is { } third && !(third is JsonValue id && id.TryGetValue(out session))) throw NotOne();
        return new SurfaceHistoryLine(SurfaceStatusJson.Moment(milliseconds), words, session);
    }

    private static InvalidDataException NotOne() => new("The agent's history is not one that this version understands.");
}
