using System.Buffers.Binary;

namespace RemoteAccess.Trust;

/// <summary>
/// Whether a grant is revoked, in a file that is only ever written to revoke. Therefore a write cut short, or damage to one slot, counts as
/// revoked.
/// </summary>
internal static class GrantStatus
{
    private const long NotRevoked = 0;

    public static void Create(string path, string grantName) => SlotFile.Create(path, Context(grantName), Encode(NotRevoked));

    /// <summary>When it was revoked, or null while it is not.</summary>
    public static DateTimeOffset? ReadRevoked(string path, string grantName)
    {
        SlotContent slot = SlotFile.Read(path, Context(grantName));
        long milliseconds = slot.Content.Length == sizeof(long) ? BinaryPrimitives.ReadInt64BigEndian(slot.Content) : -1;
        if (milliseconds == NotRevoked && !slot.Torn) return null;
        return milliseconds > 0 && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : DateTimeOffset.UnixEpoch;
    }

    public static void WriteRevoked(string path, string grantName, DateTimeOffset at) =>
        SlotFile.Write(path, Context(grantName), Encode(Math.Max(1, at.ToUnixTimeMilliseconds())));

    private static string Context(string grantName) => "status " + grantName;

    private static byte[] Encode(long milliseconds)
    {
        byte[] content = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(content, milliseconds);
        return content;
    }
}
