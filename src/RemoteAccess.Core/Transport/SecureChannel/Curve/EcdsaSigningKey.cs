using System.Diagnostics.CodeAnalysis;

namespace RemoteAccess.Transport;

/// <summary>A P-256 signing key kept in this process's memory, pinned and zeroed on disposal as far as the libraries allow. Thread-safe.</summary>
public sealed class EcdsaSigningKey : ISigningKey, IDisposable
{
    private readonly Lock gate = new();
    private readonly PinnedSecret scalar;
    private readonly P256Signer signer;
    private bool isDisposed;

    private EcdsaSigningKey(PinnedSecret scalar, IP256Provider provider)
    {
        this.scalar = scalar;
        signer = provider.OpenSigner(scalar.Span);
    }

    /// <inheritdoc/>
    public ReadOnlySpan<byte> PublicKey => signer.PublicKey;

    /// <summary>Makes a new key from the system's random numbers.</summary>
    public static EcdsaSigningKey Create()
    {
        var scalar = new PinnedSecret(P256.ScalarLength);
        P256Scalar.FillRandom(scalar.Span);
        return new EcdsaSigningKey(scalar, P256.Provider);
    }

    /// <summary>Reads an unencrypted PKCS#8 private key (RFC 5958). False when it is anything but a valid P-256 key.</summary>
    public static bool TryImportPkcs8(ReadOnlySpan<byte> pkcs8, [NotNullWhen(true)] out EcdsaSigningKey? key)
    {
        key = null;
        using var scalar = new PinnedSecret(P256.ScalarLength);
        if (!Pkcs8PrivateKey.TryRead(pkcs8, scalar.Span, out ReadOnlySpan<byte> publicKey)) return false;
        EcdsaSigningKey candidate = FromScalar(scalar.Span, P256.Provider);
        if (!publicKey.IsEmpty && !publicKey.SequenceEqual(candidate.PublicKey))
        {
            candidate.Dispose();
            return false;
        }
        key = candidate;
        return true;
    }

    /// <summary>The key as unencrypted PKCS#8 in a pinned array. The caller protects it, and zeroes it when done.</summary>
    /// <exception cref="ObjectDisposedException">The key has been zeroed.</exception>
    public byte[] ExportPkcs8()
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            return Pkcs8PrivateKey.Write(scalar.Span, signer.PublicKey);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="ObjectDisposedException">The key has been zeroed.</exception>
    public void Sign(ReadOnlySpan<byte> data, Span<byte> signature)
    {
        if (signature.Length != P256.SignatureLength) throw new ArgumentException("A signature takes 64 bytes.", nameof(signature));
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            signer.Sign(data, signature);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            isDisposed = true;
            scalar.Dispose();
            signer.Dispose();
        }
    }

    internal static EcdsaSigningKey FromScalar(ReadOnlySpan<byte> scalar, IP256Provider provider)
    {
        if (!P256Scalar.IsInRange(scalar)) throw new ArgumentException("Not a private key of P-256.", nameof(scalar));
        return new EcdsaSigningKey(new PinnedSecret(scalar), provider);
    }
}
