using System.Diagnostics.CodeAnalysis;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>
/// A grant that the computer has signed and the tenant has not: worth nothing yet. An instance that was read has the computer's signature
/// verified. Immutable.
/// </summary>
public sealed class GrantDraft
{
    private const string PemLabel = "REMOTEACCESS GRANT DRAFT";
    private readonly GrantFields fields;

    private GrantDraft(GrantFields fields, ReadOnlyMemory<byte> encoded)
    {
        this.fields = fields;
        Encoded = encoded;
    }

    /// <summary>16 bytes, the later grant's.</summary>
    public ReadOnlyMemory<byte> Id => fields.Id;

    /// <summary>The computer's key, 65 bytes.</summary>
    public ReadOnlyMemory<byte> HostKey => fields.HostKey;

    /// <summary>The key of the tenant that is to countersign, 65 bytes.</summary>
    public ReadOnlyMemory<byte> TenantKey => fields.TenantKey;

    /// <summary>The most any session under it may do.</summary>
    public Operations MaxOperations => fields.MaxOperations;

    /// <summary>From when it will hold.</summary>
    public DateTimeOffset NotBefore => fields.NotBefore;

    /// <summary>Until when it will hold.</summary>
    public DateTimeOffset NotAfter => fields.NotAfter;

    /// <summary>The rules.</summary>
    public GrantPolicy Policy => fields.Policy;

    /// <summary>Who consented.</summary>
    public string ConsentedBy => fields.ConsentedBy;

    /// <summary>All fields and the computer's signature.</summary>
    public ReadOnlyMemory<byte> Encoded { get; }

    /// <summary>Reads a draft; false unless each field is in range, the computer's signature verifies and nothing follows.</summary>
    public static bool TryRead(ReadOnlySpan<byte> encoded, [NotNullWhen(true)] out GrantDraft? draft)
    {
        draft = null;
        if (encoded.Length > GrantFormat.MaxDraftLength || !GrantFormat.TryDecode(encoded, out GrantFields fields, out int length)) return false;
        if (encoded.Length != length + P256.SignatureLength || fields.CodeKind == AccessCodeKind.SessionDigits) return false;
        if (!P256.Verify(fields.HostKey.Span, GrantFormat.SignedContent(encoded[..length]), encoded[length..])) return false;
        draft = new GrantDraft(fields, encoded.ToArray());
        return true;
    }

    /// <summary>Reads the text form that <see cref="ToPem"/> writes.</summary>
    public static bool TryReadPem(ReadOnlySpan<char> text, [NotNullWhen(true)] out GrantDraft? draft)
    {
        draft = null;
        return PemText.TryRead(text, PemLabel, GrantFormat.MaxDraftLength, out byte[] encoded) && TryRead(encoded, out draft);
    }

    /// <summary>The text form for files (RFC 7468), label <c>REMOTEACCESS GRANT DRAFT</c>. It holds no secret.</summary>
    public string ToPem() => PemText.Write(PemLabel, Encoded.Span);

    /// <summary>Signs fields as the computer. What comes out is read back, so that no draft exists that a reader would refuse.</summary>
    /// <exception cref="ArgumentException">A field is outside its range.</exception>
    internal static GrantDraft Sign(GrantFields fields, ISigningKey hostKey)
    {
        byte[] signed = AppendSignature(GrantFormat.Encode(fields), hostKey);
        return TryRead(signed, out GrantDraft? draft) ? draft : throw new ArgumentException("The terms hold a value that no grant may have.", nameof(fields));
    }

    /// <summary>Countersigns as the tenant.</summary>
    /// <exception cref="ArgumentException">The draft names another tenant.</exception>
    internal Grant Countersign(ISigningKey tenantKey)
    {
        if (!tenantKey.PublicKey.SequenceEqual(TenantKey.Span)) throw new ArgumentException("The draft is for another tenant.", nameof(tenantKey));
        byte[] signed = AppendSignature(Encoded.Span, tenantKey);
        return Grant.TryRead(signed, out Grant? grant) ? grant : throw new InvalidOperationException("The countersigned grant does not verify.");
    }

    internal static byte[] AppendSignature(ReadOnlySpan<byte> bytesBefore, ISigningKey key)
    {
        byte[] signed = new byte[bytesBefore.Length + P256.SignatureLength];
        bytesBefore.CopyTo(signed);
        key.Sign(GrantFormat.SignedContent(bytesBefore), signed.AsSpan(bytesBefore.Length));
        return signed;
    }
}
