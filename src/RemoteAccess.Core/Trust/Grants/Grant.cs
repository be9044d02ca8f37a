namespace RemoteAccess.Trust;

/// <summary>How the customer said yes.</summary>
public enum ConsentMethod : byte
{
    /// <summary>In a prompt on the computer's own screen.</summary>
    OnScreen = 1,
    /// <summary>By word of mouth to a technician on site.</summary>
    OnSiteVerbal = 2,
    /// <summary>In writing to a technician on site.</summary>
    OnSiteWritten = 3,
}

/// <summary>What sort of secret the access code is.</summary>
public enum AccessCodeKind : byte
{
    /// <summary>20 Crockford base-32 characters, 100 bits.</summary>
    Generated = 1,
    /// <summary>Chosen by a person.</summary>
    FreeText = 2,
    /// <summary>Digits read out for one attended session.</summary>
    SessionDigits = 3,
}

/// <summary>The customer's consent to unattended access, signed by the computer and countersigned by the tenant (protocol.md §3). Immutable.</summary>
public sealed class Grant
{
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
}
