using System.Diagnostics;
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
        await using SessionDesktop desktop = Desktop(new HelperHome(), static () => null);
        await using TrustFlow trust = Open(service, desktop);
        await using SurfaceConnection surface = await WindowsSurfacePipe.ConnectAsync(service, CultureInfo.InvariantCulture, TestContext.Current.CancellationToken);

        await surface.DoAsync(new SurfaceAction.Block(null), TestContext.Current.CancellationToken);

        Assert.Equal("FRONTDESK", surface.Status.ComputerName);
        Assert.NotNull(surface.Status.BlockedUntil);
    }

    /// <summary>The same program under another name beside it, and under its own: what the listener sees of real processes.</summary>
    [Theory]
    [InlineData("stranger.exe", TestProgram.CutOff)]
    [InlineData(null, TestProgram.LetIn)]
    public async Task Connect_OfAnotherProgram_IsCutOffBeforeAByte(string? name, int expected)
    {
        string service = $"Test{Guid.NewGuid():N}", program = name is null ? Environment.ProcessPath! : Path.Combine(AppContext.BaseDirectory, name);
        if (name is not null) File.Copy(Environment.ProcessPath!, program, overwrite: true);
        await using SessionDesktop desktop = Desktop(new HelperHome(), static () => null);
        await using TrustFlow trust = Open(service, desktop);

        using Process caller = Process.Start(new ProcessStartInfo(program, [TestProgram.Caller, WindowsSurfacePipe.NameOf(service)]) { UseShellExecute = false })!;
        await caller.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Eventually.Limit, TestContext.Current.CancellationToken);

        Assert.Equal(expected, caller.ExitCode);
        if (name is not null) File.Delete(program);
    }

    /// <summary>A strip on the desktop of a session that the screen does not show is seen by nobody.</summary>
    [Fact]
    public async Task Strip_InASessionWithoutTheScreen_DoesNotCountAsSeen()
    {
        const int There = 77;
        int screen = There;
        HelperHome home = new();
        await using SessionDesktop desktop = Desktop(home, () => (uint)Volatile.Read(ref screen));
        await using TrustFlow trust = Open($"Test{Guid.NewGuid():N}", desktop);
        await using HelperInMemory helper = await HelperInMemory.StartAsync(home, new FakeSession { Strip = new FakeStrip { IsSeen = true } }, There);
        await Eventually.Is(() => trust.Surface.Presence!.UnseenFor(0) < SurfacePresence.StopsAfter, "the strip counts");

        Volatile.Write(ref screen, There + 1);
        await Eventually.Is(() => trust.Surface.Presence!.UnseenFor(0) >= SurfacePresence.StopsAfter, "it counts no more");

        Volatile.Write(ref screen, There);
        await Eventually.Is(() => trust.Surface.Presence!.UnseenFor(0) < SurfacePresence.StopsAfter, "it counts again");
    }

    [Fact]
    public async Task Connect_NoService_IsASentence()
    {
        SurfaceException failure = await Assert.ThrowsAsync<SurfaceException>(() => WindowsSurfacePipe.ConnectAsync($"Test{Guid.NewGuid():N}", CultureInfo.InvariantCulture));

        Assert.Contains("cannot be reached", failure.Message, StringComparison.Ordinal);
    }

    private static SessionDesktop Desktop(HelperHome home, Func<uint?> screen) =>
        new(home, new WindowsPower(null, static (_, _) => 0, static () => 0, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance), static _ => { }, screen, TimeProvider.System);

    private TrustFlow Open(string service, SessionDesktop desktop) =>
        TrustFlow.Open(new TrustOptions { StateDirectory = Path.Combine(folder, "state"), ComputerName = "FRONTDESK", Surface = WindowsSurfacePipe.Require(service, desktop) });
}
