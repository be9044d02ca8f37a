using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RemoteAccess.Picture;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary><c>UseWindows()</c> in a host application, as a vendor writes it.</summary>
[Collection(OneDesktop.Name)]
public sealed class WindowsRegistrationTests
{
    [Fact]
    public async Task Host_WithUseWindows_ServesThisSessionsScreen()
    {
        string state = Path.Combine(Path.GetTempPath(), $"remoteaccess-host-{Guid.NewGuid():N}");
        var services = new ServiceCollection();
        services.AddRemoteAccessAgent(agent => agent.UseWindows().RequireSurface().KeepStateIn(state).ListenOn(new IPEndPoint(IPAddress.Loopback, 0)));
        try
        {
            await using (ServiceProvider host = services.BuildServiceProvider())
            {
                IHostedService service = Assert.Single(host.GetServices<IHostedService>());
                await service.StartAsync(TestContext.Current.CancellationToken);
                IDesktop desktop = host.GetRequiredService<IDesktop>();
                Assert.IsType<WindowsDesktop>(desktop);
                Assert.IsType<WindowsConsentPrompt>(host.GetRequiredService<IConsentPrompt>());
                Assert.IsType<WindowsAccountCheck>(host.GetRequiredService<IAccountCheck>());
                CredentialFilling filling = host.GetRequiredService<CredentialFilling>();
                Assert.IsType<DpapiSealer>(filling.Sealer);
                Assert.IsType<WindowsLogonScreen>(filling.Screen);
                Assert.IsType<WindowsCredentialEnrolment>(filling.Prompt);
                await using (IScreenCapture capture = await desktop.OpenCaptureAsync(TestPermit.ForView(), TestContext.Current.CancellationToken))
                {
                    using ScreenFrame frame = await capture.CaptureAsync(TestContext.Current.CancellationToken);
                    if (Wine.IsHere) Assert.Equal(0, FramePixels.CountDifferences((await XSide.DumpAsync()).Pixels, XSide.PixelsOf(frame)));
                }
                await service.StopAsync(TestContext.Current.CancellationToken);
            }
            Assert.NotEmpty(Directory.EnumerateFileSystemEntries(state));
        }
        finally
        {
            if (Directory.Exists(state)) Directory.Delete(state, recursive: true);
        }
    }
}
