using System.Security.Cryptography;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>A computer and a tenant in a temporary directory, with a clock that stands still. The ledger and the disk are real.</summary>
internal sealed class TrustFixture : IAsyncDisposable
{
    public static readonly OnSiteConsent Consent = new()
    {
        Statement = "Contoso may look after this computer when nobody is here.\nUntil I say stop.",
        ConsentedBy = "Erika Mustermann",
        Method = ConsentMethod.OnSiteWritten,
    };

    private readonly List<TrustFlow> opened = [];

    public TrustFixture()
    {
        Root = Directory.CreateTempSubdirectory("ra-trust-").FullName;
        Tenant = TenantIdentity.Create(Path.Combine(Root, "tenant"));
    }

    public string Root { get; }

    public string State => Path.Combine(Root, "state");

    public FakeTime Time { get; init; } = new(new DateTimeOffset(2026, 3, 2, 10, 0, 0, TimeSpan.Zero));

    public Guid Boot { get; set; } = new("11111111-1111-1111-1111-111111111111");

    public TenantIdentity Tenant { get; }

    public TrustOptions Options => new() { StateDirectory = State, ComputerName = "FRONTDESK", TimeProvider = Time, Boot = Boot };

    public TrustFlow Open(CustomerPresence? presence = null, IAccountCheck? accounts = null) => Open(Options with { Presence = presence, AccountCheck = accounts });

    public TrustFlow Open(TrustOptions options)
    {
        TrustFlow trust = TrustFlow.Open(options);
        opened.Add(trust);
        return trust;
    }

    public GrantTerms Terms(Operations operations = Operations.ViewScreen | Operations.ControlInput, GrantPolicy? policy = null) =>
        new() { Operations = operations, NotAfter = Time.GetUtcNow().AddDays(30), Policy = policy ?? new GrantPolicy() };

    public async Task<Grant> GrantAsync(TrustFlow trust, GrantTerms? terms = null, TenantIdentity? tenant = null)
    {
        tenant ??= Tenant;
        Grant grant = tenant.Countersign(trust.DraftOnSiteGrant(terms ?? Terms(), Consent, tenant.PublicKey.Span));
        using AccessVerifier verifier = AnyVerifier();
        Assert.Equal(InstallOutcome.Installed, await trust.InstallAsync(grant, verifier, "Contoso:Frontdesk:Erika", Consent, TestContext.Current.CancellationToken));
        return grant;
    }

    public ConnectRequest Request(Grant grant, Operations wanted = Operations.ViewScreen, TenantIdentity? tenant = null) => new()
    {
        Certificate = (tenant ?? Tenant).IssueCertificate("Alex Tester", Operations.All, Time.GetUtcNow()),
        GrantId = grant.Id,
        GrantDigest = grant.Digest,
        Wanted = wanted,
        Reason = "Ticket 4711",
        ResumeToken = default,
        Suite = 1,
        Peer = "memory",
    };

    /// <summary>A verifier of a code that nobody knows: trust only keeps it.</summary>
    public static AccessVerifier AnyVerifier()
    {
        byte[] w0 = RandomNumberGenerator.GetBytes(32);
        w0[0] = 1;
        using EcdsaSigningKey point = EcdsaSigningKey.Create();
        return AccessVerifier.TryCreate(w0, point.PublicKey) ?? throw new InvalidOperationException("Not a verifier.");
    }

    public static async Task<LiveSession> ConnectAsync(TrustFlow trust, ConnectRequest request)
    {
        AccessGate gate = trust.Gate;
        PakeAdmission admission = await gate.AdmitAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(RefusalReason.None, admission.Refusal);
        SessionDecision decision = await gate.AcceptAsync(admission, RandomNumberGenerator.GetBytes(16), TestContext.Current.CancellationToken);
        Assert.Equal(RefusalReason.None, decision.Refusal);
        return decision.Session ?? throw new InvalidOperationException("Accepted without a session.");
    }

    /// <summary>A guess that turns out wrong.</summary>
    public static async Task FailAsync(TrustFlow trust, ConnectRequest request)
    {
        AccessGate gate = trust.Gate;
        PakeAdmission admission = await gate.AdmitAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(RefusalReason.None, admission.Refusal);
        await gate.AbandonAsync(admission, TestContext.Current.CancellationToken);
    }

    public static Task<PakeAdmission> AdmitAsync(TrustFlow trust, ConnectRequest request) =>
        trust.Gate.AdmitAsync(request, TestContext.Current.CancellationToken).AsTask();

    public string GrantDirectory(Grant grant) => Path.Combine(State, "grants", Convert.ToHexStringLower(grant.Id.Span));

    public static IReadOnlyList<LedgerEntry> History(TrustFlow trust, string? type = null) => [.. trust.ReadHistory().Where(entry => type is null || entry.Type == type)];

    /// <summary>Waits in real time, long enough for any machine, for what follows from a clock that the test has moved.</summary>
    public static async Task<T> EventuallyAsync<T>(Func<T?> read)
        where T : class
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(2));
        while (true)
        {
            if (read() is { } value) return value;
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    /// <summary>Waits for the session's end in real time: the clock that the session sees is moved by the test.</summary>
    public static async Task<RefusalReason> EndOfAsync(LiveSession session)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = session.Ended.Register(ended.SetResult);
        await ended.Task.WaitAsync(TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken);
        return session.EndReason;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (TrustFlow trust in opened) await trust.DisposeAsync();
        Tenant.Dispose();
        Directory.Delete(Root, recursive: true);
    }
}
