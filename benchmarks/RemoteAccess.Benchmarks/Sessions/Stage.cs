using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Benchmarks;

/// <summary>A computer with its trust on the disk, a tenant with a technician, a grant and its stretched code, in a temporary directory.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private static readonly OnSiteConsent Consent = new()
    {
        Statement = "A benchmark may use this computer.",
        ConsentedBy = "Nobody (benchmark)",
        Method = ConsentMethod.OnSiteVerbal,
    };

    private Stage(string directory, TenantIdentity tenant, TrustFlow trust, Grant grant, AccessCode code, AccessSecret secret, AccessVerifier verifier)
    {
        Folder = directory;
        Tenant = tenant;
        Trust = trust;
        Grant = grant;
        Code = code;
        Secret = secret;
        Verifier = verifier;
        Certificate = tenant.IssueCertificate("Benchmark", Operations.All, TimeProvider.System.GetUtcNow());
    }

    public string Folder { get; }

    public TenantIdentity Tenant { get; }

    public TrustFlow Trust { get; }

    public Grant Grant { get; }

    public AccessCode Code { get; }

    public AccessSecret Secret { get; }

    public AccessVerifier Verifier { get; }

    public TechnicianCertificate Certificate { get; }

    public TechnicianParty Technician => new()
    {
        Grant = Grant,
        SigningKey = Tenant.TechnicianKey,
        Certificate = Certificate,
        Secret = Secret,
        Wanted = Operations.ViewScreen | Operations.ControlInput,
        Reason = "Benchmark",
        Time = TimeProvider.System,
    };

    public static async Task<Stage> SetAsync(SurfaceRequirement? surface = null)
    {
        string directory = Directory.CreateTempSubdirectory("remoteaccess-bench-").FullName;
        TenantIdentity tenant = TenantIdentity.Create(Path.Combine(directory, "tenant"));
        TrustFlow trust = TrustFlow.Open(new TrustOptions { StateDirectory = Path.Combine(directory, "state"), Surface = surface });
        var terms = new GrantTerms { Operations = Operations.ViewScreen | Operations.ControlInput, NotAfter = TimeProvider.System.GetUtcNow().AddDays(1) };
        Grant grant = tenant.Countersign(trust.DraftOnSiteGrant(terms, Consent, tenant.PublicKey.Span));
        AccessCode code = AccessCode.Generate();
        AccessSecret secret = code.MakeSecret(grant);
        AccessVerifier verifier = secret.ToVerifier();
        InstallOutcome outcome = await trust.InstallAsync(grant, verifier, "Benchmark:Desk:Nobody", Consent, CancellationToken.None);
        if (outcome != InstallOutcome.Installed) throw new InvalidOperationException($"The grant was not installed: {outcome}.");
        return new Stage(directory, tenant, trust, grant, code, secret, verifier);
    }

    public async ValueTask DisposeAsync()
    {
        await Trust.DisposeAsync();
        Secret.Dispose();
        Verifier.Dispose();
        Code.Dispose();
        Tenant.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
