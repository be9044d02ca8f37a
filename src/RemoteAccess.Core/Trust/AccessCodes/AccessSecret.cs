using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>
/// What the technician's side makes of an access code: w0 and w1 of SPAKE2+, enough to connect to one computer under one grant. Never
/// stored, never sent. Zeroed on disposal; the arrays are pinned.
/// </summary>
public sealed class AccessSecret : IDisposable
{
    internal AccessSecret(ReadOnlySpan<byte> w0, ReadOnlySpan<byte> w1)
    {
        W0 = new PinnedSecret(w0);
        W1 = new PinnedSecret(w1);
    }

    internal PinnedSecret W0 { get; }

    internal PinnedSecret W1 { get; }

    /// <summary>Stretches a code with scrypt: about 0.3 s of one core and 64 MiB at the default cost. May run on any thread.</summary>
    /// <param name="canonicalCode">The code's canonical bytes (docs/protocol.md §4); the caller zeroes them.</param>
    /// <param name="tenantId">32 bytes.</param>
    /// <param name="hostId">32 bytes.</param>
    /// <param name="salt">16 bytes, from the signed grant.</param>
    /// <param name="log2N">scrypt's cost exponent, from the signed grant.</param>
    /// <param name="r">scrypt's block size, from the signed grant.</param>
    /// <param name="p">scrypt's parallelism, from the signed grant.</param>
    /// <exception cref="ChannelException">
    /// <see cref="ChannelError.LimitExceeded"/>: the grant's cost is too low to protect the code or too high to compute; nothing was computed.
    /// <see cref="ChannelError.Malformed"/>: this code and salt make no scalar (one chance in 2^255): choose a new salt.
    /// </exception>
    public static AccessSecret Derive(
        ReadOnlySpan<byte> canonicalCode, ReadOnlySpan<byte> tenantId, ReadOnlySpan<byte> hostId, ReadOnlySpan<byte> salt, int log2N, int r, int p)
    {
        if (canonicalCode.IsEmpty) throw new ArgumentException("An access code has at least one character.", nameof(canonicalCode));
        if (tenantId.Length != WireIdentity.Length) throw new ArgumentException("A tenant id has 32 bytes.", nameof(tenantId));
        if (hostId.Length != WireIdentity.Length) throw new ArgumentException("A host id has 32 bytes.", nameof(hostId));
        if (salt.Length != CodeStretching.SaltLength) throw new ArgumentException("A salt has 16 bytes.", nameof(salt));
        if (!CodeStretching.IsAcceptableCost(log2N, r, p))
        {
            throw new ChannelException(
                ChannelError.LimitExceeded,
                $"The grant asks for access-code stretching with N=2^{log2N}, r={r}, p={p}, which is outside the accepted range. Make a new grant.");
        }

        using PinnedSecret password = CodeStretching.Password(canonicalCode, tenantId, hostId);
        using PinnedSecret stretched = CodeStretching.Stretch(password, salt, log2N, r, p);
        return FromStretched(stretched.Span);
    }

    /// <summary>What the computer is given to keep instead of the code.</summary>
    public AccessVerifier ToVerifier() => new(
        W0.Span,
        P256Group.Encode(P256Group.MultiplyFixed(P256Group.G, W1.Span)),
        P256Group.Encode(P256Group.MultiplyFixed(P256Group.M, W0.Span)),
        P256Group.Encode(P256Group.MultiplyFixed(P256Group.N, W0.Span)));

    /// <inheritdoc/>
    public void Dispose()
    {
        W0.Dispose();
        W1.Dispose();
    }

    internal static AccessSecret FromStretched(ReadOnlySpan<byte> stretched)
    {
        using PinnedSecret w0 = new(P256.ScalarLength), w1 = new(P256.ScalarLength);
        if (!P256Scalar.TryReduce(stretched[..P256Scalar.WideLength], w0.Span) || !P256Scalar.TryReduce(stretched[P256Scalar.WideLength..], w1.Span))
        {
            throw new ChannelException(ChannelError.Malformed, "This access code and salt make no valid secret. Make the grant again with a new salt.");
        }

        return new AccessSecret(w0.Span, w1.Span);
    }
}
