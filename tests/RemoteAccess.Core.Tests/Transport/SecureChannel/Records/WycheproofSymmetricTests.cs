using System.Security.Cryptography;
using System.Text.Json;

namespace RemoteAccess.Tests;

/// <summary>Project Wycheproof on the library primitives, in the sizes the protocol uses and no others; how many ran is asserted.</summary>
public sealed class WycheproofSymmetricTests
{
    [Fact]
    public void AesGcm_256BitKey96BitNonce128BitTag_OpensOrRefuses()
    {
        (int opened, int refused) = (0, 0);
        foreach ((JsonElement group, JsonElement test) in Tests("wycheproof_aes_gcm_test.json"))
        {
            if ((Size(group, "keySize"), Size(group, "ivSize"), Size(group, "tagSize")) != (256, 96, 128)) continue;
            using var aes = new AesGcm(test.Hex("key"), 16);
            byte[] message = test.Hex("msg"), sealedMessage = new byte[message.Length], tag = new byte[16];
            aes.Encrypt(test.Hex("iv"), message, sealedMessage, tag, test.Hex("aad"));
            bool valid = test.Text("result") == "valid";
            Assert.Equal(valid, sealedMessage.AsSpan().SequenceEqual(test.Hex("ct")) && tag.AsSpan().SequenceEqual(test.Hex("tag")));
            byte[] plain = new byte[test.Hex("ct").Length];
            Exception? fault = Record.Exception(() => aes.Decrypt(test.Hex("iv"), test.Hex("ct"), test.Hex("tag"), plain, test.Hex("aad")));
            if (valid)
            {
                Assert.Null(fault);
                Assert.Equal(message, plain);
                opened++;
            }
            else
            {
                Assert.IsType<AuthenticationTagMismatchException>(fault);
                refused++;
            }
        }

        Assert.Equal((39, 27), (opened, refused));
    }

    [Fact]
    public void HkdfSha256_AllSizes_DerivesOrRefuses()
    {
        (int derived, int refused) = (0, 0);
        foreach ((_, JsonElement test) in Tests("wycheproof_hkdf_sha256_test.json"))
        {
            byte[] output = new byte[test.GetProperty("size").GetInt32()];
            Exception? fault = Record.Exception(() => HKDF.DeriveKey(HashAlgorithmName.SHA256, test.Hex("ikm"), output, test.Hex("salt"), test.Hex("info")));
            if (test.Text("result") == "valid")
            {
                Assert.Null(fault);
                Assert.Equal(test.Hex("okm"), output);
                derived++;
            }
            else
            {
                Assert.IsAssignableFrom<ArgumentException>(fault);
                refused++;
            }
        }

        Assert.Equal((83, 3), (derived, refused));
    }

    [Fact]
    public void HmacSha256_WholeTag_MatchesOrDiffers()
    {
        (int matched, int differed) = (0, 0);
        foreach ((JsonElement group, JsonElement test) in Tests("wycheproof_hmac_sha256_test.json"))
        {
            if (Size(group, "tagSize") != 256) continue;
            bool valid = test.Text("result") == "valid";
            Assert.Equal(valid, HMACSHA256.HashData(test.Hex("key"), test.Hex("msg")).AsSpan().SequenceEqual(test.Hex("tag")));
            if (valid) matched++;
            else differed++;
        }

        Assert.Equal((33, 54), (matched, differed));
    }

    private static IEnumerable<(JsonElement Group, JsonElement Test)> Tests(string file) =>
        from @group in TestVectors.Open(file).GetProperty("testGroups").EnumerateArray()
        from test in @group.GetProperty("tests").EnumerateArray()
        select (@group, test);

    private static int Size(JsonElement group, string name) => group.GetProperty(name).GetInt32();
}
