using System.Runtime.Versioning;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

[UnsupportedOSPlatform("windows")]
[Trait("Platform", "Unix")]
public sealed class TenantIdentityTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("ra-tenant-").FullName;

    private string Tenant => Path.Combine(root, "tenant");

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void Open_WhatCreateMade_HasTheSameKeys()
    {
        using TenantIdentity made = TenantIdentity.Create(Tenant);
        using TenantIdentity opened = TenantIdentity.Open(Tenant);

        Assert.Equal(made.PublicKey.ToArray(), opened.PublicKey.ToArray());
        Assert.Equal(made.TechnicianKey.PublicKey.ToArray(), opened.TechnicianKey.PublicKey.ToArray());
        Assert.NotEqual(made.PublicKey.ToArray(), made.TechnicianKey.PublicKey.ToArray());
    }

    [Fact]
    public void Create_WhereKeysAre_NeverReplacesThem()
    {
        TenantIdentity.Create(Tenant).Dispose();

        Assert.Equal(StateError.NotWritable, Assert.Throws<StateException>(() => TenantIdentity.Create(Tenant)).Error);
    }

    [Theory]
    [InlineData("tenant.key")]
    [InlineData("technician.key")]
    [InlineData(".")]
    public void Open_KeyReadableByOthers_IsExposed(string entry)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Modes are a Unix matter.");
        TenantIdentity.Create(Tenant).Dispose();
        string path = Path.Combine(Tenant, entry);
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.OtherRead);

        Assert.Equal(StateError.Exposed, Assert.Throws<StateException>(() => TenantIdentity.Open(Tenant)).Error);
    }

    [Fact]
    public void Open_NoDirectoryOrNoKey_IsMissing()
    {
        Assert.Equal(StateError.Missing, Assert.Throws<StateException>(() => TenantIdentity.Open(Tenant)).Error);
        TenantIdentity.Create(Tenant).Dispose();
        File.Delete(Path.Combine(Tenant, "technician.key"));
        Assert.Equal(StateError.Missing, Assert.Throws<StateException>(() => TenantIdentity.Open(Tenant)).Error);
    }

    [Fact]
    public void IssueCertificate_Now_IsSignedForADay()
    {
        using TenantIdentity tenant = TenantIdentity.Create(Tenant);
        var now = new DateTimeOffset(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

        TechnicianCertificate certificate = tenant.IssueCertificate("Alex Tester", Operations.ViewScreen, now);

        Assert.True(certificate.IsSignedBy(tenant.PublicKey.Span));
        Assert.Equal(tenant.TechnicianKey.PublicKey.ToArray(), certificate.TechnicianKey.ToArray());
        Assert.Equal((now, now.AddHours(24), Operations.ViewScreen), (certificate.NotBefore, certificate.NotAfter, certificate.MaxOperations));
    }
}
