using System.Formats.Asn1;
using System.Security.Cryptography;

namespace RemoteAccess.Transport;

/// <summary>PKCS#8 (RFC 5958) around an EC private key (RFC 5915) on P-256, unencrypted.</summary>
internal static class Pkcs8PrivateKey
{
    private const string EcPublicKey = "1.2.840.10045.2.1";
    private const string Prime256v1 = "1.2.840.10045.3.1.7";

    private static readonly Asn1Tag ParametersTag = new(TagClass.ContextSpecific, 0, isConstructed: true);
    private static readonly Asn1Tag PublicKeyTag = new(TagClass.ContextSpecific, 1, isConstructed: true);

    // version 0, { ecPublicKey, prime256v1 }, OCTET STRING { version 1, OCTET STRING d[32], [1] BIT STRING point[65] }
    private static ReadOnlySpan<byte> BeforeScalar =>
    [
        0x30, 0x81, 0x87, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08, 0x2A,
        0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x04, 0x6D, 0x30, 0x6B, 0x02, 0x01, 0x01, 0x04, 0x20,
    ];

    private static ReadOnlySpan<byte> BeforePoint => [0xA1, 0x44, 0x03, 0x42, 0x00];

    public static byte[] Write(ReadOnlySpan<byte> scalar, ReadOnlySpan<byte> publicKey)
    {
        byte[] encoded = GC.AllocateArray<byte>(BeforeScalar.Length + scalar.Length + BeforePoint.Length + publicKey.Length, pinned: true);
        var writer = new BodyWriter(encoded);
        writer.Bytes(BeforeScalar);
        writer.Bytes(scalar);
        writer.Bytes(BeforePoint);
        writer.Bytes(publicKey);
        return encoded;
    }

    /// <summary>Reads the scalar and, where the file has it, the public point; false when it is not a P-256 private key.</summary>
    public static bool TryRead(ReadOnlySpan<byte> pkcs8, Span<byte> scalar, out ReadOnlySpan<byte> publicKey)
    {
        publicKey = default;
        using var copy = new PinnedSecret(pkcs8);
        try
        {
            var outer = new AsnReader(copy.Array, AsnEncodingRules.BER);
            AsnReader info = outer.ReadSequence();
            outer.ThrowIfNotEmpty();
            if (!info.TryReadInt32(out int version) || version is < 0 or > 1) return false;
            AsnReader algorithm = info.ReadSequence();
            if (algorithm.ReadObjectIdentifier() != EcPublicKey || algorithm.ReadObjectIdentifier() != Prime256v1) return false;
            byte[] inner = info.ReadOctetString();
            try
            {
                return TryReadEcPrivateKey(inner, scalar, out publicKey);
            }
            finally
            {
                CryptographicOperations.ZeroMemory(inner);
            }
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    private static bool TryReadEcPrivateKey(byte[] inner, Span<byte> scalar, out ReadOnlySpan<byte> publicKey)
    {
        publicKey = default;
        AsnReader key = new AsnReader(inner, AsnEncodingRules.BER).ReadSequence();
        if (!key.TryReadInt32(out int version) || version != 1) return false;
        byte[] value = key.ReadOctetString();
        bool fits = value.Length == P256.ScalarLength;
        if (fits) value.CopyTo(scalar);
        CryptographicOperations.ZeroMemory(value);
        if (!fits || !P256Scalar.IsInRange(scalar)) return false;
        if (key.HasData && key.PeekTag() == ParametersTag && key.ReadSequence(ParametersTag).ReadObjectIdentifier() != Prime256v1) return false;
        if (key.HasData && key.PeekTag() == PublicKeyTag) publicKey = key.ReadSequence(PublicKeyTag).ReadBitString(out _);
        return true;
    }
}
