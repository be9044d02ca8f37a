using System.Globalization;
using RemoteAccess.Picture;
using RemoteAccess.Sessions;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>Between a service and the customer's surface: who is let in, and that the two talk.</summary>
public sealed class WindowsSurfacePipeTests : IDisposable
{
    private const uint Screen = 2;

    private static readonly PipePeer Service = new(100, "S-1-5-18", 0, @"C:\Program Files\Contoso\agent.exe");
    private static readonly PipePeer Surface = new(200, "S-1-5-21-1-2-3-1001", (int)Screen, @"c:\program files\contoso\AGENT.EXE");

    private readonly string folder = Directory.CreateTempSubdirectory("ra-surface-pipe-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Guard_TheServicesOwnProgramInTheSessionWithTheScreen_IsLetIn() => Assert.Null(WindowsSurfacePipe.GuardFor(Service, static () => Screen).Refuse(Surface));

    [Fact]
    public void Guard_AnotherProgramOrAnotherSession_IsRefused()
    {
        PipeGuard guard = WindowsSurfacePipe.GuardFor(Service, static () => Screen);

        Assert.Contains("another program", guard.Refuse(Surface with { ImagePath = @"C:\Temp\agent.exe" }), StringComparison.Ordinal);
        Assert.Contains("another session", guard.Refuse(Surface with { SessionId = (int)Screen + 1 }), StringComparison.Ordinal);
        // The screen has gone to another session since.
        Assert.NotNull(WindowsSurfacePipe.GuardFor(Service, static () => Screen + 1).Refuse(Surface));
    }

    [Fact]
    public void Surface_APipeOfTheSystemOrOfAnAdministrator_IsTheServicesAndNoOtherIs()
    {
        Assert.Null(WindowsSurfacePipe.WhyNotTheService("S-1-5-18", null));
        Assert.Null(WindowsSurfacePipe.WhyNotTheService("S-1-5-32-544", null));
        Assert.NotNull(WindowsSurfacePipe.WhyNotTheService(Surface.Sid, null));
        // Its owner's word about a process that cannot be looked at, and a process of somebody else.
        Assert.NotNull(WindowsSurfacePipe.WhyNotTheService("S-1-5-32-545", null));
        Assert.NotNull(WindowsSurfacePipe.WhyNotTheService(Surface.Sid, Surface));
        Assert.Null(WindowsSurfacePipe.WhyNotTheService(Surface.Sid, PipePeer.OfThisProcess()));
    }

    [Fact]
    public async Task Connect_ToAnAgentThatRequiresIt_ShowsItsStatusAndActsUnderItsAccount()
    {
        string service = $"Test{Guid.NewGuid():N}";
        await using SessionDesktop desktop = new(new HelperHome(), new WindowsPower(null, static (_, _) => 0, static () => 0, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance), static _ => { }, static () => null, TimeProvider.System);
        await using TrustFlow trust = TrustFlow.Open(new TrustOptions { StateDirectory = Path.Combine(folder, "state"), ComputerName = "FRONTDESK", Surface = WindowsSurfacePipe.Require(service, desktop) });
        await using SurfaceConnection surface = await WindowsSurfacePipe.ConnectAsync(service, CultureInfo.InvariantCulture, TestContext.Current.CancellationToken);

        await surface.DoAsync(new SurfaceAction.Block(null), TestContext.Current.CancellationToken);

        Assert.Equal("FRONTDESK", surface.Status.ComputerName);
        Assert.NotNull(surface.Status.BlockedUntil);
    }

    [Fact]
    public async Task Connect_NoService_IsASentence()
    {
        SurfaceException failure = await Assert.ThrowsAsync<SurfaceException>(() => WindowsSurfacePipe.ConnectAsync($"Test{Guid.NewGuid():N}", CultureInfo.InvariantCulture));

        Assert.Contains("cannot be reached", failure.Message, StringComparison.Ordinal);
    }
}
