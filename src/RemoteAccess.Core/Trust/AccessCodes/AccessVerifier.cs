using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>
/// What the computer keeps instead of the access code: w0 and L of SPAKE2+, with w0·M and w0·N. Whoever holds it can test guesses
/// offline at the price of one scrypt each, but cannot connect with it. Zeroed on disposal; the arrays are pinned.
/// </summary>
public sealed class AccessVerifier : IDisposable
{
    internal AccessVerifier(ReadOnlySpan<byte> w0, ReadOnlySpan<byte> l, ReadOnlySpan<byte> w0M, ReadOnlySpan<byte> w0N)
    {
        W0 = Pinned(w0);
        L = Pinned(l);
        W0M = Pinned(w0M);
        W0N = Pinned(w0N);
    }

    internal byte[] W0 { get; }
    internal byte[] L { get; }
    internal byte[] W0M { get; }
    internal byte[] W0N { get; }

    /// <summary>Stretches a code and keeps only what the computer needs; parameters and errors as <see cref="AccessSecret.Derive"/>.</summary>
    /// <param name="canonicalCode">The code's canonical bytes (docs/protocol.md §4); the caller zeroes them.</param>
    /// <param name="tenantId">32 bytes.</param>
    /// <param name="hostId">32 bytes.</param>
    /// <param name="salt">16 random bytes.</param>
    /// <param name="log2N">scrypt's cost exponent.</param>
    /// <param name="r">scrypt's block size.</param>
    /// <param name="p">scrypt's parallelism.</param>
    /// <exception cref="ChannelException">The cost is outside the accepted range, or code and salt make no scalar.</exception>
    public static AccessVerifier Create(
        ReadOnlySpan<byte> canonicalCode, ReadOnlySpan<byte> tenantId, ReadOnlySpan<byte> hostId, ReadOnlySpan<byte> salt, int log2N, int r, int p)
    {
        using AccessSecret secret = AccessSecret.Derive(canonicalCode, tenantId, hostId, salt, log2N, r, p);
        return secret.ToVerifier();
    }

    /// <summary>
    /// A verifier from the two values that the technician's side sends when the grant is made; w0·M and w0·N are computed here. Null when
    /// w0 is not a scalar or L is not a point.
    /// </summary>
    internal static AccessVerifier? TryCreate(ReadOnlySpan<byte> w0, ReadOnlySpan<byte> l)
    {
        if (!P256Scalar.IsInRange(w0) || !P256Group.IsValidPoint(l)) return null;
        return new AccessVerifier(
            w0, l, P256Group.Encode(P256Group.MultiplyFixed(P256Group.M, w0)), P256Group.Encode(P256Group.MultiplyFixed(P256Group.N, w0)));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (byte[] secret in (byte[][])[W0, L, W0M, W0N]) System.Security.Cryptography.CryptographicOperations.ZeroMemory(secret);
    }

    private static byte[] Pinned(ReadOnlySpan<byte> value)
    {
        byte[] array = GC.AllocateUninitializedArray<byte>(value.Length, pinned: true);
        value.CopyTo(array);
        return array;
    }
}
