using Org.BouncyCastle.Math.EC;
using RemoteAccess.Trust;

namespace RemoteAccess.Transport;

/// <summary>The technician's half of one SPAKE2+ run (RFC 9383 §3.3): knows w0 and w1.</summary>
internal sealed class Spake2PlusProver : IDisposable
{
    private readonly AccessSecret secret;
    private readonly PinnedSecret x;

    /// <param name="secret">Stays the caller's.</param>
    /// <param name="x">A fresh scalar, copied.</param>
    public Spake2PlusProver(AccessSecret secret, ReadOnlySpan<byte> x)
    {
        this.secret = secret;
        this.x = new PinnedSecret(x);
        ECPoint share = P256Group.MultiplyFixed(P256Group.G, x).Add(P256Group.MultiplyFixed(P256Group.M, secret.W0.Span)).Normalize();
        ShareP = P256Group.Encode(share);
    }

    public byte[] ShareP { get; }

    /// <summary>Computes the keys; null when <paramref name="shareV"/> is not a point, or is w0·N, which would make Z and V the identity.</summary>
    public Spake2PlusKeys? TryFinish(Spake2PlusParties parties, ReadOnlySpan<byte> shareV)
    {
        if (!P256Group.TryDecode(shareV, out ECPoint received)) return null;
        ECPoint peer = received.Subtract(P256Group.MultiplyFixed(P256Group.N, secret.W0.Span)).Normalize();
        if (peer.IsInfinity) return null;
        ECPoint z = P256Group.Multiply(peer, x.Span), v = P256Group.Multiply(peer, secret.W1.Span);
        return z.IsInfinity || v.IsInfinity ? null : Spake2PlusKeys.Derive(parties, ShareP, shareV, z, v, secret.W0.Span);
    }

    public void Dispose() => x.Dispose();
}
