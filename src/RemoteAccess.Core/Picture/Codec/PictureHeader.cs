using System.Buffers.Binary;

namespace RemoteAccess.Picture;

/// <summary>
/// Opens every message of the picture stream. A frame is one or more bands, top to bottom; the last one says so.
/// <code>u8 version=1 | u8 flags | u16 width | u16 height | u32 sequence | u32 epoch | u64 capture µs | u16 first block row | u16 block rows</code>
/// </summary>
internal readonly record struct PictureHeader
{
    public const int Length = 26;

    /// <summary>The most pixels of a picture, a little more than 7680 × 4320: a viewer never holds more than 128 MiB of them.</summary>
    public const long MaxPixels = 1L << 25;

    private const byte Version = 1;
    private const byte LastBandFlag = 1;
    private const byte NewEpochFlag = 2;

    public required PixelSize Size { get; init; }

    /// <summary>Counts frames from 1 in each session.</summary>
    public required uint Sequence { get; init; }

    /// <summary>Counts beginnings: the first frame of an epoch holds the whole picture.</summary>
    public required uint Epoch { get; init; }

    public required bool IsNewEpoch { get; init; }

    /// <summary>Microseconds on the agent's clock, from an arbitrary start.</summary>
    public required long CapturedAtMicroseconds { get; init; }

    public required int FirstBlockRow { get; init; }

    public required int BlockRows { get; init; }

    public required bool IsLastBand { get; init; }

    public void Write(Span<byte> target)
    {
        target[0] = Version;
        target[1] = (byte)((IsLastBand ? LastBandFlag : 0) | (IsNewEpoch ? NewEpochFlag : 0));
        BinaryPrimitives.WriteUInt16BigEndian(target[2..], checked((ushort)Size.Width));
        BinaryPrimitives.WriteUInt16BigEndian(target[4..], checked((ushort)Size.Height));
        BinaryPrimitives.WriteUInt32BigEndian(target[6..], Sequence);
        BinaryPrimitives.WriteUInt32BigEndian(target[10..], Epoch);
        BinaryPrimitives.WriteInt64BigEndian(target[14..], CapturedAtMicroseconds);
        BinaryPrimitives.WriteUInt16BigEndian(target[22..], checked((ushort)FirstBlockRow));
        BinaryPrimitives.WriteUInt16BigEndian(target[24..], checked((ushort)BlockRows));
    }

    /// <summary>Reads and checks a header: version, known flags, a picture of 1 to <see cref="MaxPixels"/> pixels, a band inside it.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out PictureHeader header)
    {
        header = default;
        if (source.Length < Length || source[0] != Version || (source[1] & ~(LastBandFlag | NewEpochFlag)) != 0) return false;
        var size = new PixelSize(BinaryPrimitives.ReadUInt16BigEndian(source[2..]), BinaryPrimitives.ReadUInt16BigEndian(source[4..]));
        if (size.Area is 0 or > MaxPixels) return false;
        header = new PictureHeader
        {
            Size = size,
            Sequence = BinaryPrimitives.ReadUInt32BigEndian(source[6..]),
            Epoch = BinaryPrimitives.ReadUInt32BigEndian(source[10..]),
            IsNewEpoch = (source[1] & NewEpochFlag) != 0,
            CapturedAtMicroseconds = BinaryPrimitives.ReadInt64BigEndian(source[14..]),
            FirstBlockRow = BinaryPrimitives.ReadUInt16BigEndian(source[22..]),
            BlockRows = BinaryPrimitives.ReadUInt16BigEndian(source[24..]),
            IsLastBand = (source[1] & LastBandFlag) != 0,
        };
        int rows = (size.Height + BlockMap.Side - 1) / BlockMap.Side;
        return header.BlockRows > 0 && header.FirstBlockRow + header.BlockRows <= rows;
    }
}
