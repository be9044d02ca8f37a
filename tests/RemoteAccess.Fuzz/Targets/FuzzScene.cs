using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Fuzz;

/// <summary>Fixed keys, certificate, grant and code for the handshake targets.</summary>
internal static class FuzzScene
{
    public static readonly EcdsaSigningKey HostKey = Key(1);
    public static readonly EcdsaSigningKey TenantKey = Key(2);
    public static readonly EcdsaSigningKey TechnicianKey = Key(3);
    public static readonly AccessSecret Secret = new(Scalar(4), Scalar(5));
    public static readonly AccessVerifier Verifier = Secret.ToVerifier();

    public static readonly TechnicianCertificate Certificate = TechnicianCertificate.Sign(
        TenantKey, new byte[16], TechnicianKey.PublicKey, "Alex", FrozenTime.Now, FrozenTime.Now.AddDays(1), Operations.All);

    public static readonly Grant Grant = new()
    {
        Id = new byte[16],
        HostKey = HostKey.PublicKey.ToArray(),
        TenantKey = TenantKey.PublicKey.ToArray(),
        Issued = FrozenTime.Now,
        NotBefore = FrozenTime.Now,
        NotAfter = FrozenTime.Now.AddDays(30),
        MaxOperations = Operations.All,
        MinSuite = 1,
        CodeKind = AccessCodeKind.Generated,
        ScryptLog2N = 16,
        ScryptR = 8,
        ScryptP = 2,
        Salt = new byte[16],
        RouteKey = new byte[32],
        PolicyJson = "{}",
        ConsentMethod = ConsentMethod.OnSiteWritten,
        ConsentTextHash = new byte[32],
        ConsentedBy = "Pat",
        Encoded = Array.Empty<byte>(),
        Digest = new byte[32],
    };

    /// <summary>The scalar that every scripted side uses for its ephemeral key and its half of SPAKE2+.</summary>
    public static byte[] PeerScalar => Scalar(6);

    public static byte[] UnsignedTechAuth(string reason, byte[] resumeToken)
    {
        using var prover = new Spake2PlusProver(Secret, PeerScalar);
        return TechAuth.WriteUnsigned(Certificate.Encoded.Span, Grant.Id.Span, Grant.Digest.Span, Operations.ViewScreen, reason, resumeToken, prover.ShareP);
    }

    public static Spake2PlusParties Parties(ReadOnlySpan<byte> transcriptHash) =>
        Spake2PlusParties.For(1, transcriptHash, WireIdentity.Tenant(TenantKey.PublicKey), WireIdentity.Host(HostKey.PublicKey));

    private static EcdsaSigningKey Key(byte number) => EcdsaSigningKey.FromScalar(Scalar(number), P256.Provider);

    private static byte[] Scalar(byte number) => [.. Enumerable.Repeat((byte)(0x10 + number), 32)];
}
