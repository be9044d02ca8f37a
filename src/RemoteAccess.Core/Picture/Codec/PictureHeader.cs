using System.Buffers.Binary;

namespace RemoteAccess.Picture;

/// <summary>
/// Opens every message of the picture stream (docs/picture.md, "Message"). A frame is one or more parts, top to bottom; the first names
/// what holds for all of them, the last says that it is the last.
/// <code>
/// u8 flags | new epoch: u8 version = 7 | varint epoch | varint sequence
///   first part:  varint µs, varint inputs since the frame before in this epoch; new epoch: the capture time in µs, the inputs
///   new epoch:   u16 width | u16 height | u8 cache tiles, as a power of two
///   more than one part: varint rows of tiles in this part
///   natural section: varint bytes of the arithmetic section; what is left is the natural section
///   video, first part only: u16 x | u16 y | u16 width | u16 height | u8 1 begins, 0 goes on | u24 bytes of the access unit, which follows the header
/// </code>
/// </summary>
internal readonly record struct PictureHeader
{
    /// <summary>The longest header.</summary>
    public const int MaxLength = 1 + 1 + 5 + 5 + 7 + 3 + 5 + 3 + 4 + VideoLength;

    /// <summary>The most pixels of a picture, a little more than 7680 × 4320: a viewer never holds more than 128 MiB of them.</summary>
    public const long MaxPixels = 1L << 25;

    /// <summary>The widest and the highest picture: a row of tiles always fits a message.</summary>
    public const int MaxSide = 1 << 15;

    /// <summary>The most tiles a cache may be asked to hold, as a power of two: 4096 tiles are 64 MiB.</summary>
    public const int MaxCacheBits = 12;

    private const byte Version = 7;
    private const byte FirstFlag = 1;
    private const byte LastFlag = 2;
    private const byte NewEpochFlag = 4;
    private const byte NaturalFlag = 8;
    private const int QualityShift = 4;
    private const byte VideoFlag = 64;
    private const byte KnownFlags = 0x7F;
    private const int VideoLength = 12;
    private const int TimeBits = 48;
    private const int InputBits = 16;
    private const int RowBits = 16;
    private const int LengthBits = 24;

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

    /// <summary>Microseconds on the agent's clock, from an arbitrary start, modulo 2^48. First part only.</summary>
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
    /// <param name="target">At least <see cref="MaxLength"/> bytes.</param>
    /// <param name="before">The frame before in the same epoch: a first part says what time and inputs have come since. A new epoch's is not looked at.</param>
    public int Write(Span<byte> target, in PictureHeader before = default)
    {
        target[0] = (byte)((IsFirstPart ? FirstFlag : 0) | (IsLastPart ? LastFlag : 0) | (IsNewEpoch ? NewEpochFlag : 0)
            | (ArithmeticLength >= 0 ? NaturalFlag : 0) | ((int)Quality << QualityShift) | (VideoArea.IsEmpty ? 0 : VideoFlag));
        int at = 1;
        if (IsNewEpoch) target[at++] = Version;
        at += WriteVarint(target[at..], Epoch);
        at += WriteVarint(target[at..], Sequence);
        if (IsFirstPart)
        {
            (long time, ushort inputs) = Before(before, IsNewEpoch);
            at += WriteVarint(target[at..], (ulong)(CapturedAtMicroseconds - time) & ((1UL << TimeBits) - 1));
            at += WriteVarint(target[at..], (ushort)(Inputs - inputs));
        }

        if (IsNewEpoch)
        {
            BinaryPrimitives.WriteUInt16BigEndian(target[at..], checked((ushort)Size.Width));
            BinaryPrimitives.WriteUInt16BigEndian(target[(at + 2)..], checked((ushort)Size.Height));
            target[at + 4] = (byte)CacheBits;
            at += 5;
        }

        if (!IsFirstPart || !IsLastPart) at += WriteVarint(target[at..], checked((ushort)TileRows));
        if (ArithmeticLength >= 0) at += WriteVarint(target[at..], (uint)ArithmeticLength);
        if (VideoArea.IsEmpty) return at;
        BinaryPrimitives.WriteUInt16BigEndian(target[at..], (ushort)VideoArea.X);
        BinaryPrimitives.WriteUInt16BigEndian(target[(at + 2)..], (ushort)VideoArea.Y);
        BinaryPrimitives.WriteUInt16BigEndian(target[(at + 4)..], (ushort)VideoArea.Width);
        BinaryPrimitives.WriteUInt16BigEndian(target[(at + 6)..], (ushort)VideoArea.Height);
        target[at + 8] = (byte)(IsVideoStart ? 1 : 0);
        target[at + 9] = (byte)(VideoBytes >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(target[(at + 10)..], (ushort)VideoBytes);
        return at + VideoLength;
    }

    /// <summary>
    /// Reads and checks a header; <paramref name="length"/> is what it took. Who does not know the frame before gets all but time and inputs, which are then what has come
    /// since.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out PictureHeader header, out int length) => TryRead(source, default, out header, out length);

    /// <inheritdoc cref="TryRead(ReadOnlySpan{byte}, out PictureHeader, out int)"/>
    /// <param name="source">A message.</param>
    /// <param name="before">The frame before, as in <see cref="Write"/>. Nothing but its time and inputs is looked at: whether this is the next frame is the caller's to check.</param>
    /// <param name="header">What was read.</param>
    /// <param name="length">What it took.</param>
    public static bool TryRead(ReadOnlySpan<byte> source, in PictureHeader before, out PictureHeader header, out int length)
    {
        header = default;
        length = 0;
        if (source.IsEmpty || (source[0] & ~KnownFlags) != 0) return false;
        byte flags = source[0];
        bool first = (flags & FirstFlag) != 0, last = (flags & LastFlag) != 0, epoch = (flags & NewEpochFlag) != 0, natural = (flags & NaturalFlag) != 0, video = (flags & VideoFlag) != 0;
        if ((epoch || video) && !first) return false;
        int at = 1;
        if (epoch && (source.Length <= at || source[at++] != Version)) return false;
        if (!TryReadVarint(source, ref at, 32, out ulong epochs) || !TryReadVarint(source, ref at, 32, out ulong sequence)) return false;
        ulong since = 0, inputsSince = 0;
        if (first && !(TryReadVarint(source, ref at, TimeBits, out since) && TryReadVarint(source, ref at, InputBits, out inputsSince))) return false;

        PixelSize size = default;
        int cacheBits = 0;
        if (epoch)
        {
            if (source.Length - at < 5) return false;
            size = new PixelSize(BinaryPrimitives.ReadUInt16BigEndian(source[at..]), BinaryPrimitives.ReadUInt16BigEndian(source[(at + 2)..]));
            cacheBits = source[at + 4];
            if (size.Area is 0 or > MaxPixels || size.Width > MaxSide || size.Height > MaxSide || cacheBits > MaxCacheBits) return false;
            at += 5;
        }

        ulong rows = 0, arithmetic = 0;
        if (!(first && last) && (!TryReadVarint(source, ref at, RowBits, out rows) || rows == 0)) return false;
        if (natural && !TryReadVarint(source, ref at, LengthBits, out arithmetic)) return false;

        PixelRect area = default;
        bool starts = false;
        int unit = 0;
        if (video)
        {
            if (source.Length - at < VideoLength) return false;
            area = new PixelRect(
                BinaryPrimitives.ReadUInt16BigEndian(source[at..]), BinaryPrimitives.ReadUInt16BigEndian(source[(at + 2)..]),
                BinaryPrimitives.ReadUInt16BigEndian(source[(at + 4)..]), BinaryPrimitives.ReadUInt16BigEndian(source[(at + 6)..]));
            starts = source[at + 8] == 1;
            unit = (source[at + 9] << 16) | BinaryPrimitives.ReadUInt16BigEndian(source[(at + 10)..]);
            if (area.IsEmpty || source[at + 8] > 1) return false;
            at += VideoLength;
        }

        if (unit > source.Length - at || (int)arithmetic > source.Length - at - unit) return false;

        (long time, ushort inputs) = first ? Before(before, epoch) : default;
        length = at;
        header = new PictureHeader
        {
            Epoch = (uint)epochs,
            Sequence = (uint)sequence,
            IsFirstPart = first,
            IsLastPart = last,
            IsNewEpoch = epoch,
            Quality = (LossyQuality)(flags >> QualityShift & 3),
            CapturedAtMicroseconds = (time + (long)since) & ((1L << TimeBits) - 1),
            Inputs = (ushort)(inputs + inputsSince),
            Size = size,
            CacheBits = cacheBits,
            TileRows = (int)rows,
            ArithmeticLength = natural ? (int)arithmetic : -1,
            VideoArea = area,
            IsVideoStart = starts,
            VideoBytes = unit,
        };
        return true;
    }

    /// <summary>What time and inputs are counted from: nothing in a new epoch.</summary>
    private static (long Microseconds, ushort Inputs) Before(in PictureHeader before, bool isNewEpoch) => isNewEpoch ? default : (before.CapturedAtMicroseconds, before.Inputs);

    /// <summary>Seven bits a byte, the lowest first; all bytes but the last have their highest bit set.</summary>
    private static int WriteVarint(Span<byte> target, ulong value)
    {
        int length = 0;
        for (; value >= 0x80; value >>= 7) target[length++] = (byte)(value | 0x80);
        target[length++] = (byte)value;
        return length;
    }

    /// <summary>False at the source's end, for more bits than <paramref name="bits"/>, and for a number in more bytes than it needs.</summary>
    private static bool TryReadVarint(ReadOnlySpan<byte> source, ref int at, int bits, out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < bits && at < source.Length; shift += 7)
        {
            byte next = source[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next >= 0x80) continue;
            return (next != 0 || shift == 0) && value >> bits == 0;
        }

        return false;
    }
}
