using System.Buffers.Binary;
using RemoteAccess.Picture;

namespace RemoteAccess.Sessions;

/// <summary>What a record holds.</summary>
internal enum RecordKind : byte
{
    /// <summary>A message of the picture stream, as it came.</summary>
    Picture = 1,
    /// <summary>A <c>CursorMessage</c>.</summary>
    Cursor = 2,
    /// <summary>A <c>Screen</c>: size and monitors.</summary>
    Screen = 3,
    /// <summary>The SHA-256 of all bytes before this record.</summary>
    Check = 4,
    /// <summary>The last one: u8 <see cref="RefusalReason"/> ‖ the SHA-256 of all bytes before this record.</summary>
    End = 5,
}

/// <summary>
/// A recording's bytes (docs/recording.md). Integers are big-endian.
/// <code>
/// header  "RASREC\r\n" | u16 version = 1 | 16 session | 32 host | 16 grant | i64 began, Unix ms
/// record  u32 length of what follows | u8 kind | u64 µs since the beginning | payload
/// </code>
/// </summary>
internal static class RecordingFormat
{
    public const int HeaderLength = 8 + 2 + SessionLength + HashLength + GrantLength + 8;
    public const int SessionLength = 16, GrantLength = 16, HashLength = 32;
    public const ushort Version = 1;

    /// <summary>Kind and time.</summary>
    public const int RecordHead = 1 + 8;

    /// <summary>The longest payload: the longest message of the picture stream.</summary>
    public const int MaxPayload = (16 << 20) - 1;

    public static ReadOnlySpan<byte> Magic => "RASREC\r\n"u8;

    public static byte[] WriteHeader(ReadOnlySpan<byte> session, ReadOnlySpan<byte> host, ReadOnlySpan<byte> grant, DateTimeOffset began)
    {
        byte[] header = new byte[HeaderLength];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(8), Version);
        session.CopyTo(header.AsSpan(10, SessionLength));
        host.CopyTo(header.AsSpan(10 + SessionLength, HashLength));
        grant.CopyTo(header.AsSpan(10 + SessionLength + HashLength, GrantLength));
        BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(HeaderLength - 8), began.ToUnixTimeMilliseconds());
        return header;
    }

    public static byte[] WriteRecord(RecordKind kind, TimeSpan at, ReadOnlySpan<byte> payload)
    {
        byte[] record = new byte[4 + RecordHead + payload.Length];
        BinaryPrimitives.WriteUInt32BigEndian(record, (uint)(RecordHead + payload.Length));
        record[4] = (byte)kind;
        BinaryPrimitives.WriteUInt64BigEndian(record.AsSpan(5), (ulong)at.TotalMicroseconds);
        payload.CopyTo(record.AsSpan(4 + RecordHead));
        return record;
    }

    /// <exception cref="InvalidDataException">It is no recording, or one of a later version.</exception>
    public static RecordingInfo ReadHeader(ReadOnlySpan<byte> header)
    {
        if (header.Length < HeaderLength || !header.StartsWith(Magic)) throw new InvalidDataException("The file is not a recording of a session.");
        if (BinaryPrimitives.ReadUInt16BigEndian(header[8..]) is not Version and var version) throw new InvalidDataException($"The recording is of version {version}, which this version does not play.");
        long began = BinaryPrimitives.ReadInt64BigEndian(header[(HeaderLength - 8)..]);
        if (began < 0 || began > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()) throw new InvalidDataException("The recording began at a time that cannot be.");
        string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
        ReadOnlySpan<byte> ids = header[10..];
        return new RecordingInfo(
            Hex(ids[..SessionLength]), Hex(ids.Slice(SessionLength, HashLength)), Hex(ids.Slice(SessionLength + HashLength, GrantLength)), DateTimeOffset.FromUnixTimeMilliseconds(began));
    }
}
