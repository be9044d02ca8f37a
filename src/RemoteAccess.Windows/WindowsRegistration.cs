using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace RemoteAccess;

/// <summary>Makes the Windows session of this process the desktop of a host application's agent.</summary>
public static class WindowsRegistration
{
    /// <summary>Shares the screen, keyboard and mouse of the session this process runs in. The desktop is opened when the host starts, which fails with a <see cref="DesktopException"/> when there is none.</summary>
    /// <param name="agent">The agent being set up.</param>
    /// <param name="options">Default: everything as <see cref="WindowsOptions"/> says, on the host's clock and with the host's log.</param>
    public static RemoteAccessAgentBuilder UseWindows(this RemoteAccessAgentBuilder agent, WindowsOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(agent);
        return agent.UseDesktop(services => WindowsDesktop.Open(options ?? new WindowsOptions
        {
            TimeProvider = services.GetRequiredService<TimeProvider>(),
            Logger = services.GetService<ILogger<WindowsDesktop>>() ?? NullLogger<WindowsDesktop>.Instance,
        }));
    }
}
