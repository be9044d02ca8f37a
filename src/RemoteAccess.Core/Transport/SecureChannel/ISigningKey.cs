namespace RemoteAccess.Transport;

/// <summary>A P-256 signing key that may live in hardware. Thread-safe. ECDSA with SHA-256, r‖s, 64 bytes.</summary>
public interface ISigningKey
{
    /// <summary>SEC1 uncompressed point, 65 bytes, first byte 04.</summary>
    ReadOnlySpan<byte> PublicKey { get; }

    /// <summary>Signs <paramref name="data"/> (hashed with SHA-256 here) into <paramref name="signature"/>, 64 bytes.</summary>
    void Sign(ReadOnlySpan<byte> data, Span<byte> signature);
}
