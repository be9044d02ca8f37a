using System.Buffers.Binary;

namespace RemoteAccess.Transport;

/// <summary>Reads the fields of an untrusted message, big-endian. A read past the end gives false and changes nothing.</summary>
internal ref struct BodyReader(ReadOnlySpan<byte> source)
{
    private ReadOnlySpan<byte> rest = source;

    public readonly bool IsAtEnd => rest.IsEmpty;

    public readonly int Remaining => rest.Length;

    public bool TryU8(out byte value)
    {
        bool read = TryBytes(1, out ReadOnlySpan<byte> field);
        value = read ? field[0] : default;
        return read;
    }

    public bool TryU16(out ushort value)
    {
        bool read = TryBytes(2, out ReadOnlySpan<byte> field);
        value = read ? BinaryPrimitives.ReadUInt16BigEndian(field) : default;
        return read;
    }

    public bool TryU24(out int value)
    {
        bool read = TryBytes(3, out ReadOnlySpan<byte> field);
        value = read ? (field[0] << 16) | BinaryPrimitives.ReadUInt16BigEndian(field[1..]) : default;
        return read;
    }

    public bool TryU32(out uint value)
    {
        bool read = TryBytes(4, out ReadOnlySpan<byte> field);
        value = read ? BinaryPrimitives.ReadUInt32BigEndian(field) : default;
        return read;
    }

    public bool TryU64(out ulong value)
    {
        bool read = TryBytes(8, out ReadOnlySpan<byte> field);
        value = read ? BinaryPrimitives.ReadUInt64BigEndian(field) : default;
        return read;
    }

    public bool TryBytes(int length, out ReadOnlySpan<byte> value)
    {
        bool fits = length <= rest.Length;
        value = fits ? rest[..length] : default;
        if (fits) rest = rest[length..];
        return fits;
    }

    /// <summary>A u16 length and that many bytes.</summary>
    public bool TryVector16(out ReadOnlySpan<byte> value)
    {
        value = default;
        return TryU16(out ushort length) && TryBytes(length, out value);
    }

    /// <summary>A u8 length and that many bytes.</summary>
    public bool TryVector8(out ReadOnlySpan<byte> value)
    {
        value = default;
        return TryU8(out byte length) && TryBytes(length, out value);
    }
}
