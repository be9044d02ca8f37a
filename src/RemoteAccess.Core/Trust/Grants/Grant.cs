using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>
/// The customer's consent, signed by the computer (protocol.md §3): to unattended access, and then countersigned by the tenant, or to one attended
/// session, for which the computer's signature is enough. An instance that was read has its signatures verified. Immutable.
/// </summary>
public sealed class Grant
{
    private const string PemLabel = "REMOTEACCESS GRANT";

    private volatile Narrowed? narrowed;

    internal Grant()
    {
    }

    /// <summary>16 bytes.</summary>
    public required ReadOnlyMemory<byte> Id { get; init; }
    /// <summary>The computer's key, 65 bytes.</summary>
    public required ReadOnlyMemory<byte> HostKey { get; init; }
    /// <summary>The tenant's key, 65 bytes.</summary>
    public required ReadOnlyMemory<byte> TenantKey { get; init; }
    /// <summary>When it was made.</summary>
    public required DateTimeOffset Issued { get; init; }
    /// <summary>From when it holds.</summary>
    public required DateTimeOffset NotBefore { get; init; }
    /// <summary>Until when it holds.</summary>
    public required DateTimeOffset NotAfter { get; init; }
    /// <summary>The most any session under it may do.</summary>
    public required Operations MaxOperations { get; init; }
    /// <summary>The weakest cipher suite the customer accepts.</summary>
    public required ushort MinSuite { get; init; }
    /// <summary>What sort of access code belongs to it.</summary>
    public required AccessCodeKind CodeKind { get; init; }
    /// <summary>scrypt cost exponent.</summary>
    public required byte ScryptLog2N { get; init; }
    /// <summary>scrypt block size.</summary>
    public required byte ScryptR { get; init; }
    /// <summary>scrypt parallelism.</summary>
    public required byte ScryptP { get; init; }
    /// <summary>16 bytes.</summary>
    public required ReadOnlyMemory<byte> Salt { get; init; }
    /// <summary>32 bytes.</summary>
    public required ReadOnlyMemory<byte> RouteKey { get; init; }
    /// <summary>The rules, JSON.</summary>
    public required string PolicyJson { get; init; }
    /// <summary>How consent was given.</summary>
    public required ConsentMethod ConsentMethod { get; init; }
    /// <summary>SHA-256 of the exact text shown or read out.</summary>
    public required ReadOnlyMemory<byte> ConsentTextHash { get; init; }
    /// <summary>Who consented.</summary>
    public required string ConsentedBy { get; init; }
    /// <summary>All signed bytes with both signatures.</summary>
    public required ReadOnlyMemory<byte> Encoded { get; init; }
    /// <summary>SHA-256 of <see cref="Encoded"/>.</summary>
    public required ReadOnlyMemory<byte> Digest { get; init; }

    /// <summary>The rules of <see cref="PolicyJson"/>.</summary>
    public GrantPolicy Policy { get; internal init; } = new();

    /// <summary>Whether it is for one attended session: a code of twelve digits for one attempt, and each operation asked about on screen.</summary>
    public bool IsAttended => CodeKind == AccessCodeKind.SessionDigits;

    /// <summary>Until when a session may begin: for an attended one the code's ten minutes, otherwise <see cref="NotAfter"/>.</summary>
    internal DateTimeOffset LastEntry => IsAttended ? Issued + HelpCall.CodeLifetime : NotAfter;

    internal AccessRules Rules => field ??= AccessRules.Of(this);

    /// <summary>What the grant and the computer's own rules both allow. The last answer is kept: most questions are about the same two. Thread-safe.</summary>
    internal AccessRules RulesWithin(AccessRules computer)
    {
        Narrowed? last = narrowed;
        // One reference replaced whole: nobody sees the rules of one computer's policy beside another's.
        if (last is null || !ReferenceEquals(last.Computer, computer)) narrowed = last = new Narrowed(computer, AccessRules.Narrow(computer, Rules));
        return last.Rules;
    }

    /// <summary>32 bytes that name the tenant on the wire.</summary>
    internal byte[] TenantId => field ??= WireIdentity.Tenant(TenantKey.Span);

