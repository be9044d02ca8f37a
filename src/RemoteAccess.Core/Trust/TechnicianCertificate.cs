using System.Diagnostics.CodeAnalysis;
using System.Text;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>A tenant's signed word that a key belongs to one of its technicians (docs/protocol.md §6). Immutable.</summary>
public sealed class TechnicianCertificate
{
    /// <summary>How long a certificate is valid unless the tenant says otherwise.</summary>
    public static readonly TimeSpan DefaultLifetime = TimeSpan.FromHours(24);

    internal const int MaxEncodedLength = FixedLength + MaxNameLength;

    private const byte Version = 1;
    private const int SerialLength = 16;
    private const int MaxNameLength = 255;
    private const int FixedLength = 1 + SerialLength + WireIdentity.Length + P256.PointLength + 8 + 8 + 4 + 1 + P256.SignatureLength;

    // How far the clocks of tenant and computer may differ.
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    /// <summary>16 random bytes that name the certificate.</summary>
    public required ReadOnlyMemory<byte> Serial { get; init; }
    /// <summary>32 bytes.</summary>
    public required ReadOnlyMemory<byte> TenantId { get; init; }
    /// <summary>65 bytes, SEC1 uncompressed.</summary>
    public required ReadOnlyMemory<byte> TechnicianKey { get; init; }
    /// <summary>Start of validity.</summary>
    public required DateTimeOffset NotBefore { get; init; }
    /// <summary>End of validity.</summary>
    public required DateTimeOffset NotAfter { get; init; }
    /// <summary>The most a session with it may do.</summary>
    public required Operations MaxOperations { get; init; }
    /// <summary>The technician's name as the tenant states it; 1 to 255 UTF-8 bytes, no control or direction characters.</summary>
    public required string Name { get; init; }
    /// <summary>The exact signed bytes.</summary>
    public required ReadOnlyMemory<byte> Encoded { get; init; }

    /// <summary>Makes a certificate with the tenant's key.</summary>
    /// <param name="tenantKey">The tenant's signing key.</param>
    /// <param name="serial">16 random bytes.</param>
    /// <param name="technicianKey">The technician's public key, 65 bytes.</param>
    /// <param name="name">1 to 255 UTF-8 bytes, no control or direction characters.</param>
    /// <param name="notBefore">Cut to whole seconds.</param>
    /// <param name="notAfter">Cut to whole seconds; not before <paramref name="notBefore"/>.</param>
    /// <param name="maxOperations">Known operations only.</param>
    /// <exception cref="ArgumentException">An argument is outside its range.</exception>
    public static TechnicianCertificate Sign(
        ISigningKey tenantKey, ReadOnlySpan<byte> serial, ReadOnlySpan<byte> technicianKey, string name,
        DateTimeOffset notBefore, DateTimeOffset notAfter, Operations maxOperations)
    {
        ArgumentNullException.ThrowIfNull(tenantKey);
        ArgumentNullException.ThrowIfNull(name);
        byte[] nameBytes = Encoding.UTF8.GetBytes(name);
        if (nameBytes.Length > MaxNameLength) throw new ArgumentException("A technician's name has at most 255 UTF-8 bytes.", nameof(name));

        byte[] encoded = new byte[FixedLength + nameBytes.Length];
        var writer = new BodyWriter(encoded);
        writer.U8(Version);
        writer.Bytes(serial);
        writer.Bytes(WireIdentity.Tenant(tenantKey.PublicKey));
        writer.Bytes(technicianKey);
        writer.U64((ulong)notBefore.ToUnixTimeSeconds());
        writer.U64((ulong)notAfter.ToUnixTimeSeconds());
        writer.U32((uint)maxOperations);
        writer.U8((byte)nameBytes.Length);
        writer.Bytes(nameBytes);
        byte[] statement = SignedStatement.OverHashOf(SignedStatement.TechCertificate, encoded.AsSpan(..^P256.SignatureLength));
        tenantKey.Sign(statement, writer.Take(P256.SignatureLength));
        return TryRead(encoded, out TechnicianCertificate? certificate)
            ? certificate
            : throw new ArgumentException("Not a valid certificate: serial of 16 bytes, key a point of 65 bytes, name without control or direction characters, period and operations in range.");
    }

    /// <summary>Reads the encoded form; false when it is not exactly one well-formed certificate. Says nothing about signature and time.</summary>
    public static bool TryRead(ReadOnlySpan<byte> encoded, [NotNullWhen(true)] out TechnicianCertificate? certificate)
    {
        certificate = null;
        var reader = new BodyReader(encoded);
        if (!reader.TryU8(out byte version) || version != Version
            || !reader.TryBytes(SerialLength, out ReadOnlySpan<byte> serial)
            || !reader.TryBytes(WireIdentity.Length, out ReadOnlySpan<byte> tenantId)
            || !reader.TryBytes(P256.PointLength, out ReadOnlySpan<byte> key) || !P256Group.IsValidPoint(key)
            || !TryReadTime(ref reader, out DateTimeOffset notBefore)
            || !TryReadTime(ref reader, out DateTimeOffset notAfter) || notAfter < notBefore
            || !reader.TryU32(out uint operations) || (operations & ~(uint)Operations.All) != 0
            || !reader.TryVector8(out ReadOnlySpan<byte> nameBytes) || nameBytes.IsEmpty || !PlainText.TryDecode(nameBytes, MaxNameLength, out string name)
            || !reader.TryBytes(P256.SignatureLength, out _) || !reader.IsAtEnd)
        {
            return false;
        }

        byte[] copy = encoded.ToArray();
        certificate = new TechnicianCertificate
        {
            Serial = serial.ToArray(),
            TenantId = tenantId.ToArray(),
            TechnicianKey = key.ToArray(),
            NotBefore = notBefore,
            NotAfter = notAfter,
            MaxOperations = (Operations)operations,
            Name = name,
            Encoded = copy,
        };
        return true;
    }

    /// <summary>Whether the tenant with this public key (65 bytes) signed it.</summary>
    public bool IsSignedBy(ReadOnlySpan<byte> tenantKey)
    {
        ReadOnlySpan<byte> encoded = Encoded.Span;
        byte[] statement = SignedStatement.OverHashOf(SignedStatement.TechCertificate, encoded[..^P256.SignatureLength]);
        return P256.Verify(tenantKey, statement, encoded[^P256.SignatureLength..]);
    }

    /// <summary>Whether it is within its period at <paramref name="now"/>, give or take five minutes for clocks that differ.</summary>
    public bool IsValidAt(DateTimeOffset now) => now - NotBefore >= -ClockTolerance && now - NotAfter <= ClockTolerance;

    private static bool TryReadTime(ref BodyReader reader, out DateTimeOffset time)
    {
        time = default;
        if (!reader.TryU64(out ulong seconds) || seconds > (ulong)DateTimeOffset.MaxValue.ToUnixTimeSeconds()) return false;
        time = DateTimeOffset.FromUnixTimeSeconds((long)seconds);
        return true;
    }
}
