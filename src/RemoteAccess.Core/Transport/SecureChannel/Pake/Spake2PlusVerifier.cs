using System.Diagnostics.CodeAnalysis;
using Org.BouncyCastle.Math.EC;
using RemoteAccess.Trust;

namespace RemoteAccess.Transport;

/// <summary>The computer's half of one SPAKE2+ run (RFC 9383 §3.3): knows w0 and L, with w0·M and w0·N.</summary>
internal static class Spake2PlusVerifier
{
    /// <summary>
    /// Answers <paramref name="shareP"/> with <paramref name="shareV"/> and the keys. False when shareP is not a point, or is w0·M, which
    /// would make Z the identity and its value known to everybody.
    /// </summary>
    /// <exception cref="ArgumentException">The verifier's own points are not points: it was not made by <see cref="AccessVerifier"/>.</exception>
    public static bool TryRespond(
        AccessVerifier verifier, ReadOnlySpan<byte> y, Spake2PlusParties parties, ReadOnlySpan<byte> shareP,
        [NotNullWhen(true)] out byte[]? shareV, [NotNullWhen(true)] out Spake2PlusKeys? keys)
    {
        (shareV, keys) = (null, null);
        if (!P256Group.TryDecode(shareP, out ECPoint received)) return false;
        ECPoint peer = received.Subtract(Own(verifier.W0M)).Normalize();
        if (peer.IsInfinity) return false;
        ECPoint share = P256Group.MultiplyFixed(P256Group.G, y).Add(Own(verifier.W0N)).Normalize();
        ECPoint z = P256Group.Multiply(peer, y), v = P256Group.Multiply(Own(verifier.L), y);
        if (share.IsInfinity || z.IsInfinity || v.IsInfinity) return false;
        shareV = P256Group.Encode(share);
        keys = Spake2PlusKeys.Derive(parties, shareP, shareV, z, v, verifier.W0);
        return true;
    }

    private static ECPoint Own(ReadOnlySpan<byte> encoded) =>
        P256Group.TryDecode(encoded, out ECPoint point) ? point : throw new ArgumentException("The access verifier holds something that is not a point.");
}
