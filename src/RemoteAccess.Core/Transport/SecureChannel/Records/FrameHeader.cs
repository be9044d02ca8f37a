using System.Buffers.Binary;

namespace RemoteAccess.Transport;

/// <summary>What a frame carries.</summary>
internal enum FrameKind : byte
{
    /// <summary>A handshake message in the clear.</summary>
    Clear = 1,
    /// <summary>A protected record.</summary>
    Protected = 2,
}

/// <summary>The four bytes before every frame (docs/protocol.md §5): kind, length u24.</summary>
internal readonly record struct FrameHeader(FrameKind Kind, int Length)
{
    public const int Size = 4;
    public const int MaxClear = 4096;

    /// <summary>Record type, padding length and tag.</summary>
    public const int MinProtected = 18;
    public const int MaxProtected = 65_552;

    /// <summary>Reads a header; false when the kind is unknown or the length is outside the kind's limits.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out FrameHeader header)
    {
        uint word = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        header = new FrameHeader((FrameKind)(word >> 24), (int)(word & 0xFFFFFF));
        return header.Kind switch
        {
            FrameKind.Clear => header.Length is >= 1 and <= MaxClear,
            FrameKind.Protected => header.Length is >= MinProtected and <= MaxProtected,
            _ => false,
        };
    }

    public void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt32BigEndian(destination, ((uint)Kind << 24) | (uint)Length);
}
