using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>A trust store in memory with one grant; keeps count of what the handshake asked of it.</summary>
internal sealed class HandshakeAuthority(Grant grant, AccessVerifier verifier) : IHostAuthority
{
    public List<PreGateFailure> Rejects { get; } = [];

    public List<ConnectRequest> Admissions { get; } = [];

    public int Charged { get; private set; }

    public int Accepted { get; private set; }

    public int Abandoned { get; private set; }

    /// <summary>What the customer's rules say beyond grant, digest and operations.</summary>
    public RefusalReason AdmitRefusal { get; set; }

    public TimeSpan AdmitRetryAfter { get; set; }

    public RefusalReason AcceptRefusal { get; set; }

    /// <summary>Runs inside <see cref="AdmitAsync"/>, after the charge.</summary>
    public Action? OnCharged { get; set; }

    public bool TryGetTenantKey(ReadOnlySpan<byte> tenantId, Span<byte> tenantKey)
    {
        bool known = tenantId.SequenceEqual(WireIdentity.Tenant(grant.TenantKey.Span));
        if (known) grant.TenantKey.Span.CopyTo(tenantKey);
        return known;
    }

    public void CountPreGateReject(PreGateFailure failure) => Rejects.Add(failure);

    public ValueTask<PakeAdmission> AdmitAsync(ConnectRequest request, CancellationToken cancellationToken)
    {
        Admissions.Add(request);
        RefusalReason refusal = Check(request);
        if (refusal != RefusalReason.None) return new(PakeAdmission.Refuse(refusal, AdmitRetryAfter));
        Charged++;
        OnCharged?.Invoke();
        return new(new PakeAdmission { Request = request, Grant = grant, Verifier = verifier });
    }

    public ValueTask<SessionDecision> AcceptAsync(PakeAdmission admission, ReadOnlyMemory<byte> sessionId, CancellationToken cancellationToken)
    {
        if (AcceptRefusal != RefusalReason.None) return new(SessionDecision.Refuse(AcceptRefusal));
        Accepted++;
        return new(new SessionDecision());
    }

    public ValueTask AbandonAsync(PakeAdmission admission, CancellationToken cancellationToken)
    {
        Abandoned++;
        return ValueTask.CompletedTask;
    }

    private RefusalReason Check(ConnectRequest request)
    {
        Operations allowed = grant.MaxOperations & request.Certificate.MaxOperations;
        if (!request.GrantId.Span.SequenceEqual(grant.Id.Span)) return RefusalReason.GrantUnknown;
        if (!request.GrantDigest.Span.SequenceEqual(grant.Digest.Span)) return RefusalReason.GrantChanged;
        if (AdmitRefusal != RefusalReason.None) return AdmitRefusal;
        return (request.Wanted & ~allowed) != 0 ? RefusalReason.OperationNotGranted : RefusalReason.None;
    }
}
