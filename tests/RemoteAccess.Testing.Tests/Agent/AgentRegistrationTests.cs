using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
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
