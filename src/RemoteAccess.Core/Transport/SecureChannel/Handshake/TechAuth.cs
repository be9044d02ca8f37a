using System.Text;
using RemoteAccess.Trust;

namespace RemoteAccess.Transport;

/// <summary>
/// Message 4, technician to host, protected: certificate, grant, what is wanted and why, and the first half of SPAKE2+, signed over
/// everything so far. Spans point into the message.
/// </summary>
internal ref struct TechAuth
{
    public const int GrantIdLength = 16;
    public const int GrantDigestLength = 32;
    public const int MaxReasonLength = 512;
    public const int ResumeTokenLength = 32;

    public ReadOnlySpan<byte> Certificate;
    public ReadOnlySpan<byte> GrantId;
    public ReadOnlySpan<byte> GrantDigest;
    public uint Wanted;
    /// <summary>Valid UTF-8 without control characters: the customer is shown it.</summary>
    public ReadOnlySpan<byte> Reason;
    /// <summary>Empty, or 32 bytes.</summary>
    public ReadOnlySpan<byte> ResumeToken;
    /// <summary>65 bytes, not yet checked to be a point.</summary>
    public ReadOnlySpan<byte> ShareP;
    public ReadOnlySpan<byte> Signature;

    /// <summary>Reads a body; false when it is not well-formed. Certificate, point and signature are for the caller to judge.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out TechAuth auth)
    {
        auth = default;
        var reader = new BodyReader(body);
        return reader.TryVector16(out auth.Certificate)
            && reader.TryBytes(GrantIdLength, out auth.GrantId)
            && reader.TryBytes(GrantDigestLength, out auth.GrantDigest)
            && reader.TryU32(out auth.Wanted)
            && reader.TryVector16(out auth.Reason) && PlainText.TryDecode(auth.Reason, MaxReasonLength, out _)
            && reader.TryVector8(out auth.ResumeToken) && auth.ResumeToken.Length is 0 or ResumeTokenLength
            && reader.TryBytes(P256.PointLength, out auth.ShareP)
            && reader.TryBytes(P256.SignatureLength, out auth.Signature)
            && reader.IsAtEnd;
    }

    /// <summary>The bytes the signature is over; the hash is of everything up to this message without its signature.</summary>
    public static byte[] Statement(ReadOnlySpan<byte> hash) => SignedStatement.Over(SignedStatement.TechAuth, hash);

    /// <summary>The whole message with room for the signature in its last 64 bytes.</summary>
    public static byte[] WriteUnsigned(
        ReadOnlySpan<byte> certificate, ReadOnlySpan<byte> grantId, ReadOnlySpan<byte> grantDigest, Operations wanted,
        string reason, ReadOnlySpan<byte> resumeToken, ReadOnlySpan<byte> shareP)
    {
        byte[] reasonBytes = Encoding.UTF8.GetBytes(reason);
        int length = 2 + certificate.Length + GrantIdLength + GrantDigestLength + 4 + 2 + reasonBytes.Length + 1 + resumeToken.Length
            + P256.PointLength + P256.SignatureLength;
        byte[] message = HandshakeMessage.Begin(HandshakeType.TechAuth, length, out BodyWriter body);
        body.U16(certificate.Length);
        body.Bytes(certificate);
        body.Bytes(grantId);
        body.Bytes(grantDigest);
        body.U32((uint)wanted);
        body.U16(reasonBytes.Length);
        body.Bytes(reasonBytes);
        body.U8((byte)resumeToken.Length);
        body.Bytes(resumeToken);
        body.Bytes(shareP);
        return message;
    }
}
