namespace RemoteAccess.Trust;

/// <summary>A tenant's signed word that a key belongs to one of its technicians (protocol.md §6). Immutable.</summary>
public sealed class TechnicianCertificate
{
    /// <summary>16 random bytes that name the certificate.</summary>
    public required ReadOnlyMemory<byte> Serial { get; init; }
    /// <summary>32 bytes.</summary>
    public required ReadOnlyMemory<byte> TenantId { get; init; }
    /// <summary>65 bytes, SEC1 uncompressed.</summary>
    public required ReadOnlyMemory<byte> TechnicianKey { get; init; }
    /// <summary>Start of validity.</summary>
    public required DateTimeOffset NotBefore { get; init; }
    /// <summary>End of validity.</summary>
    public required DateTimeOffset NotAfter { get; init; }
    /// <summary>The most a session with it may do.</summary>
    public required Operations MaxOperations { get; init; }
    /// <summary>The technician's name as the tenant states it; 1 to 255 UTF-8 bytes.</summary>
    public required string Name { get; init; }
    /// <summary>The exact signed bytes.</summary>
    public required ReadOnlyMemory<byte> Encoded { get; init; }
}
