using FsCheck;
using FsCheck.Fluent;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class GrantTests
{
    [Fact(Skip = Wine.NoFsCheck, SkipWhen = nameof(Wine.IsHere), SkipType = typeof(Wine))]
    public void TryRead_AnyValidFields_RoundTripsEveryField()
    {
        using EcdsaSigningKey host = EcdsaSigningKey.Create(), tenant = EcdsaSigningKey.Create();
        Gen<GrantFields> fields =
            from id in GrantSamples.Bytes(16)
            from issued in Gen.Choose(0, 2_000_000_000)
            from length in Gen.Choose(2, 1_000_000)
            from operations in Gen.Choose(1, (int)Operations.All)
            from suite in Gen.Elements<ushort>(1, 2)
            from kind in Gen.Elements(AccessCodeKind.Generated, AccessCodeKind.FreeText)
            from cost in Gen.Elements<(byte N, byte R, byte P)>((15, 8, 2), (15, 16, 1), (16, 8, 1), (16, 8, 2), (18, 8, 1), (19, 1, 1), (17, 16, 4))
            from salt in GrantSamples.Bytes(16)
            from route in GrantSamples.Bytes(32)
            from policy in GrantSamples.Policies
            from method in Gen.Elements(ConsentMethod.OnScreen, ConsentMethod.OnSiteVerbal, ConsentMethod.OnSiteWritten)
            from hash in GrantSamples.Bytes(32)
            from name in Gen.Elements("E", "Erika Mustermann", "漢字 😀", new string('n', 256))
            select new GrantFields
            {
                Id = id, HostKey = host.PublicKey.ToArray(), TenantKey = tenant.PublicKey.ToArray(),
                Issued = DateTimeOffset.FromUnixTimeSeconds(issued), NotBefore = DateTimeOffset.FromUnixTimeSeconds(issued + length / 2),
                NotAfter = DateTimeOffset.FromUnixTimeSeconds(issued + length), MaxOperations = (Operations)operations, MinSuite = suite, CodeKind = kind,
                ScryptLog2N = cost.N, ScryptR = cost.R, ScryptP = cost.P, Salt = salt, RouteKey = route, PolicyJson = policy.ToJson(),
                ConsentMethod = method, ConsentTextHash = hash, ConsentedBy = name,
            };

        Prop.ForAll(fields.ToArbitrary(), expected =>
        {
            Grant signed = GrantDraft.Sign(expected, host).Countersign(tenant);
            Assert.True(Grant.TryRead(signed.Encoded.Span, out Grant? grant));
            Assert.True(Grant.TryReadPem(grant.ToPem(), out Grant? fromText));
            Assert.Equal(grant.Encoded.ToArray(), fromText.Encoded.ToArray());
            Assert.Equal(GrantFormat.Encode(expected), grant.Encoded[..^128].ToArray());
            Assert.Equal(
                (expected.Issued, expected.NotBefore, expected.NotAfter, expected.MaxOperations, expected.MinSuite, expected.CodeKind),
                (grant.Issued, grant.NotBefore, grant.NotAfter, grant.MaxOperations, grant.MinSuite, grant.CodeKind));
            Assert.Equal((expected.ScryptLog2N, expected.ScryptR, expected.ScryptP), (grant.ScryptLog2N, grant.ScryptR, grant.ScryptP));
            Assert.Equal((expected.PolicyJson, expected.ConsentMethod, expected.ConsentedBy), (grant.PolicyJson, grant.ConsentMethod, grant.ConsentedBy));
            Assert.Equal(grant.PolicyJson, grant.Policy.ToJson());
            Assert.Equal(
                new[] { expected.Id, expected.HostKey, expected.TenantKey, expected.Salt, expected.RouteKey, expected.ConsentTextHash }.Select(part => Convert.ToHexString(part.Span)),
                new[] { grant.Id, grant.HostKey, grant.TenantKey, grant.Salt, grant.RouteKey, grant.ConsentTextHash }.Select(part => Convert.ToHexString(part.Span)));
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    [Fact]
    public void TryRead_AnyByteChanged_Refuses()
    {
        byte[] valid = GrantSamples.Valid().Encoded.ToArray();
        for (int i = 0; i < valid.Length; i++)
        {
            byte[] changed = [.. valid];
            changed[i] ^= (byte)(1 << (i % 8));
            Assert.False(Grant.TryRead(changed, out _), $"byte {i}");
        }
    }

    [Fact]
    public void TryRead_AnyOtherLength_Refuses()
    {
        byte[] valid = GrantSamples.Valid().Encoded.ToArray();
        for (int length = 0; length < valid.Length; length++) Assert.False(Grant.TryRead(valid.AsSpan(0, length), out _));
        Assert.False(Grant.TryRead([.. valid, 0], out _));
        Assert.False(Grant.TryRead(new byte[GrantFormat.MaxLength + 1], out _));
    }

    [Fact(Skip = Wine.NoFsCheck, SkipWhen = nameof(Wine.IsHere), SkipType = typeof(Wine))]
    public void TryRead_ArbitraryBytes_NeverThrows() => Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), bytes =>
    {
        bytes ??= [];
        return !Grant.TryRead(bytes, out _) && !GrantDraft.TryRead(bytes, out _);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Theory]
    [InlineData("version")]
    [InlineData("host key off the curve")]
    [InlineData("tenant key compressed")]
    [InlineData("begin not before end")]
    [InlineData("issued after end")]
    [InlineData("time beyond the calendar")]
    [InlineData("unknown operation")]
    [InlineData("no operation")]
    [InlineData("suite 0")]
    [InlineData("suite 3")]
    [InlineData("code kind 0")]
    [InlineData("code kind 4")]
    [InlineData("kdf 0")]
    [InlineData("kdf 2")]
    [InlineData("N below 2^15")]
    [InlineData("r zero")]
    [InlineData("p zero")]
    [InlineData("work below 2^19")]
    [InlineData("memory above 256 MiB")]
    [InlineData("policy of an unknown member")]
    [InlineData("policy not UTF-8")]
    [InlineData("consent method 0")]
    [InlineData("consent method 4")]
    [InlineData("no name")]
    [InlineData("name with a control character")]
    [InlineData("name not UTF-8")]
    [InlineData("name with a direction override")]
    [InlineData("name too long")]
    public void TryRead_FieldOutOfRangeButProperlySigned_Refuses(string fault)
    {
        using EcdsaSigningKey host = EcdsaSigningKey.Create(), tenant = EcdsaSigningKey.Create();
        byte[] unsigned = GrantSamples.Unsigned(host, tenant, fault);

        byte[] signed = GrantSamples.Sign(unsigned, host, tenant);

        Assert.True(Grant.TryRead(GrantSamples.Sign(GrantSamples.Unsigned(host, tenant, "none"), host, tenant), out _));
        Assert.False(Grant.TryRead(signed, out _));
    }

    [Fact]
    public void TryRead_SignedByAnotherHostOrTenant_Refuses()
    {
        using EcdsaSigningKey host = EcdsaSigningKey.Create(), tenant = EcdsaSigningKey.Create(), other = EcdsaSigningKey.Create();
        byte[] unsigned = GrantSamples.Unsigned(host, tenant, "none");

        Assert.False(Grant.TryRead(GrantSamples.Sign(unsigned, other, tenant), out _));
        Assert.False(Grant.TryRead(GrantSamples.Sign(unsigned, host, other), out _));
    }

    [Fact]
    public void TryRead_TenantSignatureWithoutTheHostSignatureUnderIt_Refuses()
    {
        using EcdsaSigningKey host = EcdsaSigningKey.Create(), tenant = EcdsaSigningKey.Create();
        byte[] unsigned = GrantSamples.Unsigned(host, tenant, "none");
        byte[] first = new byte[64], second = new byte[64];
        host.Sign(GrantFormat.SignedContent(unsigned), first);
        tenant.Sign(GrantFormat.SignedContent(unsigned), second);

        Assert.False(Grant.TryRead([.. unsigned, .. first, .. second], out _));
    }

    [Fact]
    public void TryReadPem_OtherLabelOrSecondBlockOrTextAround_Refuses()
    {
        string text = GrantSamples.Valid().ToPem();

        Assert.True(Grant.TryReadPem("\n" + text.Replace("\n", "\r\n", StringComparison.Ordinal), out _));
        Assert.False(Grant.TryReadPem(text.Replace("REMOTEACCESS GRANT", "CERTIFICATE", StringComparison.Ordinal), out _));
        Assert.False(Grant.TryReadPem(text + text, out _));
        Assert.False(Grant.TryReadPem("Hello\n" + text, out _));
        Assert.False(GrantDraft.TryReadPem(text, out _));
        Assert.False(Grant.TryReadPem("", out _));
    }

    [Fact]
    public void Countersign_DraftForAnotherTenant_Throws()
    {
        using EcdsaSigningKey host = EcdsaSigningKey.Create(), tenant = EcdsaSigningKey.Create(), other = EcdsaSigningKey.Create();
        byte[] unsigned = GrantSamples.Unsigned(host, tenant, "none");
        byte[] signature = new byte[64];
        host.Sign(GrantFormat.SignedContent(unsigned), signature);
        Assert.True(GrantDraft.TryRead([.. unsigned, .. signature], out GrantDraft? draft));
        Assert.True(GrantDraft.TryReadPem(draft.ToPem(), out _));

        Assert.Throws<ArgumentException>(() => draft.Countersign(other));
    }
}
