using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RemoteAccess.Picture;
using RemoteAccess.Sessions;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>What a <see cref="Helpdesk"/> is made with.</summary>
internal sealed record HelpdeskSetup
{
    public PixelSize Size { get; init; } = new(640, 400);

    public bool IsBlank { get; init; } = true;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Agent and desktop read one clock, as they do outside tests; else the desktop's stands still.</summary>
    public bool HasOneClock { get; init; }

    public TimeSpan GrantLasts { get; init; } = TimeSpan.FromDays(30);

    public GrantPolicy Policy { get; init; } = new();

    public IAccountCheck? AccountCheck { get; init; }

    public CredentialFilling? Filling { get; init; }

    /// <summary>Where the customer reads and answers.</summary>
    public RemoteAccess.Sessions.ICustomerChat? Chat { get; init; }

    /// <summary>How long nobody has touched the computer.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Gets all that agent and viewer log; default: nowhere.</summary>
    public ILoggerFactory Logging { get; init; } = NullLoggerFactory.Instance;

    public Operations Operations { get; init; } = Operations.ViewScreen | Operations.ControlInput;

    /// <summary>What shows prompts; null when nobody can be asked.</summary>
    public IConsentPrompt? Person { get; init; }

    /// <summary>What of the computer's disk technicians see.</summary>
    public FileSharing Sharing { get; init; } = new();

    /// <summary>Whether and how programs may be run.</summary>
    public CommandOptions? Commands { get; init; } = new();

    /// <summary>How long a session's end waits for its tools.</summary>
    public TimeSpan LastWords { get; init; } = SessionTools.LastWords;

    /// <summary>What the agent itself demands, as opposed to other processes of the customer.</summary>
    public SurfaceRequirement? Surface { get; init; }
}

/// <summary>
/// A computer with a virtual desktop, its customer's trust store in a temporary directory, its agent, and a technician who has a grant and its
/// code. Everything is the product's own; what a test connects runs the real handshake.
/// </summary>
internal sealed class Helpdesk : IAsyncDisposable
{
    /// <summary>Of fixed bytes instead of a stretched code: the handshake sees no difference, and no test pays for scrypt.</summary>
    public static readonly AccessSecret Code = AccessSecret.FromStretched([.. Enumerable.Range(1, 80).Select(static value => (byte)value)]);

    public static readonly AccessSecret WrongCode = AccessSecret.FromStretched([.. Enumerable.Range(2, 80).Select(static value => (byte)value)]);

    private static readonly OnSiteConsent Consent = new()
    {
        Statement = "Contoso may look after this computer when nobody is here, until I say stop.",
        ConsentedBy = "Erika Mustermann",
        Method = ConsentMethod.OnSiteVerbal,
    };

    private readonly string root = Directory.CreateTempSubdirectory("ra-e2e-").FullName;
    private readonly CustomerPresence? presence;
    private readonly CancellationTokenSource stop = new();
    private readonly HelpdeskSetup setup;
    private readonly List<Visit> visits = [];
    private TenantIdentity? other;
    private Grant? grant;

    private Helpdesk(HelpdeskSetup setup)
    {
        this.setup = setup;
        presence = setup.Person is null ? null : new CustomerPresence { Desk = new ConsentDesk(setup.Person, setup.Time), IdleTime = () => setup.Idle, Name = "Erika Mustermann" };
        Tenant = TenantIdentity.Create(Path.Combine(root, "tenant"));
        Trust = OpenTrust(setup.Surface);
        Desktop = new VirtualDesktop(new VirtualDesktopOptions { Size = setup.Size, IsBlank = setup.IsBlank, TimeProvider = setup.HasOneClock ? setup.Time : new FakeTime() });
        Agent = new RemoteAccessAgent(Trust, Desktop, setup.Time, setup.Logging.CreateLogger<RemoteAccessAgent>()) { Sharing = setup.Sharing, Commands = setup.Commands };
        Viewer = new RemoteAccessViewer(Tenant.TechnicianKey, Certificate, setup.Time, setup.Logging.CreateLogger<RemoteAccessViewer>());
    }

    /// <summary>The directory with the computer's state.</summary>
    public string State => Path.Combine(root, "state");

    public TenantIdentity Tenant { get; }

    public TrustFlow Trust { get; private set; }

    /// <summary>Its clock stands still, so that nothing on it changes but by the test.</summary>
    public VirtualDesktop Desktop { get; }

    public RemoteAccessAgent Agent { get; private set; }

    public RemoteAccessViewer Viewer { get; }

    public Grant Grant => grant ?? throw new InvalidOperationException("No grant was made.");

    public TimeProvider Time => setup.Time;

    public RemoteAccess.Sessions.ICustomerChat? Chat => setup.Chat;

    /// <summary>Where this computer's person is asked; null when nobody can be.</summary>
    public ConsentDesk? PromptDesk => presence?.Desk;

    public TechnicianCertificate Certificate => Tenant.IssueCertificate("Alex Tester", Operations.All, setup.Time.GetUtcNow());

    /// <summary>Ends what a test waits for in vain.</summary>
    public static CancellationToken Limit() => CancellationTokenSource.CreateLinkedTokenSource(
        TestContext.Current.CancellationToken, new CancellationTokenSource(Eventually.Limit).Token).Token;

    public static async Task<Helpdesk> OpenAsync(HelpdeskSetup? setup = null)
    {
        var desk = new Helpdesk(setup ?? new HelpdeskSetup());
        var terms = new GrantTerms { Operations = desk.setup.Operations, NotAfter = desk.Time.GetUtcNow() + desk.setup.GrantLasts, Policy = desk.setup.Policy };
        desk.grant = await desk.GrantAsync(desk.Tenant, terms, "Contoso:Front desk:Erika");
        return desk;
    }

