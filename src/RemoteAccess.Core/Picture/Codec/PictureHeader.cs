using System.Buffers.Binary;

namespace RemoteAccess.Picture;

/// <summary>
/// Opens every message of the picture stream (docs/picture.md, "Message"). A frame is one or more parts, top to bottom; the first names
/// what holds for all of them, the last says that it is the last.
/// <code>
/// u8 version = 6 | u8 flags | varint epoch | varint sequence
///   first part:  u48 capture time in µs | u16 inputs
///   new epoch:   u16 width | u16 height | u8 cache tiles, as a power of two
///   more than one part: u16 rows of tiles in this part
///   natural section: u24 bytes of the arithmetic section; what is left is the natural section
///   video, first part only: u16 x | u16 y | u16 width | u16 height | u8 1 begins, 0 goes on | u24 bytes of the access unit, which follows the header
/// </code>
/// </summary>
internal readonly record struct PictureHeader
{
    /// <summary>The longest header.</summary>
    public const int MaxLength = 1 + 1 + MaxVarint + MaxVarint + 6 + 2 + 5 + 2 + 3 + VideoLength;

    /// <summary>The most pixels of a picture, a little more than 7680 × 4320: a viewer never holds more than 128 MiB of them.</summary>
    public const long MaxPixels = 1L << 25;

    /// <summary>The widest and the highest picture: a row of tiles always fits a message.</summary>
    public const int MaxSide = 1 << 15;

    /// <summary>The most tiles a cache may be asked to hold, as a power of two: 4096 tiles are 64 MiB.</summary>
    public const int MaxCacheBits = 12;

    private const byte Version = 6;
    private const byte FirstFlag = 1;
    private const byte LastFlag = 2;
    private const byte NewEpochFlag = 4;
    private const byte NaturalFlag = 8;
    private const int QualityShift = 4;
    private const byte VideoFlag = 64;
    private const byte KnownFlags = 0x7F;
    private const int VideoLength = 12;
    private const int MaxVarint = 5;

    /// <summary>Counts beginnings from 1; a new one forgets all that was learnt.</summary>
    public required uint Epoch { get; init; }

    /// <summary>Counts frames from 1 in each session.</summary>
    public required uint Sequence { get; init; }

    public required bool IsFirstPart { get; init; }

    public required bool IsLastPart { get; init; }

    /// <summary>First part only.</summary>
    public bool IsNewEpoch { get; init; }

    /// <summary>Of the frame's lossy tiles.</summary>
    public LossyQuality Quality { get; init; }

    /// <summary>Microseconds on the agent's clock, from an arbitrary start, 48 bits. First part only.</summary>
    public long CapturedAtMicroseconds { get; init; }

    /// <summary>Input messages the agent had carried out before it captured, modulo 2^16. First part only.</summary>
    public ushort Inputs { get; init; }

    /// <summary>New epoch only.</summary>
    public PixelSize Size { get; init; }

    /// <summary>New epoch only: the cache holds 2^this tiles.</summary>
    public int CacheBits { get; init; }

    /// <summary>Rows of tiles in this part; 0 in a frame's only part, which has them all.</summary>
    public int TileRows { get; init; }

    /// <summary>Bytes of the arithmetic section; −1 when it takes the rest of the message.</summary>
    public int ArithmeticLength { get; init; }

    /// <summary>Where video is shown; empty without. First part only.</summary>
    public PixelRect VideoArea { get; init; }

    /// <summary>The access unit is the first of a new stream.</summary>
    public bool IsVideoStart { get; init; }

    /// <summary>Bytes of the access unit that follows the header.</summary>
    public int VideoBytes { get; init; }

    /// <summary>Writes the header and returns its length.</summary>
    public int Write(Span<byte> target)
    {
        target[0] = Version;
        target[1] = (byte)((IsFirstPart ? FirstFlag : 0) | (IsLastPart ? LastFlag : 0) | (IsNewEpoch ? NewEpochFlag : 0)
            | (ArithmeticLength >= 0 ? NaturalFlag : 0) | ((int)Quality << QualityShift) | (VideoArea.IsEmpty ? 0 : VideoFlag));
        int at = 2;
        at += WriteVarint(target[at..], Epoch);
        at += WriteVarint(target[at..], Sequence);
        if (IsFirstPart)
        {
            BinaryPrimitives.WriteUInt16BigEndian(target[at..], (ushort)(CapturedAtMicroseconds >> 32));
            BinaryPrimitives.WriteUInt32BigEndian(target[(at + 2)..], (uint)CapturedAtMicroseconds);
            BinaryPrimitives.WriteUInt16BigEndian(target[(at + 6)..], Inputs);
            at += 8;
        }

        if (IsNewEpoch)
        {
            BinaryPrimitives.WriteUInt16BigEndian(target[at..], checked((ushort)Size.Width));
            BinaryPrimitives.WriteUInt16BigEndian(target[(at + 2)..], checked((ushort)Size.Height));
            target[at + 4] = (byte)CacheBits;
            at += 5;
        }

        if (!IsFirstPart || !IsLastPart)
        {
            BinaryPrimitives.WriteUInt16BigEndian(target[at..], checked((ushort)TileRows));
            at += 2;
        }

        if (ArithmeticLength >= 0)
        {
            WriteUInt24(target[at..], ArithmeticLength);
            at += 3;
        }

        if (VideoArea.IsEmpty) return at;
        BinaryPrimitives.WriteUInt16BigEndian(target[at..], (ushort)VideoArea.X);
        BinaryPrimitives.WriteUInt16BigEndian(target[(at + 2)..], (ushort)VideoArea.Y);
        BinaryPrimitives.WriteUInt16BigEndian(target[(at + 4)..], (ushort)VideoArea.Width);
        BinaryPrimitives.WriteUInt16BigEndian(target[(at + 6)..], (ushort)VideoArea.Height);
        target[at + 8] = (byte)(IsVideoStart ? 1 : 0);
        WriteUInt24(target[(at + 9)..], VideoBytes);
        return at + VideoLength;
    }

    /// <summary>Reads and checks a header; <paramref name="length"/> is what it took.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out PictureHeader header, out int length)
    {
        header = default;
        length = 0;
        if (source.Length < 2 || source[0] != Version || (source[1] & ~KnownFlags) != 0) return false;
        byte flags = source[1];
        bool first = (flags & FirstFlag) != 0, last = (flags & LastFlag) != 0, epoch = (flags & NewEpochFlag) != 0, natural = (flags & NaturalFlag) != 0, video = (flags & VideoFlag) != 0;
        bool alone = first && last;
        int at = 2;
        if (!TryReadVarint(source, ref at, out uint epochs) || !TryReadVarint(source, ref at, out uint sequence)) return false;
        int needed = at + (first ? 8 : 0) + (epoch ? 5 : 0) + (alone ? 0 : 2) + (natural ? 3 : 0) + (video ? VideoLength : 0);
        if (source.Length < needed || ((epoch || video) && !first)) return false;
        long captured = 0;
        ushort inputs = 0;
        if (first)
        {
            captured = ((long)BinaryPrimitives.ReadUInt16BigEndian(source[at..]) << 32) | BinaryPrimitives.ReadUInt32BigEndian(source[(at + 2)..]);
            inputs = BinaryPrimitives.ReadUInt16BigEndian(source[(at + 6)..]);
            at += 8;
        }

        PixelSize size = default;
        int cacheBits = 0;
        if (epoch)
        {
            size = new PixelSize(BinaryPrimitives.ReadUInt16BigEndian(source[at..]), BinaryPrimitives.ReadUInt16BigEndian(source[(at + 2)..]));
            cacheBits = source[at + 4];
            if (size.Area is 0 or > MaxPixels || size.Width > MaxSide || size.Height > MaxSide || cacheBits > MaxCacheBits) return false;
            at += 5;
        }

        int rows = 0;
        if (!alone)
        {
            rows = BinaryPrimitives.ReadUInt16BigEndian(source[at..]);
            if (rows == 0) return false;
            at += 2;
        }

        int arithmetic = -1;
        if (natural)
        {
            arithmetic = ReadUInt24(source[at..]);
            at += 3;
        }

        PixelRect area = default;
        bool starts = false;
        int unit = 0;
        if (video)
        {
            area = new PixelRect(
                BinaryPrimitives.ReadUInt16BigEndian(source[at..]), BinaryPrimitives.ReadUInt16BigEndian(source[(at + 2)..]),
                BinaryPrimitives.ReadUInt16BigEndian(source[(at + 4)..]), BinaryPrimitives.ReadUInt16BigEndian(source[(at + 6)..]));
            starts = source[at + 8] == 1;
            unit = ReadUInt24(source[(at + 9)..]);
            if (area.IsEmpty || source[at + 8] > 1) return false;
            at += VideoLength;
        }

        if (unit > source.Length - at || arithmetic > source.Length - at - unit) return false;

        length = at;
        header = new PictureHeader
        {
            Epoch = epochs,
            Sequence = sequence,
            IsFirstPart = first,
            IsLastPart = last,
            IsNewEpoch = epoch,
            Quality = (LossyQuality)(flags >> QualityShift & 3),
            CapturedAtMicroseconds = captured,
            Inputs = inputs,
            Size = size,
            CacheBits = cacheBits,
            TileRows = rows,
            ArithmeticLength = arithmetic,
            VideoArea = area,
            IsVideoStart = starts,
            VideoBytes = unit,
        };
        return true;
    }

    /// <summary>Seven bits a byte, the lowest first; all bytes but the last have their highest bit set.</summary>
    private static int WriteVarint(Span<byte> target, uint value)
    {
        int length = 0;
        for (; value >= 0x80; value >>= 7) target[length++] = (byte)(value | 0x80);
        target[length++] = (byte)value;
        return length;
    }

    /// <summary>False at the source's end, for more than 32 bits, and for a number in more bytes than it needs.</summary>
    private static bool TryReadVarint(ReadOnlySpan<byte> source, ref int at, out uint value)
    {
        value = 0;
        for (int shift = 0; shift < 7 * MaxVarint && at < source.Length; shift += 7)
        {
            byte next = source[at++];
            value |= (uint)(next & 0x7F) << shift;
            if (next >= 0x80) continue;
            return (next != 0 || shift == 0) && (shift < 28 || next < 0x10);
        }

        return false;
    }

    private static void WriteUInt24(Span<byte> target, int value)
    {
        target[0] = (byte)(value >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(target[1..], (ushort)value);
    }

    private static int ReadUInt24(ReadOnlySpan<byte> source) => (source[0] << 16) | BinaryPrimitives.ReadUInt16BigEndian(source[1..]);
}
