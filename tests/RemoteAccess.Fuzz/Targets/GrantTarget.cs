using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Fuzz.Targets;

/// <summary>
/// A grant's bytes. Most changes of plain bytes end at a signature; the structural change alters one field and signs again, so that each
/// field's own check is reached. What is accepted must encode back to the same bytes.
/// </summary>
internal sealed class GrantTarget : FuzzTarget
{
    private const int Signatures = 2 * P256.SignatureLength;
    private readonly EcdsaSigningKey host = Key(1), tenant = Key(2);

    public GrantTarget() => Seeds = [Sample(new GrantPolicy(), "E"), Sample(GrantPolicyTarget.Rich, "Erika Mustermann, 漢字")];

    public override string Name => "grant";

    public override IReadOnlyList<byte[]> Seeds { get; }

    public override void Execute(ReadOnlySpan<byte> input)
    {
        if (Grant.TryRead(input, out Grant? grant))
        {
            if (!GrantFormat.TryDecode(input, out GrantFields fields, out int length)) throw new InvalidDataException("A grant was read whose fields are not readable.");
            if (!GrantFormat.Encode(fields).AsSpan().SequenceEqual(input[..length])) throw new InvalidDataException("The grant's fields do not encode back.");
            if (!Grant.TryReadPem(grant.ToPem(), out _)) throw new InvalidDataException("The grant's text form is not readable.");
        }
        _ = GrantDraft.TryRead(input, out _);
        if (input.Length > P256.SignatureLength) _ = GrantDraft.TryRead(input[..^P256.SignatureLength], out _);
    }

    public override bool MutateStructure(Random random, ref byte[] input)
    {
        if (input.Length <= Signatures) return false;
        byte[] unsigned = input[..^Signatures];
        // Keys and random fields fill most of a grant; half of the changes go to the short fields.
        int at = random.Next(2) == 0 ? random.Next(unsigned.Length) : random.Next(Math.Min(147, unsigned.Length - 1), unsigned.Length);
        unsigned[at] = random.Next(3) switch { 0 => (byte)random.Next(256), 1 => (byte)(unsigned[at] + 1), _ => (byte)(unsigned[at] - 1) };
        input = Sign(unsigned);
        return true;
    }

    private static EcdsaSigningKey Key(byte scalar)
    {
        byte[] bytes = new byte[P256.ScalarLength];
        bytes[^1] = scalar;
        return EcdsaSigningKey.FromScalar(bytes, P256.Provider);
    }

    private byte[] Sample(GrantPolicy policy, string name) => Sign(GrantFormat.Encode(new GrantFields
    {
        Id = new byte[GrantFormat.IdLength],
        HostKey = host.PublicKey.ToArray(),
        TenantKey = tenant.PublicKey.ToArray(),
        Issued = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000),
        NotBefore = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000),
        NotAfter = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000),
        MaxOperations = Operations.All,
        MinSuite = GrantFormat.WeakestSuite,
        CodeKind = AccessCodeKind.Generated,
        ScryptLog2N = GrantFormat.UsualLog2N,
        ScryptR = GrantFormat.UsualR,
        ScryptP = GrantFormat.UsualP,
        Salt = new byte[GrantFormat.SaltLength],
        RouteKey = new byte[GrantFormat.RouteKeyLength],
        PolicyJson = policy.ToJson(),
        ConsentMethod = ConsentMethod.OnSiteVerbal,
        ConsentTextHash = new byte[GrantFormat.HashLength],
        ConsentedBy = name,
    }));

    private byte[] Sign(byte[] unsigned)
    {
        byte[] signed = new byte[unsigned.Length + Signatures];
        unsigned.CopyTo(signed, 0);
        int hostEnd = unsigned.Length + P256.SignatureLength;
        host.Sign(GrantFormat.SignedContent(unsigned), signed.AsSpan(unsigned.Length, P256.SignatureLength));
        tenant.Sign(GrantFormat.SignedContent(signed.AsSpan(0, hostEnd)), signed.AsSpan(hostEnd));
        return signed;
    }
}
