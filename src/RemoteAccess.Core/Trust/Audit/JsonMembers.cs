using System.Text.Json.Nodes;

namespace RemoteAccess.Trust;

/// <summary>Members of an entry's actor and data, as whoever shows them wants them: what is missing or of another kind is empty, not an error.</summary>
internal static class JsonMembers
{
    public static string Text(JsonNode? from, string member) => from?[member] is JsonValue value && value.TryGetValue(out string? text) ? text : "";

    public static long? Number(JsonNode? from, string member) => from?[member] is JsonValue value && value.TryGetValue(out long number) ? number : null;

    /// <summary>The texts of an array, others left out.</summary>
    public static IReadOnlyList<string> Texts(JsonNode? from, string member) => from?[member] is JsonArray values
        ? [.. values.Select(static value => value is JsonValue item && item.TryGetValue(out string? text) ? text : "").Where(static text => text.Length > 0)]
        : [];
}
