using System.Buffers.Binary;

namespace RemoteAccess.Trust;

/// <summary>
/// The customer's "nobody for now", for all grants and all processes. A damaged or half-written marker counts as blocked without end: only
/// an unblock at the computer clears it.
/// </summary>
internal static class BlockMarker
{
    private const string Context = "block";

    public static void Create(string path) => SlotFile.Create(path, Context, Encode(DateTimeOffset.UnixEpoch));

    /// <summary>Until when remote access is blocked; in the past when it is not.</summary>
    public static DateTimeOffset Read(string path)
    {
        SlotContent slot = SlotFile.Read(path, Context);
        // Another process may be writing at this moment; what is torn twice stays torn.
        if (slot.Torn) slot = SlotFile.Read(path, Context);
        if (slot.Torn || slot.Content.Length != sizeof(long)) return DateTimeOffset.MaxValue;
        long milliseconds = BinaryPrimitives.ReadInt64BigEndian(slot.Content);
        return milliseconds >= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() || milliseconds < 0
            ? DateTimeOffset.MaxValue
            : DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
    }

    /// <summary>How often it was written.</summary>
    public static ulong ReadCount(string path)
    {
        SlotContent slot = SlotFile.Read(path, Context);
        if (slot.Torn) slot = SlotFile.Read(path, Context);
        return slot.Torn ? slot.Sequence + 1 : slot.Sequence;
    }

    /// <summary>On the disk when it returns; the caller holds the state lock.</summary>
    public static void Write(string path, DateTimeOffset until) => SlotFile.Write(path, Context, Encode(until));

    private static byte[] Encode(DateTimeOffset until)
    {
        byte[] content = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(content, Math.Max(0, until.ToUnixTimeMilliseconds()));
        return content;
    }
}