    /// <summary>A technician of another tenant, connected under that tenant's own grant.</summary>
    public async Task<(Visit Visit, Grant Grant)> ConnectOtherTenantAsync(string technician)
    {
        other ??= TenantIdentity.Create(Path.Combine(root, "other-tenant"));
        Grant theirs = await GrantAsync(other, new GrantTerms { Operations = setup.Operations, NotAfter = Time.GetUtcNow() + setup.GrantLasts, Policy = setup.Policy }, "Fabrikam:Till 2");
        var viewer = new RemoteAccessViewer(other.TechnicianKey, other.IssueCertificate(technician, Operations.All, Time.GetUtcNow()), Time);
        return (await ConnectAsync(under: theirs, viewer: viewer), theirs);
    }

    public string WitnessDirectory => Path.Combine(root, "witness");

    public string LedgerDirectory => Path.Combine(root, "state", "ledger");

    public WitnessStore OpenWitness() => WitnessStore.Open(WitnessDirectory, Tenant.TechnicianKey, setup.Time);

    /// <summary>What the technician's side keeps of this computer's ledger.</summary>
    public string KeptCheckpoint() => File.ReadAllText(Assert.Single(Directory.GetFiles(Path.Combine(WitnessDirectory, "computers"))));

    /// <summary>A copy of the ledger's directory as it is now.</summary>
    public string CopyLedger()
    {
        string copy = Directory.CreateDirectory(Path.Combine(root, $"copy-{Guid.NewGuid():N}")).FullName;
        // The lock has nothing in it, and whoever appends holds it.
        foreach (string file in Directory.GetFiles(LedgerDirectory).Where(static file => Path.GetFileName(file) != LedgerFiles.Lock)) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        return copy;
    }

    /// <summary>Ends the agent, does something to its files, and starts it again.</summary>
    public async Task RestartAsync(Action meanwhile)
    {
        await Trust.DisposeAsync();
        meanwhile();
        Trust = OpenTrust();
        Agent = new RemoteAccessAgent(Trust, Desktop, setup.Time) { Commands = setup.Commands };
    }

    /// <summary>What an administrator with a backup can do.</summary>
    public void RestoreLedger(string copy)
    {
        foreach (string file in Directory.GetFiles(LedgerDirectory)) File.Delete(file);
        foreach (string file in Directory.GetFiles(copy)) File.Copy(file, Path.Combine(LedgerDirectory, Path.GetFileName(file)));
    }

    /// <summary>The same trust store once more, as another process of the customer has it.</summary>
    public TrustFlow OpenTrust(SurfaceRequirement? surface = null) => TrustFlow.Open(new TrustOptions
    {
        StateDirectory = State, ComputerName = "FRONTDESK", TimeProvider = setup.Time, Presence = presence, AccountCheck = setup.AccountCheck, Filling = setup.Filling, Chat = setup.Chat, Surface = surface,
        LastWords = setup.LastWords,
        Logger = setup.Logging.CreateLogger<TrustFlow>(),
    });

    /// <summary>Connects over memory, or over a bad network whose sending side is the technician's.</summary>
    public async Task<Visit> ConnectAsync(ConnectOptions? options = null, BadNetworkOptions? network = null, AccessSecret? code = null, Grant? under = null, RemoteAccessViewer? viewer = null)
    {
        (ILink near, ILink far) = network is null ? Plain() : BadNetworkLink.CreatePair(network, setup.Time);
        Task serving = Serve(far);
        try
        {
            RemoteSession session = await (viewer ?? Viewer).ConnectAsync(near, under ?? Grant, code ?? Code, options, Limit());
            var visit = new Visit(session, serving, near as BadNetworkLink);
            visits.Add(visit);
            return visit;
        }
        catch
        {
            await serving.WaitAsync(Limit());
            throw;
        }

        static (ILink, ILink) Plain()
        {
            (MemoryLink one, MemoryLink other) = MemoryLink.CreatePair();
            return (one, other);
        }
    }

    public Task Serve(ILink link) => Task.Run(() => Agent.ServeAsync(link, stop.Token));

    public IReadOnlyList<LedgerEntry> History(string type) => [.. Trust.ReadHistory().Where(entry => entry.Type == type)];

    /// <summary>Fills a part of the blank desktop with pixels of chance.</summary>
    public void DrawNoise(Random random, PixelRect area)
    {
        byte[] pixels = new byte[area.Area * 4];
        random.NextBytes(pixels);
        Desktop.Draw(area, pixels);
    }

    public void AssertNothingIsHeld()
    {
        Assert.Empty(Desktop.PressedKeys);
        Assert.Empty(Desktop.PressedButtons);
    }

    public void AssertLedgerIsWhole()
    {
        LedgerVerification verification = Trust.VerifyLedger();
        Assert.True(verification.Ok, verification.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Visit visit in visits) await visit.DisposeAsync();
        await stop.CancelAsync();
        foreach (Visit visit in visits) await visit.Serving.WaitAsync(TimeSpan.FromSeconds(30));
        await Trust.DisposeAsync();
        await Desktop.DisposeAsync();
        Tenant.Dispose();
        other?.Dispose();
        stop.Dispose();
        Directory.Delete(root, recursive: true);
    }

    private async Task<Grant> GrantAsync(TenantIdentity tenant, GrantTerms terms, string nickname)
    {
        Grant made = tenant.Countersign(Trust.DraftOnSiteGrant(terms, Consent, tenant.PublicKey.Span));
        using AccessVerifier verifier = Code.ToVerifier();
        Assert.Equal(InstallOutcome.Installed, await Trust.InstallAsync(made, verifier, nickname, Consent, Limit()));
        return made;
    }
}
