using System.Buffers.Text;
using System.Text.Json;
using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

/// <summary>
/// Project Wycheproof on P-256, against both providers. Policy: a public key is exactly 65 bytes, 04 first, on the curve; in an X.509
/// SubjectPublicKeyInfo it stands behind the one canonical prefix. Whatever Wycheproof calls "acceptable" beyond that is refused.
/// </summary>
public sealed class WycheproofCurveTests
{
    private static readonly byte[] SubjectPublicKeyInfoPrefix = Convert.FromHexString("3059301306072a8648ce3d020106082a8648ce3d030107034200");

    private static readonly IP256Provider[] Providers = Wine.IsHere ? [new BouncyCastleP256()] : [new SystemP256(), new BouncyCastleP256()];

    [Fact]
    public void Ecdh_EcPointSet_AgreesOrRefuses() =>
        Assert.Equal((330, 25), RunEcdh("wycheproof_ecdh_secp256r1_ecpoint_test.json", test => test.Hex("public"), test => test.Hex("private")));

    [Fact]
    public void Ecdh_SubjectPublicKeyInfoSet_AgreesOrRefuses() =>
        Assert.Equal((330, 282), RunEcdh("wycheproof_ecdh_secp256r1_test.json", FromSubjectPublicKeyInfo, test => test.Hex("private")));

    [Fact]
    public void Ecdh_WebCryptoSet_AgreesOrRefuses() =>
        Assert.Equal((330, 23), RunEcdh("wycheproof_ecdh_secp256r1_webcrypto_test.json", FromJwk, test => Base64Url.DecodeFromChars(test.GetProperty("private").Text("d"))));

    [Fact]
    public void Ecdsa_P1363Set_VerifiesOrRefuses()
    {
        (int verified, int refused) = (0, 0);
        foreach (JsonElement group in TestVectors.Open("wycheproof_ecdsa_secp256r1_sha256_p1363_test.json").GetProperty("testGroups").EnumerateArray())
        {
            byte[] key = group.GetProperty("publicKey").Hex("uncompressed");
            foreach (JsonElement test in group.GetProperty("tests").EnumerateArray())
            {
                byte[] message = test.Hex("msg"), signature = test.Hex("sig");
                bool valid = test.Text("result") == "valid";
                Assert.True(valid == P256.Verify(key, message, signature), $"tcId {test.GetProperty("tcId")}");
                if (P256Scalar.IsSignatureInRange(signature)) Assert.All(Providers, provider => Assert.Equal(valid, provider.Verify(key, message, signature)));
                if (valid) verified++;
                else refused++;
            }
        }

        Assert.Equal((173, 89), (verified, refused));
    }

    private static (int Agreed, int Refused) RunEcdh(string file, Func<JsonElement, byte[]> publicKey, Func<JsonElement, byte[]> privateKey)
    {
        (int agreed, int refused) = (0, 0);
        foreach (JsonElement test in TestVectors.Open(file).GetProperty("testGroups").EnumerateArray().SelectMany(group => group.GetProperty("tests").EnumerateArray()))
        {
            byte[] point = publicKey(test);
            string result = test.Text("result"), id = $"{file} tcId {test.GetProperty("tcId")}";
            if (!P256Group.IsValidPoint(point))
            {
                Assert.True(result != "valid", id);
                refused++;
                continue;
            }

            Assert.True(result == "valid", id);
            foreach (IP256Provider provider in Providers) Assert.True(test.Hex("shared").AsSpan().SequenceEqual(Agree(provider, Scalar(privateKey(test)), point)), id);
            agreed++;
        }

        return (agreed, refused);
    }

    private static byte[] Agree(IP256Provider provider, byte[] scalar, byte[] point)
    {
        using EphemeralKey key = provider.OpenEphemeral(scalar);
        byte[] x = new byte[32];
        key.Agree(point, x);
        return x;
    }

    private static byte[] FromSubjectPublicKeyInfo(JsonElement test)
    {
        byte[] encoded = test.Hex("public");
        return encoded.AsSpan().StartsWith(SubjectPublicKeyInfoPrefix) ? encoded[SubjectPublicKeyInfoPrefix.Length..] : [];
    }

    private static byte[] FromJwk(JsonElement test)
    {
        JsonElement key = test.GetProperty("public");
        if (key.Text("kty") != "EC" || key.Text("crv") != "P-256" || !key.TryGetProperty("x", out _) || !key.TryGetProperty("y", out _)) return [];
        return [4, .. Base64Url.DecodeFromChars(key.Text("x")), .. Base64Url.DecodeFromChars(key.Text("y"))];
    }

    /// <summary>The sets write private keys as integers, with leading zeros or without.</summary>
    private static byte[] Scalar(byte[] integer)
    {
        ReadOnlySpan<byte> digits = integer.AsSpan().TrimStart((byte)0);
        return [.. new byte[32 - digits.Length], .. digits];
    }
}
