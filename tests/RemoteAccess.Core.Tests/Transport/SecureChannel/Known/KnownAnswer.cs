using System.Text.Json;

namespace RemoteAccess.Tests;

/// <summary>One handshake of ras1_handshake_kat.json; remembers which fields were asked for.</summary>
internal sealed class KnownAnswer
{
    private readonly JsonElement handshake;
    private readonly HashSet<string> unread;

    public KnownAnswer(int suite)
    {
        handshake = TestVectors.Open("ras1_handshake_kat.json").GetProperty("handshakes").EnumerateArray().Single(each => each.GetProperty("suite").GetInt32() == suite);
        unread = [.. handshake.EnumerateObject().Select(field => field.Name)];
    }

    public static KnownAnswer Suite1 { get; } = new(1);

    public IReadOnlyCollection<string> Unread => unread;

    public byte[] this[string field] => Convert.FromHexString(Text(field));

    public string Text(string field) => Element(field).GetString()!;

    public JsonElement Element(string field)
    {
        unread.Remove(field);
        return handshake.GetProperty(field);
    }
}
