using System.Globalization;
using System.Text.Json;

namespace RemoteAccess.Trust;

/// <summary>
/// The computer's own rules, in <c>policy.json</c> of the state directory: written by the customer or the vendor, never by this software and
/// never from the wire. They are laid over every grant and can only narrow it. All members but <c>version</c> may be left out; anything
/// unknown, repeated or out of range refuses, because a rule that is not understood must not be passed over.
/// <code>{"version":1,"operations":["ViewScreen"],"notAfter":"2026-12-31T00:00:00Z","hours":{…},"inUse":"allow","credentials":false,
///  "reason":true,"sessionCapMinutes":60,"recording":"allowed"}</code>
/// </summary>
internal static class ComputerPolicy
{
    public const int MaxBytes = 16 * 1024;

    private const int Version = 1;
    private const string TimeForm = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>Null when there is no such file, which narrows nothing.</summary>
    /// <exception cref="StateException">It is there, and damaged, a link, open to other accounts, or cannot be read.</exception>
    public static AccessRules? Read(string path)
    {
        if (new FileInfo(path).LinkTarget is null && !Path.Exists(path)) return null;
        return TryRead(PrivateFile.Read(path, MaxBytes)) ?? throw new StateException(
            StateError.Corrupted, path, $"{path} is not a policy that this version understands, so nobody gets in. Repair it, or remove it to lift its rules.");
    }

    /// <summary>Null when it is not exactly what is described above.</summary>
    public static AccessRules? TryRead(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaxBytes || !System.Text.Unicode.Utf8.IsValid(utf8)) return null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8.ToArray(), new JsonDocumentOptions { MaxDepth = 6, AllowDuplicateProperties = false });
            return Read(document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static AccessRules? Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("version", out JsonElement version)) return null;
        if (version.ValueKind != JsonValueKind.Number || !version.TryGetInt32(out int number) || number != Version) return null;
        AccessRules? rules = new();
        foreach (JsonProperty member in root.EnumerateObject())
        {
            rules = member.NameEquals("version") ? rules : With(rules, root, member);
            if (rules is null) return null;
        }
        return rules;
    }

    private static AccessRules? With(AccessRules rules, JsonElement root, JsonProperty member) => member.Name switch
    {
        "operations" => ReadOperations(member.Value) is { } operations ? rules with { MaxOperations = operations } : null,
        "notAfter" => GrantPolicyJson.TryReadString(root, member.Name, out string text)
            && DateTimeOffset.TryParseExact(text, TimeForm, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset end) ? rules with { NotAfter = end } : null,
        "hours" => GrantPolicyJson.ReadHours(member.Value) is { } hours ? rules with { Hours = [hours] } : null,
        "inUse" => GrantPolicyJson.TryReadName(root, member.Name, GrantPolicyJson.InUseRules, out InUseRule inUse) ? rules with { InUse = inUse } : null,
        "credentials" => GrantPolicyJson.TryReadBoolean(root, member.Name, out bool credentials) ? rules with { CredentialsRequired = credentials } : null,
        "reason" => GrantPolicyJson.TryReadBoolean(root, member.Name, out bool reason) ? rules with { ReasonRequired = reason } : null,
        "sessionCapMinutes" => GrantPolicyJson.TryReadSessionCap(root, out TimeSpan cap) ? rules with { SessionCap = cap } : null,
        "recording" => GrantPolicyJson.TryReadName(root, member.Name, GrantPolicyJson.RecordingRules, out RecordingRule recording) ? rules with { Recording = recording } : null,
        _ => null,
    };

    /// <summary>Names as in the ledger; an empty list allows nothing.</summary>
    private static Operations? ReadOperations(JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Array) return null;
        Operations operations = Operations.None;
        foreach (JsonElement item in list.EnumerateArray())
        {
            Operations found = item.ValueKind == JsonValueKind.String ? Array.Find(Enum.GetValues<Operations>(), known => uint.IsPow2((uint)known) && item.ValueEquals(known.ToString())) : Operations.None;
            if (found == Operations.None || operations.HasFlag(found)) return null;
            operations |= found;
        }
        return operations;
    }
}
