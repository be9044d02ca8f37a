using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class TechnicianCertificateTests
{
    private static readonly DateTimeOffset Noon = new(2027, 3, 4, 12, 0, 0, TimeSpan.Zero);
    private static readonly EcdsaSigningKey Tenant = EcdsaSigningKey.Create();
    private static readonly EcdsaSigningKey Technician = EcdsaSigningKey.Create();

    [Theory]
    [InlineData("A")]
    [InlineData("Jürgen Müller-Lüdenscheidt 漢字 😀")]
    public void Sign_AnyName_IsReadBackAndVerifies(string name)
    {
        TechnicianCertificate made = Make(name);

        Assert.True(TechnicianCertificate.TryRead(made.Encoded.Span, out TechnicianCertificate? read));
        Assert.Equal((name, Operations.All, Noon, Noon.AddDays(1)), (read.Name, read.MaxOperations, read.NotBefore, read.NotAfter));
        Assert.Equal(WireIdentity.Tenant(Tenant.PublicKey), read.TenantId.ToArray());
        Assert.Equal(Technician.PublicKey.ToArray(), read.TechnicianKey.ToArray());
        Assert.True(read.IsSignedBy(Tenant.PublicKey));
        Assert.False(read.IsSignedBy(Technician.PublicKey));
        Assert.False(read.IsSignedBy(new byte[65]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("line\nbreak")]
    [InlineData("bell\u0007")]
    [InlineData("c1\u0085")]
    [InlineData("turned\u202Ename")]
    public void Sign_NameOutsideItsRange_IsAnError(string name) => Assert.Throws<ArgumentException>(() => Make(name));

    [Fact]
    public void Sign_NameOf255Bytes_IsTheLongest()
    {
        Assert.Equal(TechnicianCertificate.MaxEncodedLength, Make(new string('x', 255)).Encoded.Length);
        Assert.Throws<ArgumentException>(() => Make(new string('x', 256)));
    }

    [Fact]
    public void Sign_EndBeforeStartOrUnknownOperationOrBadKey_IsAnError()
    {
        Assert.Throws<ArgumentException>(() => TechnicianCertificate.Sign(Tenant, new byte[16], Technician.PublicKey, "A", Noon, Noon.AddSeconds(-1), Operations.Chat));
        Assert.Throws<ArgumentException>(() => TechnicianCertificate.Sign(Tenant, new byte[16], Technician.PublicKey, "A", Noon, Noon, (Operations)(1 << 10)));
        Assert.Throws<ArgumentException>(() => TechnicianCertificate.Sign(Tenant, new byte[16], new byte[65], "A", Noon, Noon, Operations.Chat));
        Assert.Throws<ArgumentException>(() => TechnicianCertificate.Sign(Tenant, new byte[15], Technician.PublicKey, "A", Noon, Noon, Operations.Chat));
    }

    [Fact]
    public void TryRead_EveryBitFlipped_IsUnreadableOrNoLongerSigned()
    {
        byte[] encoded = Make("Alex").Encoded.ToArray();
        for (int bit = 0; bit < encoded.Length * 8; bit++)
        {
            byte[] flipped = [.. encoded];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(TechnicianCertificate.TryRead(flipped, out TechnicianCertificate? read) && read.IsSignedBy(Tenant.PublicKey), $"bit {bit}");
        }
    }

    [Fact]
    public void TryRead_EachLengthButTheRightOne_IsFalse()
    {
        byte[] encoded = Make("Alex").Encoded.ToArray();
        for (int length = 0; length < encoded.Length; length++) Assert.False(TechnicianCertificate.TryRead(encoded.AsSpan(0, length), out _));
        Assert.False(TechnicianCertificate.TryRead([.. encoded, 0], out _));
    }

    [Theory]
    [InlineData(-301, false)]
    [InlineData(-300, true)]
    [InlineData(86700, true)]
    [InlineData(86701, false)]
    public void IsValidAt_FiveMinutesAroundThePeriod_IsTheBorder(int seconds, bool valid) => Assert.Equal(valid, Make("Alex").IsValidAt(Noon.AddSeconds(seconds)));

    [Fact]
    public void IsValidAt_PeriodAtTheEndOfTime_DoesNotOverflow() =>
        Assert.True(TechnicianCertificate.Sign(Tenant, new byte[16], Technician.PublicKey, "A", Noon, DateTimeOffset.MaxValue, Operations.Chat).IsValidAt(Noon));

    private static TechnicianCertificate Make(string name) =>
        TechnicianCertificate.Sign(Tenant, new byte[16], Technician.PublicKey, name, Noon, Noon + TechnicianCertificate.DefaultLifetime, Operations.All);
}
