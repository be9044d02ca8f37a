using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RemoteAccess.Picture;
using RemoteAccess.Sessions;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class AgentRegistrationTests : IDisposable
{
    private readonly string state = Directory.CreateTempSubdirectory("remoteaccess-registration-").FullName;

    public void Dispose() => Directory.Delete(state, recursive: true);

    [Fact]
    public async Task Host_StartedAndStopped_ListensInBetween()
    {
        var services = new ServiceCollection();
        int port = FreePort();
        services.AddRemoteAccessAgent(agent => agent
            .UseVirtualDesktop()
            .KeepStateIn(Path.Combine(state, "agent"))
            .ListenOn(new IPEndPoint(IPAddress.Loopback, port)));
        await using ServiceProvider provider = services.BuildServiceProvider();
        IHostedService service = Assert.Single(provider.GetServices<IHostedService>());

        await service.StartAsync(TestContext.Current.CancellationToken);
        await using (var link = await RemoteAccess.Transport.TcpLink.ConnectAsync("127.0.0.1", port, TestContext.Current.CancellationToken))
        {
            Assert.Empty(provider.GetRequiredService<TrustFlow>().Grants);
            Assert.Empty(provider.GetRequiredService<RemoteAccessAgent>().Sessions);
        }

        await service.StopAsync(TestContext.Current.CancellationToken);
        AssertFree(port);
    }

    /// <summary>The host may stop before the thread pool has come to the service's task: a busy machine, or a start that another service fails.</summary>
    [Fact]
    public async Task Host_StoppedAtOnce_ListensNoMore()
    {
        for (int round = 0; round < 50; round++)
        {
            var services = new ServiceCollection();
            int port = FreePort();
            services.AddRemoteAccessAgent(agent => agent
                .UseVirtualDesktop()
                .KeepStateIn(Path.Combine(state, "agent"))
                .ListenOn(new IPEndPoint(IPAddress.Loopback, port)));
            await using ServiceProvider provider = services.BuildServiceProvider();
            IHostedService service = Assert.Single(provider.GetServices<IHostedService>());

            await service.StartAsync(TestContext.Current.CancellationToken);
            await service.StopAsync(TestContext.Current.CancellationToken);

            AssertFree(port);
        }
    }

    [Theory]
    [InlineData("KeepStateIn", false, true, true)]
    [InlineData("ListenOn", true, false, true)]
    [InlineData("UseX11", true, true, false)]
    public void AddRemoteAccessAgent_SettingMissing_NamesTheCallThatGivesIt(string named, bool state, bool listen, bool desktop)
    {
        var services = new ServiceCollection();
        var error = Assert.Throws<InvalidOperationException>(() => services.AddRemoteAccessAgent(agent =>
        {
            if (state) agent.KeepStateIn(this.state);
            if (listen) agent.ListenOn(new IPEndPoint(IPAddress.Loopback, 0));
            if (desktop) agent.UseVirtualDesktop();
        }));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_ScreenWithAPersonAndNothingChosen_DoesNotStartAndSaysWhatToCall()
    {
        await using ServiceProvider provider = WithAPerson(agent => agent);

        var error = Assert.Throws<InvalidOperationException>(() => provider.GetServices<IHostedService>().ToList());

        Assert.All(["RequireSurface()", "X11Surface", "ShowSessionsByHostApplication()"], word => Assert.Contains(word, error.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Host_ScreenWithAPersonAndAChoice_Starts(bool isRequired)
    {
        if (isRequired) Assert.SkipUnless(OperatingSystem.IsLinux(), "A surface can be required on Linux only.");
        await using ServiceProvider provider = WithAPerson(agent => isRequired ? agent.RequireSurface() : agent.ShowSessionsByHostApplication());
        IHostedService service = Assert.Single(provider.GetServices<IHostedService>());

        await service.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal(isRequired, File.Exists(Path.Combine(state, "agent", "surface")));
        await service.StopAsync(TestContext.Current.CancellationToken);
    }

    private ServiceProvider WithAPerson(Func<RemoteAccessAgentBuilder, RemoteAccessAgentBuilder> choose)
    {
        var services = new ServiceCollection();
        services.AddRemoteAccessAgent(agent => choose(agent).UseDesktop(_ => new ScreenOfAPerson()).KeepStateIn(Path.Combine(state, "agent")).ListenOn(new IPEndPoint(IPAddress.Loopback, 0)));
        return services.BuildServiceProvider();
    }

    /// <summary>A platform's desktop that says nothing of who sits before it.</summary>
    private sealed class ScreenOfAPerson : IDesktop
    {
        private readonly VirtualDesktop drawn = new();

        public TimeSpan PhysicalIdleTime => drawn.PhysicalIdleTime;

        public ValueTask<IScreenCapture> OpenCaptureAsync(OperationPermit permit, CancellationToken cancellationToken) => drawn.OpenCaptureAsync(permit, cancellationToken);

        public ValueTask<IInputInjector> OpenInputAsync(OperationPermit permit, CancellationToken cancellationToken) => drawn.OpenInputAsync(permit, cancellationToken);

        public ValueTask DisposeAsync() => drawn.DisposeAsync();
    }

    /// <summary>Binds the port. A connection would prove nothing: one from the very port that nobody listens on reaches itself.</summary>
    private static void AssertFree(int port)
    {
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, port);
        probe.Start();
    }

    private static int FreePort()
    {
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
