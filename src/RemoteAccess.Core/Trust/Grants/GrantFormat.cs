using System.Buffers.Binary;
using System.Text;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>
/// The grant's bytes (protocol.md §3). Reading is strict: each field has one range, lengths are exact, and nothing may follow. Times are
/// whole seconds since 1970-01-01 UTC.
/// </summary>
internal static class GrantFormat
{
    public const byte Version = 1;
    public const int IdLength = 16, SaltLength = 16, RouteKeyLength = 32, HashLength = 32;
    public const ushort WeakestSuite = 1, StrongestSuite = 2;
    public const byte Scrypt = 1;

    /// <summary>protocol.md §4: 64 MiB, about 0.3 s.</summary>
    public const byte UsualLog2N = 16, UsualR = 8, UsualP = 2;

    public const int MaxPolicyBytes = 4096;

    /// <summary>Bytes before the policy: everything of fixed place.</summary>
    public const int FixedLength = 1 + IdLength + P256.PointLength + P256.PointLength + 8 + 8 + 8 + 4 + 2 + 1 + 1 + 1 + 1 + 1 + SaltLength + RouteKeyLength;

    public const int MaxUnsignedLength = FixedLength + 2 + MaxPolicyBytes + 1 + HashLength + 2 + OnSiteConsent.MaxNameBytes;
    public const int MaxDraftLength = MaxUnsignedLength + P256.SignatureLength;
    public const int MaxLength = MaxDraftLength + P256.SignatureLength;

    /// <summary>9999-12-31T23:59:59Z, the last second a time can hold.</summary>
    private const ulong MaxSeconds = 253_402_300_799;

    /// <summary>Encodes all fields before the signatures.</summary>
    public static byte[] Encode(GrantFields fields)
    {
        byte[] policy = PlainText.Utf8.GetBytes(fields.PolicyJson);
        byte[] name = PlainText.Utf8.GetBytes(fields.ConsentedBy);
        byte[] bytes = new byte[FixedLength + 2 + policy.Length + 1 + HashLength + 2 + name.Length];
        var writer = new FieldWriter(bytes);
        writer.Byte(Version);
        writer.Bytes(fields.Id.Span);
        writer.Bytes(fields.HostKey.Span);
        writer.Bytes(fields.TenantKey.Span);
        writer.UInt64((ulong)fields.Issued.ToUnixTimeSeconds());
        writer.UInt64((ulong)fields.NotBefore.ToUnixTimeSeconds());
        writer.UInt64((ulong)fields.NotAfter.ToUnixTimeSeconds());
        writer.UInt32((uint)fields.MaxOperations);
        writer.UInt16(fields.MinSuite);
        writer.Byte((byte)fields.CodeKind);
        writer.Byte(Scrypt);
        writer.Byte(fields.ScryptLog2N);
        writer.Byte(fields.ScryptR);
        writer.Byte(fields.ScryptP);
        writer.Bytes(fields.Salt.Span);
        writer.Bytes(fields.RouteKey.Span);
        writer.UInt16((ushort)policy.Length);
        writer.Bytes(policy);
        writer.Byte((byte)fields.ConsentMethod);
        writer.Bytes(fields.ConsentTextHash.Span);
        writer.UInt16((ushort)name.Length);
        writer.Bytes(name);
        return bytes;
    }

