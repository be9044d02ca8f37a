using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Benchmarks;

/// <summary>Admits the one grant without touching a disk: what is left is the handshake's own cost.</summary>
internal sealed class MemoryAuthority(Grant grant, AccessVerifier verifier) : IHostAuthority
{
    public bool TryGetTenantKey(ReadOnlySpan<byte> tenantId, Span<byte> tenantKey)
    {
        if (!tenantId.SequenceEqual(WireIdentity.Tenant(grant.TenantKey.Span))) return false;
        grant.TenantKey.Span.CopyTo(tenantKey);
        return true;
    }

    public void CountPreGateReject(PreGateFailure failure) => throw new InvalidOperationException($"A handshake of the benchmark failed: {failure}.");

    public ValueTask<PakeAdmission> AdmitAsync(ConnectRequest request, CancellationToken cancellationToken) =>
        new(new PakeAdmission { Request = request, Grant = grant, Verifier = verifier });

    public ValueTask<SessionDecision> AcceptAsync(PakeAdmission admission, ReadOnlyMemory<byte> sessionId, CancellationToken cancellationToken) =>
        new(new SessionDecision());

    public ValueTask AbandonAsync(PakeAdmission admission, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("A handshake of the benchmark was abandoned.");
}
