using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Digests;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;
using Org.BouncyCastle.Math;
using ECPoint = Org.BouncyCastle.Math.EC.ECPoint;

namespace RemoteAccess.Transport;

/// <summary>
/// ECDSA (deterministic, RFC 6979) and ECDH in managed code, for systems whose own provider fails the self-test. Slower, and without
/// the system's guarantees about timing: whoever runs on it is a test platform and says so.
/// </summary>
internal sealed class BouncyCastleP256 : IP256Provider
{
    private static readonly ECDomainParameters Domain = new(P256Group.G.Curve, P256Group.G, P256Group.Order, BigInteger.One);

    public P256Signer OpenSigner(ReadOnlySpan<byte> scalar) => new DeterministicSigner(scalar);

    public EphemeralKey OpenEphemeral(ReadOnlySpan<byte> scalar) => new ManagedEphemeralKey(scalar);

    public P256Verifier OpenVerifier(ReadOnlySpan<byte> publicKey) =>
        P256Group.TryDecode(publicKey, out ECPoint point) ? new ManagedVerifier(point) : throw new ArgumentException("Not a point of P-256.", nameof(publicKey));

    private sealed class DeterministicSigner : P256Signer
    {
        private readonly ECPrivateKeyParameters key;

        public DeterministicSigner(ReadOnlySpan<byte> scalar)
        {
            key = new ECPrivateKeyParameters(P256Scalar.Read(scalar), Domain);
            P256Group.Encode(P256Group.MultiplyFixed(P256Group.G, scalar)).CopyTo(PublicKey, 0);
        }

        public override void Sign(ReadOnlySpan<byte> data, Span<byte> signature)
        {
            var signer = new ECDsaSigner(new HMacDsaKCalculator(new Sha256Digest()));
            signer.Init(forSigning: true, key);
            BigInteger[] pair = signer.GenerateSignature(SHA256.HashData(data));
            P256Scalar.Write(pair[0], signature[..P256.ScalarLength]);
            P256Scalar.Write(pair[1], signature.Slice(P256.ScalarLength, P256.ScalarLength));
        }

        public override void Dispose()
        {
            // The library's key object cannot be zeroed.
        }
    }

    private sealed class ManagedVerifier(ECPoint point) : P256Verifier
    {
        private readonly ECPublicKeyParameters key = new(point, Domain);

        public override bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
        {
            var signer = new ECDsaSigner();
            signer.Init(forSigning: false, key);
            return signer.VerifySignature(SHA256.HashData(data), P256Scalar.Read(signature[..P256.ScalarLength]), P256Scalar.Read(signature[P256.ScalarLength..]));
        }

        public override void Dispose()
        {
            // Nothing of it is secret.
        }
    }

    private sealed class ManagedEphemeralKey : EphemeralKey
    {
        private readonly PinnedSecret secret;

        public ManagedEphemeralKey(ReadOnlySpan<byte> scalar)
        {
            secret = new PinnedSecret(scalar);
            P256Group.Encode(P256Group.MultiplyFixed(P256Group.G, scalar)).CopyTo(PublicKey, 0);
        }

        public override void Agree(ReadOnlySpan<byte> peer, Span<byte> sharedX)
        {
            if (!P256Group.TryDecode(peer, out ECPoint point)) throw new ArgumentException("Not a point of P-256.", nameof(peer));
            byte[] shared = P256Group.Encode(P256Group.Multiply(point, secret.Span));
            shared.AsSpan(1, P256.CoordinateLength).CopyTo(sharedX);
            CryptographicOperations.ZeroMemory(shared);
        }

        public override void Dispose() => secret.Dispose();
    }
}
