using RemoteAccess.Trust;

namespace RemoteAccess.Transport;

/// <summary>
/// What the host's side of the handshake asks the customer's trust store (protocol.md §6, "order of checks at H"). The handshake does the
/// cryptography, this decides. Thread-safe.
/// </summary>
internal interface IHostAuthority
{
    /// <summary>The public key (65 bytes) of a tenant that some live grant names; false when there is none.</summary>
    bool TryGetTenantKey(ReadOnlySpan<byte> tenantId, Span<byte> tenantKey);

    /// <summary>Counts an attempt that failed before the technician's signature was verified; the ledger gets one summary a minute.</summary>
    void CountPreGateReject(PreGateFailure failure);

    /// <summary>
    /// The checks after the signature, in the specified order, ending with "charge one guess and fsync". The charge is on disk when
    /// this returns an admission. A refusal is in the ledger when it returns.
    /// </summary>
    ValueTask<PakeAdmission> AdmitAsync(ConnectRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// confirmP was right: re-reads the grant, refunds the charge and fsyncs, writes and fsyncs <c>session.accepted</c>. After a refusal
    /// nothing may be done for the technician. The caller owns the live session and must end it.
    /// </summary>
    ValueTask<SessionDecision> AcceptAsync(PakeAdmission admission, ReadOnlyMemory<byte> sessionId, CancellationToken cancellationToken);

    /// <summary>The handshake ended after an admission without <see cref="AcceptAsync"/>: the charge stays, the attempt is recorded.</summary>
    ValueTask AbandonAsync(PakeAdmission admission, CancellationToken cancellationToken);
}

/// <summary>What failed before the gate, for the ledger's summary. The technician's side is told none of it.</summary>
internal enum PreGateFailure
{
    Malformed,
    OutOfOrder,
    VersionOrSuite,
    InvalidPoint,
    NotAuthentic,
    UnknownTenant,
    Certificate,
    Signature,
    /// <summary>Beyond the rate of answers to strangers or the number of concurrent handshakes: closed without an answer.</summary>
    RateLimited,
    TimedOut,
    /// <summary>The link ended before the technician's signature came.</summary>
    HungUp,
}

/// <summary>A technician whose signature has been verified, and what is wanted.</summary>
internal sealed record ConnectRequest
{
    public required TechnicianCertificate Certificate { get; init; }
    public required ReadOnlyMemory<byte> GrantId { get; init; }
    public required ReadOnlyMemory<byte> GrantDigest { get; init; }
    public required Operations Wanted { get; init; }
    public required string Reason { get; init; }
    public required ReadOnlyMemory<byte> ResumeToken { get; init; }
    public required ushort Suite { get; init; }
    public required string Peer { get; init; }
}

/// <summary>Either a refusal, or a charged guess with the verifier to run SPAKE2+ against.</summary>
internal sealed record PakeAdmission
{
    public RefusalReason Refusal { get; init; }
    public TimeSpan RetryAfter { get; init; }
    public ConnectRequest? Request { get; init; }
    public Grant? Grant { get; init; }
    /// <summary>Stays the authority's: the handshake neither keeps nor disposes it.</summary>
    public AccessVerifier? Verifier { get; init; }

    public static PakeAdmission Refuse(RefusalReason reason, TimeSpan retryAfter = default) => new() { Refusal = reason, RetryAfter = retryAfter };
}

/// <summary>Either a refusal, or the live session under its grant.</summary>
internal sealed record SessionDecision
{
    public RefusalReason Refusal { get; init; }
    public LiveSession? Session { get; init; }

    public static SessionDecision Refuse(RefusalReason reason) => new() { Refusal = reason };
}
