using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace RemoteAccess.Trust;

/// <summary>
/// A small value that is replaced in place and survives a crash at any instant: two checksummed slots a page apart, written in turn and
/// flushed. The file never grows or changes its name, so a completed write needs nothing but the file's own flush to be durable.
/// <code>slot = "RAS1" | u64 sequence | u16 length | content | zeros | SHA-256(context ‖ 00 ‖ all before)     (1024 bytes)</code>
/// The context names the file's purpose and owner: a slot file copied into another's place does not verify. Writers hold the
/// <see cref="StateDirectory"/> lock; readers need none and may see a write under way as <see cref="SlotContent.Torn"/>.
/// </summary>
internal static class SlotFile
{
    public const int MaxContent = SlotLength - HeaderLength - HashLength;

    private const int SlotLength = 1024, SlotDistance = 4096, FileLength = SlotDistance + SlotLength, HeaderLength = 14, HashLength = 32, MaxContext = 256;

    private static ReadOnlySpan<byte> Magic => "RAS1"u8;

    /// <summary>Creates the file with its first content; it must not exist.</summary>
    public static void Create(string path, string context, ReadOnlySpan<byte> content)
    {
        byte[] file = EncodeFirst(context, content);
        FileFault.Run(path, () => PrivateFile.Create(path, file));
    }

    /// <summary>What the file holds when it was just created.</summary>
    public static byte[] EncodeFirst(string context, ReadOnlySpan<byte> content)
    {
        byte[] file = new byte[FileLength];
        Encode(file.AsSpan(0, SlotLength), context, 0, content);
        Encode(file.AsSpan(SlotDistance), context, 1, content);
        return file;
    }

    /// <exception cref="StateException">Missing, exposed, or neither slot verifies.</exception>
    public static SlotContent Read(string path, string context)
    {
        byte[] file = PrivateFile.ReadNoSecret(path, FileLength);
        if (file.Length != FileLength) throw Corrupted(path);
        bool first = TryDecode(file.AsSpan(0, SlotLength), context, out ulong firstSequence, out byte[] firstContent);
        bool second = TryDecode(file.AsSpan(SlotDistance), context, out ulong secondSequence, out byte[] secondContent);
        return (first, second) switch
        {
            (true, true) when firstSequence == secondSequence + 1 => new SlotContent(firstSequence, firstContent, Torn: false),
            (true, true) when secondSequence == firstSequence + 1 => new SlotContent(secondSequence, secondContent, Torn: false),
            (true, false) => new SlotContent(firstSequence, firstContent, Torn: true),
            (false, true) => new SlotContent(secondSequence, secondContent, Torn: true),
            _ => throw Corrupted(path),
        };
    }

    /// <summary>Replaces the content; it is on the disk when this returns.</summary>
    public static void Write(string path, string context, ReadOnlySpan<byte> content)
    {
        ulong sequence = Read(path, context).Sequence + 1;
        byte[] slot = new byte[SlotLength];
        Encode(slot, context, sequence, content);
        FileFault.Run(path, () =>
        {
            using SafeFileHandle handle = PrivateFile.Open(path, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            RandomAccess.Write(handle, slot, (long)(sequence % 2) * SlotDistance);
            RandomAccess.FlushToDisk(handle);
        });
    }

    private static void Encode(Span<byte> slot, string context, ulong sequence, ReadOnlySpan<byte> content)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(content.Length, MaxContent);
        slot.Clear();
        Magic.CopyTo(slot);
        BinaryPrimitives.WriteUInt64BigEndian(slot[4..], sequence);
        BinaryPrimitives.WriteUInt16BigEndian(slot[12..], (ushort)content.Length);
        content.CopyTo(slot[HeaderLength..]);
        Hash(slot, context, slot[^HashLength..]);
    }

    private static bool TryDecode(ReadOnlySpan<byte> slot, string context, out ulong sequence, out byte[] content)
    {
        sequence = 0;
        content = [];
        Span<byte> hash = stackalloc byte[HashLength];
        Hash(slot, context, hash);
        if (!slot.StartsWith(Magic) || !slot[^HashLength..].SequenceEqual(hash)) return false;
        sequence = BinaryPrimitives.ReadUInt64BigEndian(slot[4..]);
        int length = BinaryPrimitives.ReadUInt16BigEndian(slot[12..]);
        if (length > MaxContent) return false;
        content = slot.Slice(HeaderLength, length).ToArray();
        return true;
    }

    private static void Hash(ReadOnlySpan<byte> slot, string context, Span<byte> hash)
    {
        Span<byte> whole = stackalloc byte[MaxContext + 1 + SlotLength - HashLength];
        int length = Encoding.UTF8.GetBytes(context, whole[..MaxContext]);
        whole[length++] = 0;
        slot[..^HashLength].CopyTo(whole[length..]);
        SHA256.HashData(whole[..(length + SlotLength - HashLength)], hash);
    }

    private static StateException Corrupted(string path) =>
        new(StateError.Corrupted, path, $"{path} is damaged. It is not repaired by itself, because that could undo a lock or a revocation.");
}

/// <summary>
/// The newest verified content. <paramref name="Torn"/>: the other slot does not verify, because a write is under way, was cut short, or was
/// damaged later; whoever reads decides for the safe side.
/// </summary>
internal readonly record struct SlotContent(ulong Sequence, byte[] Content, bool Torn);
