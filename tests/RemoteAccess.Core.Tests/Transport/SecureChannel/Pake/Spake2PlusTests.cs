using System.Text;
using System.Text.Json;
using RemoteAccess.Transport;
using RemoteAccess.Trust;
using ECPoint = Org.BouncyCastle.Math.EC.ECPoint;

namespace RemoteAccess.Tests;

public sealed class Spake2PlusTests
{
    private static readonly Spake2PlusParties Parties = new("context"u8.ToArray(), "prover"u8.ToArray(), "verifier"u8.ToArray());

    [Fact]
    public void BothSides_VectorOfRfc9383_GiveItsValues()
    {
        JsonElement file = TestVectors.Open("rfc9383_p256_sha256_hkdf_hmac.json"), vector = Assert.Single(file.GetProperty("vectors").EnumerateArray());
        var parties = new Spake2PlusParties(Utf8(vector, "Context"), Utf8(vector, "idProver"), Utf8(vector, "idVerifier"));
        using var secret = new AccessSecret(vector.Hex("w0"), vector.Hex("w1"));
        using AccessVerifier verifier = secret.ToVerifier();
        using var prover = new Spake2PlusProver(secret, vector.Hex("x"));

        Assert.True(Spake2PlusVerifier.TryRespond(verifier, vector.Hex("y"), parties, prover.ShareP, out byte[]? shareV, out Spake2PlusKeys? verifierKeys));
        using Spake2PlusKeys? proverKeys = prover.TryFinish(parties, shareV);

        Assert.Equal(file.Hex("M"), P256Group.Encode(P256Group.M));
        Assert.Equal(file.Hex("N"), P256Group.Encode(P256Group.N));
        Assert.Equal(vector.Hex("L"), verifier.L);
        Assert.Equal(vector.Hex("shareP"), prover.ShareP);
        Assert.Equal(vector.Hex("shareV"), shareV);
        foreach (Spake2PlusKeys keys in (Spake2PlusKeys[])[proverKeys!, verifierKeys])
        {
            Assert.Equal(vector.Hex("K_main"), keys.Main.Array);
            Assert.Equal(vector.Hex("K_confirmP"), keys.ConfirmKeyP.ToArray());
            Assert.Equal(vector.Hex("K_confirmV"), keys.ConfirmKeyV.ToArray());
            Assert.Equal(vector.Hex("HMAC(K_confirmP, shareV)"), keys.ConfirmP);
            Assert.Equal(vector.Hex("HMAC(K_confirmV, shareP)"), keys.ConfirmV);
            Assert.Equal(vector.Hex("K_shared"), keys.Shared.Array);
        }

        verifierKeys.Dispose();
        Assert.True(P256Group.TryDecode(vector.Hex("Z"), out ECPoint z) & P256Group.TryDecode(vector.Hex("V"), out ECPoint v));
        using PinnedSecret transcript = Spake2PlusKeys.Transcript(parties, vector.Hex("shareP"), vector.Hex("shareV"), z, v, vector.Hex("w0"));
        Assert.Equal(vector.Hex("TT"), transcript.Array);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void BothSides_OneBitOfTheCodesSecretDiffers_ShareNothing(bool inW0)
    {
        byte[] w0 = KnownAnswer.Suite1["w0"], w1 = KnownAnswer.Suite1["w1"];
        using var right = new AccessSecret(w0, w1);
        (inW0 ? w0 : w1)[31] ^= 1;
        using var wrong = new AccessSecret(w0, w1);
        using AccessVerifier verifier = right.ToVerifier();
        using var prover = new Spake2PlusProver(wrong, KnownAnswer.Suite1["x"]);

        Assert.True(Spake2PlusVerifier.TryRespond(verifier, KnownAnswer.Suite1["y"], Parties, prover.ShareP, out byte[]? shareV, out Spake2PlusKeys? verifierKeys));
        using Spake2PlusKeys? proverKeys = prover.TryFinish(Parties, shareV);

        Assert.NotEqual(verifierKeys.ConfirmP, proverKeys!.ConfirmP);
        Assert.NotEqual(verifierKeys.ConfirmV, proverKeys.ConfirmV);
        Assert.NotEqual(verifierKeys.Shared.Array, proverKeys.Shared.Array);
        verifierKeys.Dispose();
    }

    [Fact]
    public void Multiply_Blinded_EqualsThePlainProduct()
    {
        Span<byte> scalar = stackalloc byte[32];
        for (int i = 0; i < 50; i++)
        {
            P256Scalar.FillRandom(scalar);
            ECPoint plain = P256Group.M.Multiply(P256Scalar.Read(scalar)).Normalize();
            Assert.Equal(P256Group.Encode(plain), P256Group.Encode(P256Group.Multiply(P256Group.M, scalar)));
            Assert.Equal(P256Group.Encode(plain), P256Group.Encode(P256Group.MultiplyFixed(P256Group.M, scalar)));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Multiply_SmallestAndLargestScalars_GiveTheRightPoints(int which)
    {
        byte[] scalar = new byte[32];
        if (which == 1) scalar[31] = 1;
        else P256Scalar.Write(P256Group.Order.Subtract(Org.BouncyCastle.Math.BigInteger.One), scalar);

        ECPoint expected = which == 1 ? P256Group.G : P256Group.G.Negate();

        Assert.Equal(P256Group.Encode(expected.Normalize()), P256Group.Encode(P256Group.MultiplyFixed(P256Group.G, scalar)));
        Assert.Equal(P256Group.Encode(expected.Normalize()), P256Group.Encode(P256Group.Multiply(P256Group.G, scalar)));
    }

    [Fact]
    public void MandN_AreTheSeedsPointsOfTheRfc()
    {
        // RFC 9383 §4 gives M and N compressed; the uncompressed forms here must be the same points.
        JsonElement file = TestVectors.Open("rfc9383_p256_sha256_hkdf_hmac.json");

        Assert.Equal(file.Hex("M_compressed"), P256Group.M.GetEncoded(true));
        Assert.Equal(file.Hex("N_compressed"), P256Group.N.GetEncoded(true));
    }

    private static byte[] Utf8(JsonElement element, string field) => Encoding.UTF8.GetBytes(element.Text(field));
}
