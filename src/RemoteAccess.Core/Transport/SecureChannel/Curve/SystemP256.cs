using System.Security.Cryptography;

namespace RemoteAccess.Transport;

/// <summary>ECDSA and ECDH by the operating system's provider.</summary>
internal sealed class SystemP256 : IP256Provider
{
    public P256Signer OpenSigner(ReadOnlySpan<byte> scalar) => new SystemSigner(scalar);

    public EphemeralKey OpenEphemeral(ReadOnlySpan<byte> scalar) => new SystemEphemeralKey(scalar);

    public P256Verifier OpenVerifier(ReadOnlySpan<byte> publicKey) => new SystemVerifier(publicKey);

    private static ECParameters PublicParameters(ReadOnlySpan<byte> point) => new()
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new ECPoint
        {
            X = point.Slice(1, P256.CoordinateLength).ToArray(),
            Y = point[^P256.CoordinateLength..].ToArray(),
        },
    };

    private static TKey OpenPrivate<TKey>(ReadOnlySpan<byte> scalar, Func<ECParameters, TKey> open)
    {
        using var secret = new PinnedSecret(scalar);
        return open(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, D = secret.Array });
    }

    private static void WritePublic(ECParameters parameters, byte[] point)
    {
        point[0] = 4;
        parameters.Q.X!.CopyTo(point, 1);
        parameters.Q.Y!.CopyTo(point, 1 + P256.CoordinateLength);
    }

    private sealed class SystemSigner : P256Signer
    {
        private readonly ECDsa key;

        public SystemSigner(ReadOnlySpan<byte> scalar)
        {
            key = OpenPrivate(scalar, ECDsa.Create);
            WritePublic(key.ExportParameters(includePrivateParameters: false), PublicKey);
        }

        public override void Sign(ReadOnlySpan<byte> data, Span<byte> signature) =>
            key.SignData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

        public override void Dispose() => key.Dispose();
    }

    private sealed class SystemVerifier(ReadOnlySpan<byte> publicKey) : P256Verifier
    {
        private readonly ECDsa key = ECDsa.Create(PublicParameters(publicKey));

        public override bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) =>
            key.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

        public override void Dispose() => key.Dispose();
    }

    private sealed class SystemEphemeralKey : EphemeralKey
    {
        private readonly ECDiffieHellman key;

        public SystemEphemeralKey(ReadOnlySpan<byte> scalar)
        {
            key = OpenPrivate(scalar, ECDiffieHellman.Create);
            WritePublic(key.ExportParameters(includePrivateParameters: false), PublicKey);
        }

        public override void Agree(ReadOnlySpan<byte> peer, Span<byte> sharedX)
        {
            using ECDiffieHellman other = ECDiffieHellman.Create(PublicParameters(peer));
            using ECDiffieHellmanPublicKey otherPublic = other.PublicKey;
            byte[] x = key.DeriveRawSecretAgreement(otherPublic);
            x.CopyTo(sharedX);
            CryptographicOperations.ZeroMemory(x);
        }

        public override void Dispose() => key.Dispose();
    }
}
