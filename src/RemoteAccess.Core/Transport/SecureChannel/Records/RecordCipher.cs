using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace RemoteAccess.Transport;

/// <summary>
/// AES-256-GCM under one key of one direction (docs/protocol.md §5). The sequence number is the nonce's changing part and never repeats:
/// it only rises, and stops hard at <see cref="MaxRecords"/>. Not thread-safe. Allocates nothing after construction.
/// </summary>
internal sealed class RecordCipher : IDisposable
{
    public const int KeyLength = 32;
    public const int IvLength = 12;
    public const int TagLength = 16;

    /// <summary>What a frame adds to its content, padding aside.</summary>
    public const int Overhead = FrameHeader.Size + RecordBody.Prefix + TagLength;

    /// <summary>The hard stop: not one record more under one key.</summary>
    public const long MaxRecords = 1L << 21;

    private readonly AesGcm aes;
    private readonly PinnedSecret iv = new(IvLength);
    private readonly long maxRecords;

    public RecordCipher(PinnedSecret trafficSecret, long maxRecords = MaxRecords)
    {
        this.maxRecords = maxRecords;
        using var key = new PinnedSecret(KeyLength);
        KeySchedule.RecordKey(trafficSecret.Span, key.Span);
        KeySchedule.RecordIv(trafficSecret.Span, iv.Span);
        aes = new AesGcm(key.Span, TagLength);
    }

    /// <summary>Records sealed or opened so far; the next one's sequence number.</summary>
    public long Sequence { get; private set; }

    /// <summary>Length of the frame for a content.</summary>
    public static int FrameLength(int contentLength, int padding) => Overhead + contentLength + padding;

    /// <summary>Writes a whole frame into <paramref name="frame"/>, which has exactly <see cref="FrameLength"/> bytes.</summary>
    /// <exception cref="ChannelException"><see cref="ChannelError.LimitExceeded"/> at the hard stop.</exception>
    public void Seal(RecordType type, ReadOnlySpan<byte> content, int padding, Span<byte> frame)
    {
        Span<byte> header = frame[..FrameHeader.Size], inner = frame[FrameHeader.Size..^TagLength];
        new FrameHeader(FrameKind.Protected, inner.Length + TagLength).Write(header);
        inner[0] = (byte)type;
        inner[1] = checked((byte)padding);
        content.CopyTo(inner[RecordBody.Prefix..]);
        inner[(RecordBody.Prefix + content.Length)..].Clear();
        Span<byte> nonce = stackalloc byte[IvLength];
        NextNonce(nonce);
        aes.Encrypt(nonce, inner, inner, frame[^TagLength..], header);
    }

    /// <summary>Decrypts a protected frame into <paramref name="inner"/>, which is <see cref="TagLength"/> shorter than the payload.</summary>
    /// <exception cref="ChannelException">NotAuthentic: altered, replayed, reordered or of another key. LimitExceeded at the hard stop.</exception>
    public void Open(in Frame frame, Span<byte> inner)
    {
        Span<byte> header = stackalloc byte[FrameHeader.Size], nonce = stackalloc byte[IvLength], tag = stackalloc byte[TagLength];
        frame.Header.Write(header);
        NextNonce(nonce);
        ReadOnlySequence<byte> ciphertext = frame.Payload.Slice(0, inner.Length);
        frame.Payload.Slice(inner.Length).CopyTo(tag);
        try
        {
            if (ciphertext.IsSingleSegment)
            {
                aes.Decrypt(nonce, ciphertext.FirstSpan, tag, inner, header);
            }
            else
            {
                ciphertext.CopyTo(inner);
                aes.Decrypt(nonce, inner, tag, inner, header);
            }
        }
        catch (AuthenticationTagMismatchException fault)
        {
            throw new ChannelException(ChannelError.NotAuthentic, "A record did not verify: it was altered on the way, or is out of its place.", fault);
        }
    }

    public void Dispose()
    {
        aes.Dispose();
        iv.Dispose();
    }

    private void NextNonce(Span<byte> nonce)
    {
        if (Sequence >= maxRecords) throw new ChannelException(ChannelError.LimitExceeded, "Too many records under one key: the peer did not change it in time.");
        iv.Span.CopyTo(nonce);
        Span<byte> counter = nonce[^8..];
        BinaryPrimitives.WriteInt64BigEndian(counter, BinaryPrimitives.ReadInt64BigEndian(counter) ^ Sequence);
        Sequence++;
    }
}
