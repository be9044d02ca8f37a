using System.Globalization;
using System.Net;
using RemoteAccess.Sessions;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>A technician's session over TCP with an agent on this very desktop; its own surface shows who is connected, when a test wants to see it.</summary>
internal sealed class WindowsVisit : IAsyncDisposable
{
    private static readonly AccessSecret Code = AccessSecret.FromStretched([.. Enumerable.Range(1, 80).Select(static value => (byte)value)]);

    private readonly string root = Directory.CreateTempSubdirectory("ra-visit-").FullName;
    private readonly CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
    private readonly TenantIdentity tenant;
    private readonly WindowsDesktop desktop;
    private SurfaceConnection? connection;
    private Task serving = Task.CompletedTask;

    private WindowsVisit(bool isShown)
    {
        tenant = TenantIdentity.Create(Path.Combine(root, "tenant"));
        Trust = TrustFlow.Open(new TrustOptions { StateDirectory = State, ComputerName = "FRONTDESK", Surface = isShown ? new SurfaceRequirement() : SurfaceRequirement.ShownByHostApplication });
        desktop = WindowsDesktop.Open(new WindowsOptions());
    }

    public string State => Path.Combine(root, "state");

    public TrustFlow Trust { get; }

    public Grant Grant { get; private set; } = null!;

    public IPEndPoint EndPoint { get; private set; } = null!;

    public RemoteSession Session { get; private set; } = null!;

    /// <summary>What the person sees and works with; only of a session that is shown.</summary>
    public SurfaceScene Scene { get; private set; } = null!;

    public LiveSession Live => Assert.Single(Trust.Gate.Sessions);

    public static async Task<WindowsVisit> ConnectAsync(Operations operations, bool isShown = false, params SharedFolder[] folders)
    {
        WindowsVisit visit = new(isShown);
        try
        {
            await visit.BeginAsync(operations, isShown, folders);
            return visit;
        }
        catch
        {
            await visit.DisposeAsync();
            throw;
        }
    }

    public IReadOnlyList<LedgerEntry> History(string type) => [.. Trust.ReadHistory().Where(entry => entry.Type == type)];

    /// <summary>Ended by the technician, and over at the computer too.</summary>
    public async Task HangUpAsync()
    {
        await Session.DisposeAsync();
        await Eventually.Is(() => !Trust.Gate.Sessions.Any(), "the session is over at the computer");
    }

    public async ValueTask DisposeAsync()
    {
        if (Session is not null) await Session.DisposeAsync();
        if (Scene is not null) await Scene.DisposeAsync();
        if (connection is not null) await connection.DisposeAsync();
        await stop.CancelAsync();
        await serving;
        await Trust.DisposeAsync();
        await desktop.DisposeAsync();
        tenant.Dispose();
        stop.Dispose();
        Directory.Delete(root, recursive: true);
    }

    private async Task BeginAsync(Operations operations, bool isShown, SharedFolder[] folders)
    {
        Grant = tenant.Countersign(Trust.DraftOnSiteGrant(new GrantTerms { Operations = operations, NotAfter = TimeProvider.System.GetUtcNow().AddDays(1), Policy = new GrantPolicy { Recording = RecordingRule.Allowed } }, TrustFixture.Consent, tenant.PublicKey.Span));
        using (AccessVerifier verifier = Code.ToVerifier()) Assert.Equal(InstallOutcome.Installed, await Trust.InstallAsync(Grant, verifier, "Contoso:Frontdesk:Erika", TrustFixture.Consent, stop.Token));
        RemoteAccessAgent agent = new(Trust, desktop) { Sharing = new FileSharing { Folders = folders, Reserve = 0 }, Commands = new CommandOptions() };
        TaskCompletionSource<IPEndPoint> listening = new();
        serving = agent.ListenAsync(new IPEndPoint(IPAddress.Loopback, 0), listening.SetResult, stop.Token);
        EndPoint = await listening.Task.WaitAsync(Eventually.Limit);
        if (isShown)
        {
            connection = await SurfaceConnection.OpenAsync(State, CultureInfo.GetCultureInfo("en-GB"), stop.Token);
            Scene = await SurfaceScene.OpenAsync(connection);
        }
        RemoteAccessViewer viewer = new(tenant.TechnicianKey, tenant.IssueCertificate("Alex Tester", Operations.All, TimeProvider.System.GetUtcNow()));
        while (Session is null)
        {
            try
            {
                Session = await viewer.ConnectAsync(await Transport.TcpLink.ConnectAsync(EndPoint, stop.Token), Grant, Code, new ConnectOptions { Operations = operations }, stop.Token);
            }
            catch (AccessRefusedException refused) when (refused.Reason == RefusalReason.SurfaceLost)
            {
                // Nobody gets in before the surface is there.
                await Task.Delay(50, stop.Token);
            }
        }
    }
}
