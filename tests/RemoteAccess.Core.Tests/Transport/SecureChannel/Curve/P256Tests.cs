using System.Security.Cryptography;
using RemoteAccess.Transport;

namespace RemoteAccess.Tests;

public sealed class P256Tests
{
    public static TheoryData<string> NotPoints =>
    [
        .. new[]
        {
            BadPoints.OffCurve, BadPoints.Zeros, BadPoints.ZeroCoordinates, BadPoints.CompressedPrefix, BadPoints.HybridPrefix,
            BadPoints.CoordinateNotReduced, BadPoints.Compressed, BadPoints.Identity, [], [.. KnownAnswer.Suite1["host_pk"], 0],
        }.Select(Convert.ToHexString),
    ];

    [Theory]
    [MemberData(nameof(NotPoints))]
    public void IsValidPoint_AnythingButAPointOf65Bytes_IsFalse(string encoded) => Assert.False(P256Group.IsValidPoint(Convert.FromHexString(encoded)));

    [Fact]
    public void Choose_SystemPasses_TakesTheSystem() => Assert.Equal(Wine.IsHere, P256Selection.Choose(new SystemP256(), new BouncyCastleP256()).IsFallback);

    [Fact]
    public void Passes_BothProviders_GiveTheKnownAnswers()
    {
        Wine.Skip("the system's elliptic curves give wrong answers");
        Assert.True(P256SelfTest.Passes(new SystemP256()));
        Assert.True(P256SelfTest.Passes(new BouncyCastleP256()));
        Assert.False(PlatformCryptography.UsesFallback);
    }

    [Theory]
    [InlineData(BrokenP256.Fault.AgreesWrongly)]
    [InlineData(BrokenP256.Fault.SignsWrongly)]
    [InlineData(BrokenP256.Fault.VerifiesEverything)]
    [InlineData(BrokenP256.Fault.VerifiesNothing)]
    [InlineData(BrokenP256.Fault.Throws)]
    internal void Choose_SystemFailsOneAnswer_TakesTheFallback(BrokenP256.Fault fault)
    {
        P256Selection selection = P256Selection.Choose(new BrokenP256(fault), new BouncyCastleP256());

        Assert.True(selection.IsFallback);
        Assert.IsType<BouncyCastleP256>(selection.Provider);
    }

    [Fact]
    public void Choose_BothFail_RefusesToRun() => Assert.Throws<PlatformNotSupportedException>(
        () => P256Selection.Choose(new BrokenP256(BrokenP256.Fault.Throws), new BrokenP256(BrokenP256.Fault.AgreesWrongly)));

    [Fact]
    public void FallbackSign_MessageOfRfc6979_IsDeterministic()
    {
        using EcdsaSigningKey key = EcdsaSigningKey.FromScalar(Convert.FromHexString("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721"), new BouncyCastleP256());
        byte[] signature = new byte[64];

        key.Sign("test"u8, signature);

        // RFC 6979 appendix A.2.5, SHA-256, message "test".
        Assert.Equal("F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083", Convert.ToHexString(signature));
    }

    [Fact]
    public void Verify_SignatureOfTheOtherProvider_IsTrueBothWays()
    {
        Wine.Skip("the system's elliptic curves give wrong answers");
        byte[] scalar = KnownAnswer.Suite1["tech_sk"], signature = new byte[64];
        foreach (IP256Provider provider in (IP256Provider[])[new SystemP256(), new BouncyCastleP256()])
        {
            using EcdsaSigningKey key = EcdsaSigningKey.FromScalar(scalar, provider);
            key.Sign("data"u8, signature);
            Assert.True(((IP256Provider)new SystemP256()).Verify(key.PublicKey, "data"u8, signature));
            Assert.True(((IP256Provider)new BouncyCastleP256()).Verify(key.PublicKey, "data"u8, signature));
            Assert.False(P256.Verify(key.PublicKey, "date"u8, signature));
        }
    }

    [Fact]
    public void FillRandom_ManyScalars_AreInRangeAndDiffer()
    {
        var seen = new HashSet<string>();
        byte[] scalar = new byte[32];
        for (int i = 0; i < 500; i++)
        {
            P256Scalar.FillRandom(scalar);
            Assert.True(P256Scalar.IsInRange(scalar));
            Assert.True(seen.Add(Convert.ToHexString(scalar)));
        }
    }

    [Fact]
    public void TryReduce_MultipleOfTheOrder_IsFalse()
    {
        byte[] wide = [.. new byte[8], .. P256Group.OrderBytes], scalar = new byte[32];
        Assert.False(P256Scalar.TryReduce(wide, scalar));
        Assert.False(P256Scalar.TryReduce(new byte[40], scalar));
        wide[^1]++;
        Assert.True(P256Scalar.TryReduce(wide, scalar));
        Assert.Equal(1, scalar[31]);
    }
}

/// <summary>A system provider that is wrong in one way.</summary>
internal sealed class BrokenP256(BrokenP256.Fault fault) : IP256Provider
{
    private readonly SystemP256 real = new();

    internal enum Fault
    {
        AgreesWrongly,
        SignsWrongly,
        VerifiesEverything,
        VerifiesNothing,
        Throws,
    }

    public P256Signer OpenSigner(ReadOnlySpan<byte> scalar) => fault switch
    {
        Fault.Throws => throw new CryptographicException("not here"),
        Fault.SignsWrongly => new WrongSigner(real.OpenSigner(scalar)),
        _ => real.OpenSigner(scalar),
    };

    public EphemeralKey OpenEphemeral(ReadOnlySpan<byte> scalar) => fault == Fault.AgreesWrongly ? new WrongEphemeral(real.OpenEphemeral(scalar)) : real.OpenEphemeral(scalar);

    public P256Verifier OpenVerifier(ReadOnlySpan<byte> publicKey) => fault switch
    {
        Fault.VerifiesEverything => new StubbornVerifier(true),
        Fault.VerifiesNothing => new StubbornVerifier(false),
        _ => real.OpenVerifier(publicKey),
    };

    private sealed class StubbornVerifier(bool answer) : P256Verifier
    {
        public override bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature) => answer;

        public override void Dispose()
        {
        }
    }

    private sealed class WrongSigner : P256Signer
    {
        private readonly P256Signer real;

        public WrongSigner(P256Signer real)
        {
            this.real = real;
            real.PublicKey.CopyTo(PublicKey, 0);
        }

        public override void Sign(ReadOnlySpan<byte> data, Span<byte> signature)
        {
            real.Sign(data, signature);
            signature[5] ^= 1;
        }

        public override void Dispose() => real.Dispose();
    }

    private sealed class WrongEphemeral : EphemeralKey
    {
        private readonly EphemeralKey real;

        public WrongEphemeral(EphemeralKey real)
        {
            this.real = real;
            real.PublicKey.CopyTo(PublicKey, 0);
        }

        public override void Agree(ReadOnlySpan<byte> peer, Span<byte> sharedX)
        {
            real.Agree(peer, sharedX);
            sharedX.Reverse();
        }

        public override void Dispose() => real.Dispose();
    }
}
