using System.Diagnostics.CodeAnalysis;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>
/// The receipt of a session: what the computer and the technician's side both signed at its end (docs/ledger-witness.md §4). There is no other way to
/// one than by both signatures. Immutable, thread-safe.
/// </summary>
public sealed class SessionReceipt
{
    internal const int EncodedLength = ReceiptBody.Length + (2 * (P256.PointLength + P256.SignatureLength));

    private const string Label = "REMOTEACCESS SESSION RECEIPT";

    private readonly byte[] encoded;
    private readonly ReceiptBody body;

    private SessionReceipt(byte[] encoded, ReceiptBody body)
    {
        this.encoded = encoded;
        this.body = body;
    }

    /// <summary>16 bytes.</summary>
    public ReadOnlyMemory<byte> SessionId => body.SessionId;
    /// <summary>16 bytes.</summary>
    public ReadOnlyMemory<byte> GrantId => body.GrantId;
    /// <summary>When the session began by the computer's clock, to the millisecond.</summary>
    public DateTimeOffset Began => body.Began;
    /// <summary><see cref="Began"/> and the length of the session by the clock that nobody can set.</summary>
    public DateTimeOffset Ended => body.Ended;
    /// <summary>How many entries the computer's ledger had, the session's end among them.</summary>
    public long HostSize => body.HostSize;
    /// <summary>Merkle root of these, 32 bytes.</summary>
    public ReadOnlyMemory<byte> HostRoot => body.HostRoot;
    /// <summary>How many entries the technician's ledger had when its checkpoint was sent, the session's beginning among them.</summary>
    public long TechnicianSize => body.TechnicianSize;
    /// <summary>Merkle root of these, 32 bytes.</summary>
    public ReadOnlyMemory<byte> TechnicianRoot => body.TechnicianRoot;
    /// <summary>The operations that were used.</summary>
    public Operations Used => body.Used;
    /// <summary>The computer's key, 65 bytes. Whether it is the right computer's, whoever reads the receipt compares: with the grant's.</summary>
    public ReadOnlyMemory<byte> HostKey => encoded.AsMemory(ReceiptBody.Length, P256.PointLength);
    /// <summary>The technician's key, 65 bytes.</summary>
    public ReadOnlyMemory<byte> TechnicianKey => encoded.AsMemory(ReceiptBody.Length + P256.PointLength + P256.SignatureLength, P256.PointLength);

    /// <summary>What was signed, 133 bytes.</summary>
    internal ReadOnlySpan<byte> Signed => encoded.AsSpan(0, ReceiptBody.Length);

    internal ReadOnlySpan<byte> HostSignature => encoded.AsSpan(ReceiptBody.Length + P256.PointLength, P256.SignatureLength);

    internal ReadOnlySpan<byte> TechnicianSignature => encoded.AsSpan(EncodedLength - P256.SignatureLength, P256.SignatureLength);

    /// <summary>Reads a receipt; false when the text is not one or one of its two signatures is wrong.</summary>
    public static bool TryReadPem(string text, [NotNullWhen(true)] out SessionReceipt? receipt)
    {
        ArgumentNullException.ThrowIfNull(text);
        receipt = null;
        return PemText.TryRead(text, Label, EncodedLength, out byte[] content) && TryRead(content, out receipt);
    }

    /// <summary>As text: one PEM block.</summary>
    public string ToPem() => PemText.Write(Label, encoded);

    /// <summary>Receipt, computer's key and signature, technician's key and signature.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out SessionReceipt? receipt)
    {
        receipt = null;
        if (bytes.Length != EncodedLength || !ReceiptBody.TryRead(bytes[..ReceiptBody.Length], out ReceiptBody? body)) return false;
        var candidate = new SessionReceipt(bytes.ToArray(), body!);
        if (!ReceiptBody.IsSigned(candidate.Signed, candidate.HostKey.Span, candidate.HostSignature)) return false;
        if (!ReceiptBody.IsSigned(candidate.Signed, candidate.TechnicianKey.Span, candidate.TechnicianSignature)) return false;
        receipt = candidate;
        return true;
    }
}
