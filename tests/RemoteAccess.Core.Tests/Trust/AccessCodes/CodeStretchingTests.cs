using System.Diagnostics.CodeAnalysis;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class CodeStretchingTests
{
    [Theory]
    [InlineData(16, 8, 2, true)]
    [InlineData(15, 8, 2, true)]
    [InlineData(15, 16, 1, true)]
    [InlineData(18, 8, 1, true)]
    [InlineData(14, 32, 8, false)]
    [InlineData(15, 8, 1, false)]
    [InlineData(19, 8, 1, false)]
    [InlineData(18, 9, 1, false)]
    [InlineData(15, 64, 5, false)]
    [InlineData(16, 8, 16, true)]
    [InlineData(16, 8, 17, false)]
    [InlineData(16, 0, 2, false)]
    [InlineData(16, 8, 0, false)]
    [InlineData(31, 255, 255, false)]
    [InlineData(255, 255, 255, false)]
    public void IsAcceptableCost_Parameters_AreHeldToBothLimits(int log2N, int r, int p, bool acceptable) =>
        Assert.Equal(acceptable, CodeStretching.IsAcceptableCost(log2N, r, p));

    [Fact]
    public void Derive_CostRefused_ComputesNothing()
    {
        ChannelException fault = Assert.Throws<ChannelException>(() => AccessSecret.Derive("CODE"u8, new byte[32], new byte[32], new byte[16], 30, 255, 255));

        Assert.Equal(ChannelError.LimitExceeded, fault.Error);
        Assert.Throws<ChannelException>(() => AccessVerifier.Create("CODE"u8, new byte[32], new byte[32], new byte[16], 14, 8, 8));
    }

    [Fact]
    public void Derive_CodeTenantHostOrSaltDiffers_GivesAnotherSecret()
    {
        const int log2N = 15, r = 8, p = 2;
        byte[] one = Numbered(1), two = Numbered(2), salt = new byte[16], otherSalt = [.. new byte[15], 1];
        using AccessSecret plain = AccessSecret.Derive("CODE"u8, one, two, salt, log2N, r, p);
        using AccessSecret otherCode = AccessSecret.Derive("CODF"u8, one, two, salt, log2N, r, p);
        using AccessSecret swapped = AccessSecret.Derive("CODE"u8, two, one, salt, log2N, r, p);
        using AccessSecret salted = AccessSecret.Derive("CODE"u8, one, two, otherSalt, log2N, r, p);

        Assert.Equal(4, new[] { plain, otherCode, swapped, salted }.Select(secret => Convert.ToHexString(secret.W0.Span)).Distinct().Count());
    }

    [Fact]
    public void FromStretched_ZeroScalar_AsksForANewSalt()
    {
        byte[] stretched = [.. new byte[40], .. Enumerable.Repeat((byte)1, 40)];

        Assert.Equal(ChannelError.Malformed, Assert.Throws<ChannelException>(() => AccessSecret.FromStretched(stretched)).Error);
        Array.Reverse(stretched);
        Assert.Equal(ChannelError.Malformed, Assert.Throws<ChannelException>(() => AccessSecret.FromStretched(stretched)).Error);
    }

    [Fact]
    public void TryCreate_ValuesFromTheWire_AreChecked()
    {
        byte[] w0 = KnownAnswer.Suite1["w0"], l = KnownAnswer.Suite1["L"];

        Assert.Null(AccessVerifier.TryCreate(new byte[32], l));
        Assert.Null(AccessVerifier.TryCreate(P256Group.OrderBytes, l));
        Assert.Null(AccessVerifier.TryCreate(w0, BadPoints.OffCurve));
        Assert.Null(AccessVerifier.TryCreate(w0.AsSpan(1), l));
    }

    [Fact]
    [SuppressMessage("Reliability", "CA2000", Justification = "What disposal leaves behind is what is looked at.")]
    public void Dispose_SecretAndVerifier_AreZeroed()
    {
        var secret = new AccessSecret(KnownAnswer.Suite1["w0"], KnownAnswer.Suite1["w1"]);
        AccessVerifier verifier = secret.ToVerifier();
        secret.Dispose();
        verifier.Dispose();

        Assert.All(new[] { secret.W0.Array, secret.W1.Array, verifier.W0, verifier.L, verifier.W0M, verifier.W0N }, bytes => Assert.False(bytes.AsSpan().ContainsAnyExcept((byte)0)));
    }

    private static byte[] Numbered(byte number) => [.. Enumerable.Repeat(number, 32)];
}
