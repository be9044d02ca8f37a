using System.Buffers.Binary;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>Grants with real signatures, whole ones and ones with a single fault that both parties signed all the same.</summary>
internal static class GrantSamples
{
    // Places in protocol.md §3.
    private const int HostKeyAt = 17, TenantKeyAt = HostKeyAt + 65, IssuedAt = TenantKeyAt + 65, NotBeforeAt = IssuedAt + 8, NotAfterAt = NotBeforeAt + 8,
        OperationsAt = NotAfterAt + 8, SuiteAt = OperationsAt + 4, CodeKindAt = SuiteAt + 2, KdfAt = CodeKindAt + 1, CostAt = KdfAt + 1, PolicyAt = CostAt + 3 + 16 + 32;

    public static Gen<GrantPolicy> Policies =>
        from zone in Gen.Elements("Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "UTC")
        from days in Gen.SubListOf(Enum.GetValues<DayOfWeek>())
        from minutes in Gen.Two(Gen.Choose(0, 1439))
        from flags in Gen.Two(ArbMap.Default.GeneratorFor<bool>())
        from inUse in Gen.Elements(Enum.GetValues<InUseRule>())
        from recording in Gen.Elements(Enum.GetValues<RecordingRule>())
        from cap in Gen.Choose(1, 720)
        select new GrantPolicy
        {
            Hours = days.Count == 0 || minutes.Item1 == minutes.Item2 ? null : new WeeklyHours(zone, [new HoursWindow([.. days], minutes.Item1, minutes.Item2)]),
            InUse = inUse,
            CredentialsRequired = flags.Item1,
            ReasonRequired = flags.Item2,
            SessionCap = TimeSpan.FromMinutes(cap),
            Recording = recording,
        };

    public static Gen<byte[]> Bytes(int length) => Gen.ArrayOf(Gen.Choose(0, 255), length).Select(values => values.Select(value => (byte)value).ToArray());

    public static Grant Valid()
    {
        using EcdsaSigningKey host = EcdsaSigningKey.Create(), tenant = EcdsaSigningKey.Create();
        Assert.True(Grant.TryRead(Sign(Unsigned(host, tenant, "none"), host, tenant), out Grant? grant));
        return grant;
    }

    public static byte[] Sign(byte[] unsigned, ISigningKey host, ISigningKey tenant)
    {
        byte[] hostSignature = new byte[64], tenantSignature = new byte[64];
        host.Sign(GrantFormat.SignedContent(unsigned), hostSignature);
        byte[] draft = [.. unsigned, .. hostSignature];
        tenant.Sign(GrantFormat.SignedContent(draft), tenantSignature);
        return [.. draft, .. tenantSignature];
    }

    public static byte[] Unsigned(ISigningKey host, ISigningKey tenant, string fault)
    {
        byte[] bytes = Encode(host, tenant, new GrantPolicy { ReasonRequired = true }.ToJson(), "Erika Mustermann");
        switch (fault)
        {
            case "none": break;
            case "version": bytes[0] = 2; break;
            case "host key off the curve": bytes[HostKeyAt + 40] ^= 1; break;
            case "tenant key compressed": bytes[TenantKeyAt] = 2; break;
            case "begin not before end": BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(NotBeforeAt), BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(NotAfterAt))); break;
            case "issued after end": BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(IssuedAt), BinaryPrimitives.ReadUInt64BigEndian(bytes.AsSpan(NotAfterAt)) + 1); break;
            case "time beyond the calendar": BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(NotAfterAt), 253_402_300_800); break;
            case "unknown operation": BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(OperationsAt), 1 << 10 | 1); break;
            case "no operation": BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(OperationsAt), 0); break;
            case "suite 0": BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(SuiteAt), 0); break;
            case "suite 3": BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(SuiteAt), 3); break;
            case "code kind 0": bytes[CodeKindAt] = 0; break;
            case "code kind 4": bytes[CodeKindAt] = 4; break;
            case "kdf 0": bytes[KdfAt] = 0; break;
            case "kdf 2": bytes[KdfAt] = 2; break;
            case "N below 2^15": SetCost(bytes, 14, 16, 2); break;
            case "r zero": SetCost(bytes, 16, 0, 2); break;
            case "p zero": SetCost(bytes, 16, 8, 0); break;
            case "work below 2^19": SetCost(bytes, 15, 8, 1); break;
            case "memory above 256 MiB": SetCost(bytes, 18, 9, 1); break;
            case "policy of an unknown member": return Encode(host, tenant, new GrantPolicy().ToJson().Replace("\"reason\"", "\"hidden\"", StringComparison.Ordinal), "Erika");
            case "policy not UTF-8": bytes[PolicyAt + 2 + 3] = 0xFF; break;
            case "consent method 0": bytes[ConsentAt(bytes)] = 0; break;
            case "consent method 4": bytes[ConsentAt(bytes)] = 4; break;
            case "no name": return Encode(host, tenant, new GrantPolicy().ToJson(), "");
            case "name with a control character": return Encode(host, tenant, new GrantPolicy().ToJson(), "Erika\u0007");
            case "name not UTF-8": bytes[^1] = 0xFF; break;
            case "name with a direction override": return Encode(host, tenant, new GrantPolicy().ToJson(), "Erika\u202EaciremA");
            case "name too long": return Encode(host, tenant, new GrantPolicy().ToJson(), new string('n', 257));
            default: throw new ArgumentOutOfRangeException(nameof(fault), fault, "Not a fault that is made here.");
        }
        return bytes;
    }

    private static int ConsentAt(byte[] bytes) => PolicyAt + 2 + BinaryPrimitives.ReadUInt16BigEndian(bytes.AsSpan(PolicyAt));

    private static void SetCost(byte[] bytes, byte log2N, byte r, byte p) => (bytes[CostAt], bytes[CostAt + 1], bytes[CostAt + 2]) = (log2N, r, p);

    private static byte[] Encode(ISigningKey host, ISigningKey tenant, string policy, string name) => GrantFormat.Encode(new GrantFields
    {
        Id = Encoding.ASCII.GetBytes("0123456789abcdef"),
        HostKey = host.PublicKey.ToArray(),
        TenantKey = tenant.PublicKey.ToArray(),
        Issued = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000),
        NotBefore = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000),
        NotAfter = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000),
        MaxOperations = Operations.ViewScreen | Operations.ControlInput,
        MinSuite = 1,
        CodeKind = AccessCodeKind.Generated,
        ScryptLog2N = 16,
        ScryptR = 8,
        ScryptP = 2,
        Salt = new byte[16],
        RouteKey = new byte[32],
        PolicyJson = policy,
        ConsentMethod = ConsentMethod.OnSiteVerbal,
        ConsentTextHash = new byte[32],
        ConsentedBy = name,
    });

    /// <summary>The same grant with some fields changed, under its old digest and signatures: for questions about grants, which nobody reads back.</summary>
    public static Grant Changed(
        Grant grant, DateTimeOffset? notAfter = null, GrantPolicy? policy = null, Operations? operations = null, AccessCodeKind? kind = null, DateTimeOffset? issued = null) => new()
    {
        Id = grant.Id, HostKey = grant.HostKey, TenantKey = grant.TenantKey, Issued = issued ?? grant.Issued, NotBefore = grant.NotBefore, NotAfter = notAfter ?? grant.NotAfter,
        MaxOperations = operations ?? grant.MaxOperations, MinSuite = grant.MinSuite, CodeKind = kind ?? grant.CodeKind, ScryptLog2N = grant.ScryptLog2N, ScryptR = grant.ScryptR,
        ScryptP = grant.ScryptP, Salt = grant.Salt, RouteKey = grant.RouteKey, PolicyJson = (policy ?? grant.Policy).ToJson(), Policy = policy ?? grant.Policy,
        ConsentMethod = grant.ConsentMethod, ConsentTextHash = grant.ConsentTextHash, ConsentedBy = grant.ConsentedBy, Encoded = grant.Encoded, Digest = grant.Digest,
    };
}
