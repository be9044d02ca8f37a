using System.Buffers.Binary;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>Computer, tenant, technician, grant and code of the known-answer handshake, ready to connect; no scrypt is run.</summary>
internal sealed class HandshakeScene
{
    private static readonly KnownAnswer Kat = KnownAnswer.Suite1;

    public static readonly EcdsaSigningKey HostKey = EcdsaSigningKey.FromScalar(Kat["host_sk"], P256.Provider);
    public static readonly EcdsaSigningKey TenantKey = EcdsaSigningKey.FromScalar(Kat["tenant_sk"], P256.Provider);
    public static readonly EcdsaSigningKey TechnicianKey = EcdsaSigningKey.FromScalar(Kat["tech_sk"], P256.Provider);
    public static readonly TechnicianCertificate Certificate = ReadCertificate();
    public static readonly AccessSecret Secret = new(Kat["w0"], Kat["w1"]);
    public static readonly AccessVerifier Verifier = new(Kat["w0"], Kat["L"], Kat["w0M"], Kat["w0N"]);
    public static readonly Operations GrantOperations = (Operations)0xFF;
    public static readonly Grant Grant = MakeGrant();

    public HandshakeScene()
    {
        Clock = new HandshakeClock(Certificate.NotBefore + TimeSpan.FromHours(1));
        Authority = new HandshakeAuthority(Grant, Verifier);
        Host = new HostParty { SigningKey = HostKey, Authority = Authority, Limits = new HandshakeLimits(Clock), Time = Clock };
        Technician = new TechnicianParty
        {
            Grant = Grant,
            SigningKey = TechnicianKey,
            Certificate = Certificate,
            Secret = Secret,
            Wanted = (Operations)BinaryPrimitives.ReadUInt32BigEndian([0, 0, 0, 0x0F]),
            Reason = "Ticket 4711: printer spooler",
            Time = Clock,
        };
    }

    public HandshakeClock Clock { get; }

    public HandshakeAuthority Authority { get; }

    public HostParty Host { get; set; }

    public TechnicianParty Technician { get; set; }

    /// <summary>A finished handshake on both sides, with Accepted not yet sent.</summary>
    public async Task<(SecureChannel Technician, SecureChannel Host)> ConnectAsync(PipeLink? technicianLink = null, PipeLink? hostLink = null)
    {
        if (technicianLink is null || hostLink is null) (technicianLink, hostLink) = PipeLink.CreatePair();
        Task<HostHandshakeResult> host = HostHandshake.RunAsync(hostLink, Host, CancellationToken.None);
        SecureChannel technician = await TechnicianHandshake.RunAsync(technicianLink, Technician, CancellationToken.None);
        return (technician, (await host).Channel);
    }

    /// <summary>Waits for a task that may need time to pass, but never more than a minute of it.</summary>
    public async Task<T> FinishAsync<T>(Task<T> task)
    {
        for (int i = 0; i < 7 && !task.IsCompleted; i++) Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.True(task.IsCompleted, "It hangs: nothing happens although a minute passed.");
        return await task;
    }

    private static TechnicianCertificate ReadCertificate()
    {
        Assert.True(TechnicianCertificate.TryRead(Kat["tech_cert"], out TechnicianCertificate? certificate));
        return certificate;
    }

    private static Grant MakeGrant() => new()
    {
        Id = Kat["grant_id"],
        HostKey = Kat["host_pk"],
        TenantKey = Kat["tenant_pk"],
        Issued = Certificate.NotBefore,
        NotBefore = Certificate.NotBefore,
        NotAfter = Certificate.NotBefore + TimeSpan.FromDays(90),
        MaxOperations = GrantOperations,
        MinSuite = 1,
        CodeKind = AccessCodeKind.Generated,
        ScryptLog2N = 16,
        ScryptR = 8,
        ScryptP = 2,
        Salt = Kat["salt"],
        RouteKey = new byte[32],
        PolicyJson = "{}",
        ConsentMethod = ConsentMethod.OnSiteWritten,
        ConsentTextHash = new byte[32],
        ConsentedBy = "Pat Customer",
        Encoded = Array.Empty<byte>(),
        Digest = Kat["grant_digest"],
    };
}
