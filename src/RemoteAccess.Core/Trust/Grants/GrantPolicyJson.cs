using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RemoteAccess.Trust;

/// <summary>
/// The policy's JSON. Every member but <c>hours</c> must be there, once; anything unknown refuses, because an agent that ignores a rule it
/// does not know would widen the consent.
/// <code>{"hours":{"zone":"Europe/Berlin","windows":[{"days":["mon","fri"],"from":"08:00","to":"18:00"}]},
///  "inUse":"allow","credentials":false,"reason":true,"sessionCapMinutes":480,"recording":"never"}</code>
/// </summary>
internal static class GrantPolicyJson
{
    private static readonly string[] Days = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
    public static readonly (string Name, InUseRule Rule)[] InUseRules =
        [("allow", InUseRule.Allow), ("askThenAllow", InUseRule.AskThenAllow), ("askThenRefuse", InUseRule.AskThenRefuse), ("refuse", InUseRule.Refuse)];
    public static readonly (string Name, RecordingRule Rule)[] RecordingRules =
        [("never", RecordingRule.Never), ("allowed", RecordingRule.Allowed), ("required", RecordingRule.Required)];

    public static byte[] Write(GrantPolicy policy)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        if (policy.Hours is { } hours)
        {
            writer.WritePropertyName("hours");
            Write(writer, hours);
        }
        writer.WriteString("inUse", InUseRules.First(rule => rule.Rule == policy.InUse).Name);
        writer.WriteBoolean("credentials", policy.CredentialsRequired);
        writer.WriteBoolean("reason", policy.ReasonRequired);
        writer.WriteNumber("sessionCapMinutes", (int)policy.SessionCap.TotalMinutes);
        writer.WriteString("recording", RecordingRules.First(rule => rule.Rule == policy.Recording).Name);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    public static bool TryRead(ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out GrantPolicy? policy)
    {
        policy = null;
        if (utf8.Length > GrantFormat.MaxPolicyBytes || !System.Text.Unicode.Utf8.IsValid(utf8)) return false;
        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8.ToArray(), new JsonDocumentOptions { MaxDepth = 6, AllowDuplicateProperties = false });
            policy = Read(document.RootElement);
        }
        catch (JsonException)
        {
            return false;
        }
        return policy is not null;
    }

    private static GrantPolicy? Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object) return null;
        bool hasHours = root.TryGetProperty("hours", out JsonElement hoursElement);
        if (root.GetPropertyCount() != (hasHours ? 6 : 5)) return null;
        WeeklyHours? hours = hasHours ? ReadHours(hoursElement) : null;
        if (hasHours && hours is null) return null;
        if (!TryReadName(root, "inUse", InUseRules, out InUseRule inUse) || !TryReadName(root, "recording", RecordingRules, out RecordingRule recording)) return null;
        if (!TryReadBoolean(root, "credentials", out bool credentials) || !TryReadBoolean(root, "reason", out bool reason)) return null;
        if (!TryReadSessionCap(root, out TimeSpan cap)) return null;
        return new GrantPolicy
        {
            Hours = hours,
            InUse = inUse,
            CredentialsRequired = credentials,
            ReasonRequired = reason,
            SessionCap = cap,
            Recording = recording,
        };
    }

    public static bool TryReadSessionCap(JsonElement element, out TimeSpan cap)
    {
        cap = default;
        if (!element.TryGetProperty("sessionCapMinutes", out JsonElement value) || value.ValueKind != JsonValueKind.Number) return false;
        if (!value.TryGetInt32(out int minutes) || minutes < 1 || minutes > (int)GrantPolicy.LongestSession.TotalMinutes) return false;
        cap = TimeSpan.FromMinutes(minutes);
        return true;
    }

    /// <summary>Hours alone, as they are in a policy.</summary>
    public static JsonNode WriteHours(WeeklyHours hours)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer)) Write(writer, hours);
        return JsonNode.Parse(buffer.WrittenSpan)!;
    }

    private static void Write(Utf8JsonWriter writer, WeeklyHours hours)
    {
        writer.WriteStartObject();
        writer.WriteString("zone", hours.Zone);
        writer.WriteStartArray("windows");
        foreach (HoursWindow window in hours.Windows)
        {
            writer.WriteStartObject();
            writer.WriteStartArray("days");
            foreach (DayOfWeek day in window.Days.Distinct().Order()) writer.WriteStringValue(Days[(int)day]);
            writer.WriteEndArray();
            writer.WriteString("from", MinuteText(window.FromMinute));
            writer.WriteString("to", MinuteText(window.ToMinute));
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    public static WeeklyHours? ReadHours(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object || element.GetPropertyCount() != 2) return null;
        if (!TryReadString(element, "zone", out string zone) || !element.TryGetProperty("windows", out JsonElement list)) return null;
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > WeeklyHours.MaxWindows) return null;
        var windows = new List<HoursWindow>();
        foreach (JsonElement item in list.EnumerateArray())
        {
            if (ReadWindow(item) is not { } window) return null;
            windows.Add(window);
        }
        return WeeklyHours.IsZoneName(zone) ? new WeeklyHours(zone, windows) : null;
    }

    private static HoursWindow? ReadWindow(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object || element.GetPropertyCount() != 3) return null;
        if (!element.TryGetProperty("days", out JsonElement list) || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > 7) return null;
        var days = new List<DayOfWeek>();
        foreach (JsonElement item in list.EnumerateArray())
        {
            int day = item.ValueKind == JsonValueKind.String ? Array.IndexOf(Days, item.GetString()) : -1;
            if (day < 0 || days.Contains((DayOfWeek)day)) return null;
            days.Add((DayOfWeek)day);
        }
        if (!TryReadString(element, "from", out string fromText) || !TryReadString(element, "to", out string toText)) return null;
        if (!TryReadMinute(fromText, out int from) || !TryReadMinute(toText, out int to)) return null;
        return HoursWindow.IsAcceptable(from, to) ? new HoursWindow(days, from, to) : null;
    }

    public static bool TryReadName<T>(JsonElement element, string member, (string Name, T Rule)[] rules, out T rule)
        where T : struct, Enum
    {
        rule = default;
        if (!TryReadString(element, member, out string text)) return false;
        int index = Array.FindIndex(rules, candidate => candidate.Name == text);
        if (index >= 0) rule = rules[index].Rule;
        return index >= 0;
    }

    public static bool TryReadString(JsonElement element, string member, out string text)
    {
        text = element.TryGetProperty(member, out JsonElement value) && value.ValueKind == JsonValueKind.String ? ReadText(value) : "";
        return text.Length > 0;
    }

    /// <summary>A JSON escape can spell half a surrogate pair, which is no text.</summary>
    private static string ReadText(JsonElement value)
    {
        try
        {
            return value.GetString() ?? "";
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }

    public static bool TryReadBoolean(JsonElement element, string member, out bool value)
    {
        value = false;
        if (!element.TryGetProperty(member, out JsonElement found) || found.ValueKind is not (JsonValueKind.True or JsonValueKind.False)) return false;
        value = found.GetBoolean();
        return true;
    }

    private static bool TryReadMinute(string text, out int minute)
    {
        minute = 0;
        if (text.Length != 5 || text[2] != ':' || !char.IsAsciiDigit(text[0]) || !char.IsAsciiDigit(text[1]) || !char.IsAsciiDigit(text[3]) || !char.IsAsciiDigit(text[4]))
            return false;
        int minutes = (text[3] - '0') * 10 + text[4] - '0';
        minute = ((text[0] - '0') * 10 + text[1] - '0') * 60 + minutes;
        return minutes < 60 && minute <= HoursWindow.MinutesPerDay;
    }

    private static string MinuteText(int minute) => $"{minute / 60:00}:{minute % 60:00}";
}
