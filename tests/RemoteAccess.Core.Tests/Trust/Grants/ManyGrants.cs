using System.Buffers.Binary;
using System.Security.Cryptography;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>
/// Writes grants into a computer's state by the thousand, as another process would have: signed by both sides, in the files that the product reads, only not flushed one by
/// one. What a session needs beside (verifier, resume token) is left out.
/// </summary>
internal sealed class ManyGrants(TrustFixture fixture, TrustFlow trust) : IDisposable
{
    private readonly EcdsaSigningKey itsTenant = KeyFile.Load(Path.Combine(fixture.Root, "tenant", "tenant.key"));
    private readonly string grants = Path.Combine(fixture.State, "grants");

    /// <summary>A grant of the fixture's own tenant, or of another.</summary>
    /// <param name="tenant">Whose; the fixture's when null.</param>
    /// <param name="notAfter">Its end; in a month when null.</param>
    /// <param name="isRevoked">Whether it was revoked.</param>
    public Grant Add(ISigningKey? tenant = null, DateTimeOffset? notAfter = null, bool isRevoked = false)
    {
        tenant ??= itsTenant;
        DateTimeOffset now = fixture.Time.GetUtcNow();
        byte[] unsigned = GrantFormat.Encode(new GrantFields
        {
            Id = RandomNumberGenerator.GetBytes(GrantFormat.IdLength), HostKey = trust.HostKey, TenantKey = tenant.PublicKey.ToArray(),
            Issued = now.AddDays(-60), NotBefore = now.AddDays(-60), NotAfter = notAfter ?? now.AddDays(30),
            MaxOperations = Operations.ViewScreen, MinSuite = GrantFormat.WeakestSuite, CodeKind = AccessCodeKind.Generated,
            ScryptLog2N = GrantFormat.UsualLog2N, ScryptR = GrantFormat.UsualR, ScryptP = GrantFormat.UsualP,
            Salt = new byte[GrantFormat.SaltLength], RouteKey = new byte[GrantFormat.RouteKeyLength], PolicyJson = new GrantPolicy().ToJson(),
            ConsentMethod = ConsentMethod.OnSiteVerbal, ConsentTextHash = new byte[GrantFormat.HashLength], ConsentedBy = "Erika Mustermann",
        });
        Assert.True(Grant.TryRead(GrantSamples.Sign(unsigned, trust.SigningKey, tenant), out Grant? grant));
        string name = GrantStore.NameOf(grant.Id.Span), made = Path.Combine(grants, ".new-" + name);
        PrivateFile.CreateDirectory(made);
        byte[] revoked = new byte[sizeof(long)];
        if (isRevoked) BinaryPrimitives.WriteInt64BigEndian(revoked, now.ToUnixTimeMilliseconds());
        Write(Path.Combine(made, "grant"), grant.Encoded.Span);
        Write(Path.Combine(made, "nickname"), "Contoso:Many:Erika"u8);
        Write(Path.Combine(made, "status"), SlotFile.EncodeFirst("status " + name, revoked));
        Write(Path.Combine(made, "guesses"), SlotFile.EncodeFirst("guesses " + name, new GuessRecord().Encode()));
        Directory.Move(made, Path.Combine(grants, name));
        return grant;
    }

    /// <summary>A directory of a grant's name with nothing in it that could be one.</summary>
    public string AddDamaged()
    {
        string directory = Path.Combine(grants, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(GrantFormat.IdLength)));
        PrivateFile.CreateDirectory(directory);
        Write(Path.Combine(directory, "grant"), "no grant"u8);
        return directory;
    }

    public static void Write(string path, ReadOnlySpan<byte> content)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = PrivateFile.FileMode;
        using var file = new FileStream(path, options);
        file.Write(content);
    }

    public void Dispose() => itsTenant.Dispose();
}
