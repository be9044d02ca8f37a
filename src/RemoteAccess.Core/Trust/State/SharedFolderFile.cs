using System.Text.Json;
using System.Text.Json.Nodes;
using RemoteAccess.Sessions;

namespace RemoteAccess.Trust;

/// <summary>
/// The folders that the customer shares, as a file of the state directory: <c>{"version":1,"folders":[{"name":"Inbox","path":"/srv/inbox","readOnly":false}]}</c>. Anything else in it, two folders of
/// one name or more than there may be is damage, and damage shares nothing.
/// </summary>
internal static class SharedFolderFile
{
    public const int MaxBytes = 512 * 1024, MaxFolders = 64;

    private const int Version = 1;

    /// <summary>Empty when there is no such file.</summary>
    /// <exception cref="StateException">Damaged, a link, open to other accounts, or it cannot be read.</exception>
    public static IReadOnlyList<SharedFolder> Read(string path)
    {
        if (new FileInfo(path).LinkTarget is null && !Path.Exists(path)) return [];
        return TryRead(PrivateFile.Read(path, MaxBytes)) ?? throw new StateException(
            StateError.Corrupted, path, $"{path} is not a list of shared folders that this version understands, so none of them is shared. Remove it, and share anew what you want to share.");
    }

    /// <exception cref="StateException">It could not be written, and is as it was.</exception>
    public static void Write(string path, IReadOnlyList<SharedFolder> folders)
    {
        var list = new JsonArray([.. folders.Select(static folder => new JsonObject { ["name"] = folder.Name, ["path"] = folder.FullPath, ["readOnly"] = folder.IsReadOnly })]);
        PrivateFile.Write(path, System.Text.Encoding.UTF8.GetBytes(new JsonObject { ["version"] = Version, ["folders"] = list }.ToJsonString()));
    }

    /// <summary>Null when it is not exactly what is described above.</summary>
    public static IReadOnlyList<SharedFolder>? TryRead(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaxBytes || !System.Text.Unicode.Utf8.IsValid(utf8)) return null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8.ToArray(), new JsonDocumentOptions { MaxDepth = 4, AllowDuplicateProperties = false });
            return Read(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or ArgumentException or InvalidOperationException)
        {
            // No JSON, or no folder that could be shared, or text with half a character in it.
            return null;
        }
    }

    private static List<SharedFolder>? Read(JsonElement root)
    {
        if (!HasOnly(root, "version", "folders") || root.GetProperty("version") is not { ValueKind: JsonValueKind.Number } version || !version.TryGetInt32(out int number) || number != Version) return null;
        if (root.GetProperty("folders") is not { ValueKind: JsonValueKind.Array } list || list.GetArrayLength() > MaxFolders) return null;
        List<SharedFolder> folders = [];
        foreach (JsonElement item in list.EnumerateArray())
        {
            if (!HasOnly(item, "name", "path", "readOnly") || item.GetProperty("name").GetString() is not { } name || item.GetProperty("path").GetString() is not { } path) return null;
            var folder = new SharedFolder(name, path, item.GetProperty("readOnly").GetBoolean());
            if (folders.Exists(other => other.HasNameOf(folder))) return null;
            folders.Add(folder);
        }
        return folders;
    }

    private static bool HasOnly(JsonElement element, params ReadOnlySpan<string> members)
    {
        if (element.ValueKind != JsonValueKind.Object || element.GetPropertyCount() != members.Length) return false;
        foreach (string member in members)
        {
            if (!element.TryGetProperty(member, out _)) return false;
        }
        return true;
    }
}