    /// <summary>Reads a grant; false unless each field is in range, its signatures verify and nothing follows.</summary>
    public static bool TryRead(ReadOnlySpan<byte> encoded, [NotNullWhen(true)] out Grant? grant) => TryRead(encoded, P256.Verify, out grant);

    /// <inheritdoc cref="TryRead(ReadOnlySpan{byte}, out Grant?)"/>
    internal static bool TryRead(ReadOnlySpan<byte> encoded, SignatureCheck isSigned, [NotNullWhen(true)] out Grant? grant)
    {
        grant = null;
        if (!TryDecode(encoded, out GrantFields fields, out int length)) return false;
        int hostEnd = length + P256.SignatureLength;
        if (!isSigned(fields.HostKey.Span, GrantFormat.SignedContent(encoded[..length]), encoded[length..hostEnd])) return false;
        if (hostEnd < encoded.Length && !isSigned(fields.TenantKey.Span, GrantFormat.SignedContent(encoded[..hostEnd]), encoded[hostEnd..])) return false;
        grant = Of(fields, encoded, SHA256.HashData(encoded));
        return true;
    }

    /// <summary>Reads bytes that <see cref="TryRead(ReadOnlySpan{byte}, out Grant?)"/> has accepted before, as their SHA-256 shows; only <see cref="VerifiedGrants"/> may say so.</summary>
    internal static bool TryReadVerified(ReadOnlySpan<byte> encoded, ReadOnlySpan<byte> digest, [NotNullWhen(true)] out Grant? grant)
    {
        grant = TryDecode(encoded, out GrantFields fields, out _) ? Of(fields, encoded, digest.ToArray()) : null;
        return grant is not null;
    }

    /// <summary>Everything but the signatures: an attended grant ends with the computer's, any other with the tenant's after it.</summary>
    private static bool TryDecode(ReadOnlySpan<byte> encoded, out GrantFields fields, out int length)
    {
        (fields, length) = (GrantFields.Empty, 0);
        if (encoded.Length > GrantFormat.MaxLength || !GrantFormat.TryDecode(encoded, out fields, out length)) return false;
        bool isAttended = fields.CodeKind == AccessCodeKind.SessionDigits;
        return encoded.Length == length + (isAttended ? 1 : 2) * P256.SignatureLength && (!isAttended || HelpCall.IsAcceptable(fields));
    }

    private static Grant Of(GrantFields fields, ReadOnlySpan<byte> encoded, ReadOnlyMemory<byte> digest) => new()
    {
        Id = fields.Id,
        HostKey = fields.HostKey,
        TenantKey = fields.TenantKey,
        Issued = fields.Issued,
        NotBefore = fields.NotBefore,
        NotAfter = fields.NotAfter,
        MaxOperations = fields.MaxOperations,
        MinSuite = fields.MinSuite,
        CodeKind = fields.CodeKind,
        ScryptLog2N = fields.ScryptLog2N,
        ScryptR = fields.ScryptR,
        ScryptP = fields.ScryptP,
        Salt = fields.Salt,
        RouteKey = fields.RouteKey,
        PolicyJson = fields.PolicyJson,
        Policy = fields.Policy,
        ConsentMethod = fields.ConsentMethod,
        ConsentTextHash = fields.ConsentTextHash,
        ConsentedBy = fields.ConsentedBy,
        Encoded = encoded.ToArray(),
        Digest = digest,
    };

    /// <summary>Reads the text form that <see cref="ToPem"/> writes; false also when other text or a second block is there.</summary>
    public static bool TryReadPem(ReadOnlySpan<char> text, [NotNullWhen(true)] out Grant? grant)
    {
        grant = null;
        return PemText.TryRead(text, PemLabel, GrantFormat.MaxLength, out byte[] encoded) && TryRead(encoded, out grant);
    }

    /// <summary>The text form for files (RFC 7468), label <c>REMOTEACCESS GRANT</c>. It holds no secret.</summary>
    public string ToPem() => PemText.Write(PemLabel, Encoded.Span);

    private sealed record Narrowed(AccessRules Computer, AccessRules Rules);
}
