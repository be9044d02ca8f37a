using System.Buffers.Binary;

namespace RemoteAccess.Trust;

/// <summary>
/// Whether a grant is revoked, in a file that is only ever written to revoke. Therefore a write cut short, or damage to one slot, counts as
/// revoked.
/// </summary>
internal static class GrantStatus
{
    private const long NotRevoked = 0;
    private const int SupersededLength = sizeof(long) + GrantFormat.IdLength;

    public static void Create(string path, string grantName) => SlotFile.Create(path, Context(grantName), Encode(NotRevoked));

    /// <summary>When it was revoked, or null while it is not.</summary>
    public static DateTimeOffset? ReadRevoked(string path, string grantName)
    {
        SlotContent slot = SlotFile.Read(path, Context(grantName));
        long milliseconds = slot.Content.Length is sizeof(long) or SupersededLength ? BinaryPrimitives.ReadInt64BigEndian(slot.Content) : -1;
        if (milliseconds == NotRevoked && !slot.Torn) return null;
        return milliseconds > 0 && milliseconds <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : DateTimeOffset.UnixEpoch;
    }

    /// <summary>Whether it was revoked in favour of that grant, and in no other way.</summary>
    public static bool IsSupersededBy(string path, string grantName, ReadOnlySpan<byte> successor)
    {
        SlotContent slot = SlotFile.Read(path, Context(grantName));
        return !slot.Torn && slot.Content.Length == SupersededLength && slot.Content.AsSpan(sizeof(long)).SequenceEqual(successor);
    }

    /// <param name="path">The file.</param>
    /// <param name="grantName">Whose it is.</param>
    /// <param name="at">The moment.</param>
    /// <param name="successor">The id of the grant that takes its place; empty for none.</param>
    public static void WriteRevoked(string path, string grantName, DateTimeOffset at, ReadOnlySpan<byte> successor = default) =>
        SlotFile.Write(path, Context(grantName), (byte[])[.. Encode(Math.Max(1, at.ToUnixTimeMilliseconds())), .. successor]);

    private static string Context(string grantName) => "status " + grantName;

    private static byte[] Encode(long milliseconds)
    {
        byte[] content = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(content, milliseconds);
        return content;
    }
}
