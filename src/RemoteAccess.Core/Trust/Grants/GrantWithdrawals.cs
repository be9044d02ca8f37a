using System.Buffers.Binary;

namespace RemoteAccess.Trust;

/// <summary>
/// What the customer took away from a grant for now, in a file that is there from the first time on: none narrows nothing. Half a write, or damage to one slot, counts as
/// everything taken away; a damaged file refuses.
/// </summary>
internal static class GrantWithdrawals
{
    /// <summary>What the system says of nothing; of a link to nothing it says something.</summary>
    private const FileAttributes Missing = (FileAttributes)(-1);

    /// <exception cref="StateException">Exposed or damaged.</exception>
    public static WithdrawnOperations Read(string path, string grantName)
    {
        if (new FileInfo(path).Attributes == Missing) return default;
        SlotContent slot = SlotFile.Read(path, Context(grantName));
        // Another process may be writing at this moment; what is torn twice stays torn.
        if (slot.Torn) slot = SlotFile.Read(path, Context(grantName));
        return slot.Torn ? new WithdrawnOperations(slot.Sequence + 1, Operations.All)
            : new WithdrawnOperations(slot.Sequence, slot.Content.Length == sizeof(uint) ? (Operations)BinaryPrimitives.ReadUInt32BigEndian(slot.Content) : Operations.All);
    }

    /// <summary>On the disk when it returns; the caller holds the state lock.</summary>
    public static void Write(string path, string grantName, Operations withdrawn)
    {
        byte[] content = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(content, (uint)withdrawn);
        if (Path.Exists(path)) SlotFile.Write(path, Context(grantName), content);
        else PrivateFile.Write(path, SlotFile.EncodeFirst(Context(grantName), content));
    }

    private static string Context(string grantName) => "withdrawn " + grantName;
}

/// <summary>What is taken away, and which of the file's contents says so: of two that were read at the same time, the later counts.</summary>
internal readonly record struct WithdrawnOperations(ulong Sequence, Operations Operations);
