using System.Security.Cryptography;

namespace RemoteAccess.Trust;

/// <summary>Everything of a grant but its signatures, checked field by field.</summary>
internal sealed record GrantFields
{
    public static GrantFields Empty { get; } = new();

    public ReadOnlyMemory<byte> Id { get; init; }
    public ReadOnlyMemory<byte> HostKey { get; init; }
    public ReadOnlyMemory<byte> TenantKey { get; init; }
    public DateTimeOffset Issued { get; init; }
    public DateTimeOffset NotBefore { get; init; }
    public DateTimeOffset NotAfter { get; init; }
    public Operations MaxOperations { get; init; }
    public ushort MinSuite { get; init; }
    public AccessCodeKind CodeKind { get; init; }
    public byte ScryptLog2N { get; init; }
    public byte ScryptR { get; init; }
    public byte ScryptP { get; init; }
    public ReadOnlyMemory<byte> Salt { get; init; }
    public ReadOnlyMemory<byte> RouteKey { get; init; }
    public string PolicyJson { get; init; } = "";
    public GrantPolicy Policy { get; init; } = new();
    public ConsentMethod ConsentMethod { get; init; }
    public ReadOnlyMemory<byte> ConsentTextHash { get; init; }
    public string ConsentedBy { get; init; } = "";

    /// <summary>The fields of a new grant: what was agreed to, with fresh id, salt and route key.</summary>
    public static GrantFields Of(GrantTerms terms, RecordedConsent consent, ReadOnlyMemory<byte> hostKey, ReadOnlySpan<byte> tenantKey, DateTimeOffset now) => new()
    {
        Id = RandomNumberGenerator.GetBytes(GrantFormat.IdLength),
        HostKey = hostKey,
        TenantKey = tenantKey.ToArray(),
        Issued = now,
        NotBefore = terms.NotBefore ?? now,
        NotAfter = terms.NotAfter,
        MaxOperations = terms.Operations,
        MinSuite = GrantFormat.WeakestSuite,
        CodeKind = terms.CodeKind,
        ScryptLog2N = GrantFormat.UsualLog2N,
        ScryptR = GrantFormat.UsualR,
        ScryptP = GrantFormat.UsualP,
        Salt = RandomNumberGenerator.GetBytes(GrantFormat.SaltLength),
        RouteKey = RandomNumberGenerator.GetBytes(GrantFormat.RouteKeyLength),
        PolicyJson = terms.Policy.ToJson(),
        ConsentMethod = consent.Method,
        ConsentTextHash = consent.StatementHash,
        ConsentedBy = consent.ConsentedBy,
    };

    /// <summary>The fields of a grant that takes another's place under the same consent, with fresh id, salt and route key, and no cheaper to guess.</summary>
    public static GrantFields Following(Grant old, GrantTerms terms, DateTimeOffset now) => new()
    {
        Id = RandomNumberGenerator.GetBytes(GrantFormat.IdLength),
        HostKey = old.HostKey,
        TenantKey = old.TenantKey,
        Issued = now,
        NotBefore = terms.NotBefore ?? now,
        NotAfter = terms.NotAfter,
        MaxOperations = terms.Operations,
        MinSuite = old.MinSuite,
        CodeKind = terms.CodeKind,
        ScryptLog2N = old.ScryptLog2N,
        ScryptR = old.ScryptR,
        ScryptP = old.ScryptP,
        Salt = RandomNumberGenerator.GetBytes(GrantFormat.SaltLength),
        RouteKey = RandomNumberGenerator.GetBytes(GrantFormat.RouteKeyLength),
        PolicyJson = terms.Policy.ToJson(),
        Policy = terms.Policy,
        ConsentMethod = old.ConsentMethod,
        ConsentTextHash = old.ConsentTextHash,
        ConsentedBy = old.ConsentedBy,
    };
}
