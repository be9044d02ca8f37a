using System.Text.Json;

namespace RemoteAccess.Tests;

/// <summary>The files of tests/vectors.</summary>
internal static class TestVectors
{
    public static JsonElement Open(string file)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "vectors", file)));
        return document.RootElement.Clone();
    }

    public static byte[] Hex(this JsonElement element, string field) => Convert.FromHexString(element.GetProperty(field).GetString()!);

    public static string Text(this JsonElement element, string field) => element.GetProperty(field).GetString()!;
}
