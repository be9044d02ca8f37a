using System.Buffers.Binary;

namespace RemoteAccess.Picture;

/// <summary>PNG's chunks (ISO/IEC 15948, 5.3): length, type, data, and a checksum over type and data.</summary>
internal static class PngChunk
{
    private static readonly uint[] Table = MakeTable();

    public static void Write(Stream output, ReadOnlySpan<byte> type, ReadOnlySpan<byte> data)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        output.Write(number);
        output.Write(type);
        output.Write(data);
        BinaryPrimitives.WriteUInt32BigEndian(number, ~Add(Add(uint.MaxValue, type), data));
        output.Write(number);
    }

    private static uint Add(uint crc, ReadOnlySpan<byte> data)
    {
        foreach (byte value in data) crc = Table[(byte)(crc ^ value)] ^ (crc >> 8);
        return crc;
    }

    // CRC-32 as in ISO 3309: the polynomial 04C11DB7, bits reversed.
    private static uint[] MakeTable()
    {
        var table = new uint[256];
        for (uint i = 0; i < table.Length; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++) value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
            table[i] = value;
        }

        return table;
    }
}