    /// <summary>Reads and checks all fields before the signatures; <paramref name="length"/> is how many bytes they take.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> encoded, out GrantFields fields, out int length)
    {
        fields = GrantFields.Empty;
        length = 0;
        var reader = new FieldReader(encoded);
        if (encoded.Length < FixedLength + 2 || reader.Byte() != Version) return false;
        byte[] id = reader.Bytes(IdLength);
        byte[] hostKey = reader.Bytes(P256.PointLength);
        byte[] tenantKey = reader.Bytes(P256.PointLength);
        ulong issued = reader.UInt64(), notBefore = reader.UInt64(), notAfter = reader.UInt64();
        var operations = (Operations)reader.UInt32();
        ushort minSuite = reader.UInt16();
        var codeKind = (AccessCodeKind)reader.Byte();
        byte kdf = reader.Byte();
        byte log2N = reader.Byte(), r = reader.Byte(), p = reader.Byte();
        byte[] salt = reader.Bytes(SaltLength);
        byte[] routeKey = reader.Bytes(RouteKeyLength);
        int policyLength = reader.UInt16();
        if (policyLength > MaxPolicyBytes || reader.Left < policyLength + 1 + HashLength + 2) return false;
        ReadOnlySpan<byte> policyJson = reader.Span(policyLength);
        var method = (ConsentMethod)reader.Byte();
        byte[] textHash = reader.Bytes(HashLength);
        int nameLength = reader.UInt16();
        if (nameLength is 0 or > OnSiteConsent.MaxNameBytes || reader.Left < nameLength) return false;
        ReadOnlySpan<byte> name = reader.Span(nameLength);

        if (issued > MaxSeconds || notBefore > MaxSeconds || notAfter > MaxSeconds || notBefore >= notAfter || issued >= notAfter) return false;
        if (operations == Operations.None || (operations & ~Operations.All) != 0) return false;
        if (minSuite is < WeakestSuite or > StrongestSuite || kdf != Scrypt || !CodeStretching.IsAcceptableCost(log2N, r, p)) return false;
        if (codeKind is not (AccessCodeKind.Generated or AccessCodeKind.FreeText or AccessCodeKind.SessionDigits)) return false;
        if (method is not (ConsentMethod.OnScreen or ConsentMethod.OnSiteVerbal or ConsentMethod.OnSiteWritten)) return false;
        if (!PlainText.TryDecode(name, OnSiteConsent.MaxNameBytes, out string consentedBy) || string.IsNullOrWhiteSpace(consentedBy)) return false;
        if (!GrantPolicy.TryRead(policyJson, out GrantPolicy? policy)) return false;
        if (!P256Group.IsValidPoint(hostKey) || !P256Group.IsValidPoint(tenantKey)) return false;

        fields = new GrantFields
        {
            Id = id,
            HostKey = hostKey,
            TenantKey = tenantKey,
            Issued = DateTimeOffset.FromUnixTimeSeconds((long)issued),
            NotBefore = DateTimeOffset.FromUnixTimeSeconds((long)notBefore),
            NotAfter = DateTimeOffset.FromUnixTimeSeconds((long)notAfter),
            MaxOperations = operations,
            MinSuite = minSuite,
            CodeKind = codeKind,
            ScryptLog2N = log2N,
            ScryptR = r,
            ScryptP = p,
            Salt = salt,
            RouteKey = routeKey,
            PolicyJson = Encoding.UTF8.GetString(policyJson),
            Policy = policy,
            ConsentMethod = method,
            ConsentTextHash = textHash,
            ConsentedBy = consentedBy,
        };
        length = encoded.Length - reader.Left;
        return true;
    }

    /// <summary>What a signer signs over the bytes before its signature.</summary>
    public static byte[] SignedContent(ReadOnlySpan<byte> bytesBefore) => SignedStatement.OverHashOf(SignedStatement.Grant, bytesBefore);

    private ref struct FieldWriter(Span<byte> target)
    {
        private Span<byte> rest = target;

        public void Byte(byte value) => Take(1)[0] = value;

        public void UInt16(ushort value) => BinaryPrimitives.WriteUInt16BigEndian(Take(2), value);

        public void UInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Take(4), value);

        public void UInt64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Take(8), value);

        public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Take(value.Length));

        private Span<byte> Take(int count)
        {
            Span<byte> taken = rest[..count];
            rest = rest[count..];
            return taken;
        }
    }

    /// <summary>Reads big-endian fields; the caller has compared lengths with <see cref="Left"/> before.</summary>
    private ref struct FieldReader(ReadOnlySpan<byte> source)
    {
        private ReadOnlySpan<byte> rest = source;

        public readonly int Left => rest.Length;

        public byte Byte() => Span(1)[0];

        public ushort UInt16() => BinaryPrimitives.ReadUInt16BigEndian(Span(2));

        public uint UInt32() => BinaryPrimitives.ReadUInt32BigEndian(Span(4));

        public ulong UInt64() => BinaryPrimitives.ReadUInt64BigEndian(Span(8));

        public byte[] Bytes(int count) => Span(count).ToArray();

        public ReadOnlySpan<byte> Span(int count)
        {
            ReadOnlySpan<byte> taken = rest[..count];
            rest = rest[count..];
            return taken;
        }
    }
}
