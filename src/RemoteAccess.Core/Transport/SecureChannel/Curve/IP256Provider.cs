namespace RemoteAccess.Transport;

/// <summary>
/// The seam to whoever computes ECDSA and ECDH on P-256. Arguments have been checked: scalars are 1…n−1 in 32 bytes, points are valid
/// and 65 bytes, signatures are 64 bytes with r and s in range. Thread-safe.
/// </summary>
internal interface IP256Provider
{
    P256Signer OpenSigner(ReadOnlySpan<byte> scalar);

    EphemeralKey OpenEphemeral(ReadOnlySpan<byte> scalar);

    P256Verifier OpenVerifier(ReadOnlySpan<byte> publicKey);

    bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        using P256Verifier verifier = OpenVerifier(publicKey);
        return verifier.Verify(data, signature);
    }
}

/// <summary>A public key opened for many signatures. One call at a time.</summary>
internal abstract class P256Verifier : IDisposable
{
    public abstract bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature);

    public abstract void Dispose();
}

/// <summary>A private key opened for signing. One call at a time.</summary>
internal abstract class P256Signer : IDisposable
{
    public byte[] PublicKey { get; } = new byte[P256.PointLength];

    /// <summary>ECDSA with SHA-256 over <paramref name="data"/>: r‖s into 64 bytes.</summary>
    public abstract void Sign(ReadOnlySpan<byte> data, Span<byte> signature);

    public abstract void Dispose();
}

/// <summary>A private key for one key agreement. Not thread-safe.</summary>
internal abstract class EphemeralKey : IDisposable
{
    public byte[] PublicKey { get; } = new byte[P256.PointLength];

    /// <summary>The x coordinate of the shared point into 32 bytes. <paramref name="peer"/> must be a valid point.</summary>
    public abstract void Agree(ReadOnlySpan<byte> peer, Span<byte> sharedX);

    public abstract void Dispose();
}
