using System.Buffers.Binary;

namespace RemoteAccess.Transport;

/// <summary>Writes the fields of a message, big-endian, into a buffer of exactly the right length.</summary>
internal ref struct BodyWriter(Span<byte> destination)
{
    private Span<byte> rest = destination;

    public readonly int Remaining => rest.Length;

    public void U8(byte value) => Take(1)[0] = value;

    public void U16(int value) => BinaryPrimitives.WriteUInt16BigEndian(Take(2), checked((ushort)value));

    public void U24(int value)
    {
        Span<byte> field = Take(3);
        field[0] = checked((byte)(value >> 16));
        BinaryPrimitives.WriteUInt16BigEndian(field[1..], (ushort)value);
    }

    public void U32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Take(4), value);

    public void U64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Take(8), value);

    public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Take(value.Length));

    /// <summary>The next <paramref name="length"/> bytes, for the caller to fill.</summary>
    public Span<byte> Take(int length)
    {
        Span<byte> field = rest[..length];
        rest = rest[length..];
        return field;
    }
}
