using System.Buffers.Binary;
using System.Security.Cryptography;
using Google.Protobuf;
using RemoteAccess.Picture;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Sessions;

/// <summary>What a recording says of itself.</summary>
/// <param name="SessionId">32 hex digits; the same in the computer's ledger.</param>
/// <param name="HostId">The computer: the SHA-256 of its key, 64 hex digits.</param>
/// <param name="GrantId">The grant of the session; 32 hex digits.</param>
/// <param name="BeganAt">When, by the technician's clock.</param>
public sealed record RecordingInfo(string SessionId, string HostId, string GrantId, DateTimeOffset BeganAt);

/// <summary>
/// Plays a recording, frame by frame, through the decoder of live sessions. The file need not be trusted: whatever it holds, it takes bounded memory and ends with a picture or with
/// <see cref="InvalidDataException"/>. One that was cut plays up to the cut. Whether it is the file that the customer's ledger names is told by its SHA-256 alone. Not thread-safe.
/// </summary>
public sealed class RecordingReader : IDisposable
{
    private const int Piece = 64 * 1024;
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    private readonly Stream stream;
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Framebuffer framebuffer = new();
    private readonly PictureDecoder decoder = new();
    private byte[] buffer = new byte[Piece];
    private bool hasPicture, isOver;

    /// <summary>Reads the beginning.</summary>
    /// <param name="stream">Stays the caller's; read from where it stands, forwards only.</param>
    /// <param name="video">A decoder, when the session was watched with one.</param>
    /// <exception cref="InvalidDataException">It is no recording of this version.</exception>
    public RecordingReader(Stream stream, VideoDecoding? video = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        this.stream = stream;
        Update = new PictureUpdate(framebuffer);
        int length = stream.ReadAtLeast(buffer.AsSpan(0, RecordingFormat.HeaderLength), RecordingFormat.HeaderLength, throwOnEndOfStream: false);
        Info = RecordingFormat.ReadHeader(buffer.AsSpan(0, length));
        hash.AppendData(buffer, 0, length);
        decoder.Offer(video);
    }

    /// <summary>What it says of itself.</summary>
    public RecordingInfo Info { get; }

    /// <summary>The picture after the last <see cref="TryRead"/> that found one; valid until the next.</summary>
    public PictureUpdate Update { get; }

    /// <summary>Of <see cref="Update"/>, from the beginning.</summary>
    public TimeSpan At { get; private set; }

    /// <summary>Whether the end was reached and is the one that was written; false for a file that was cut.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>Why the recording ended, once <see cref="IsComplete"/>: None when the technician stopped it.</summary>
    public RefusalReason EndReason { get; private set; }

    /// <summary>Plays up to the next frame, cursor move or change of monitors.</summary>
    /// <returns>False at the end, or where the file was cut.</returns>
    /// <exception cref="InvalidDataException">It was changed, or was never a recording; nothing more is played.</exception>
    public bool TryRead()
    {
        framebuffer.ClearDamage();
        try
        {
            while (!isOver)
            {
                if (!TryReadRecord(out RecordKind kind, out ReadOnlyMemory<byte> payload)) return false;
                if (Play(kind, payload) && hasPicture) return true;
            }
            return false;
        }
        catch (Exception error) when (error is ChannelException or InvalidProtocolBufferException or InvalidDataException)
        {
            isOver = true;
            throw error as InvalidDataException ?? new InvalidDataException($"The recording is damaged. {error.Message}", error);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        decoder.Offer(null);
        hash.Dispose();
    }

    private bool Play(RecordKind kind, ReadOnlyMemory<byte> payload)
    {
        switch (kind)
        {
            case RecordKind.Picture:
                PictureHeader header = decoder.Decode(payload.Span, framebuffer);
                if (header.IsFirstPart) Update.CapturedAt = TimeSpan.FromMicroseconds(header.CapturedAtMicroseconds);
                if (!header.IsLastPart) return false;
                Update.Sequence = header.Sequence;
                Update.IsExact = PictureRegion.Of(framebuffer.Size, null).IsExact(decoder.Inexact);
                return hasPicture = true;
            case RecordKind.Cursor:
                Update.Cursor = PictureMessages.Read(CursorMessage.Parser.ParseFrom(payload.Span), Update.Cursor);
                return true;
            case RecordKind.Screen:
                Update.Layout = PictureMessages.Read(Screen.Parser.ParseFrom(payload.Span));
                return true;
            case RecordKind.End:
                IsComplete = isOver = true;
                EndReason = (RefusalReason)payload.Span[0];
                return false;
            default:
                return false;
        }
    }

    /// <returns>False when the file ends before the record does.</returns>
    private bool TryReadRecord(out RecordKind kind, out ReadOnlyMemory<byte> payload)
    {
        (kind, payload) = (default, default);
        if (!TryFill(0, 4)) return false;
        uint length = BinaryPrimitives.ReadUInt32BigEndian(buffer);
        if (length is < RecordingFormat.RecordHead or > RecordingFormat.RecordHead + RecordingFormat.MaxPayload) throw Damaged("a record that is too long or too short");
        if (!TryFill(4, (int)length)) return false;
        kind = (RecordKind)buffer[4];
        ulong at = BinaryPrimitives.ReadUInt64BigEndian(buffer.AsSpan(5));
        if (at > (ulong)Longest.TotalMicroseconds || TimeSpan.FromMicroseconds(at) < At) throw Damaged("a record out of time");
        At = TimeSpan.FromMicroseconds(at);
        payload = buffer.AsMemory(4 + RecordingFormat.RecordHead, (int)length - RecordingFormat.RecordHead);
        if (!Enum.IsDefined(kind)) throw Damaged("a record of an unknown kind");
        if (kind is RecordKind.Check or RecordKind.End) DemandHash(kind == RecordKind.End ? 1 : 0, payload.Span);
        hash.AppendData(buffer, 0, 4 + (int)length);
        if (kind == RecordKind.End && stream.ReadByte() >= 0) throw Damaged("something behind the end");
        return true;
    }

    private void DemandHash(int at, ReadOnlySpan<byte> payload)
    {
        if (payload.Length != at + RecordingFormat.HashLength || !payload[at..].SequenceEqual(hash.GetCurrentHash())) throw Damaged("bytes that are not those that were written");
    }

    /// <summary>Makes room only for bytes that have come.</summary>
    private bool TryFill(int at, int length)
    {
        for (int end = at + length; at < end;)
        {
            if (at == buffer.Length) Array.Resize(ref buffer, (int)Math.Min(buffer.Length * 2L, 4 + RecordingFormat.RecordHead + RecordingFormat.MaxPayload));
            int read = stream.Read(buffer, at, Math.Min(end, buffer.Length) - at);
            if (read == 0)
            {
                isOver = true;
                return false;
            }
            at += read;
        }
        return true;
    }

    private static InvalidDataException Damaged(string what) => new($"The recording is damaged: it holds {what}.");
}
