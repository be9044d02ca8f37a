using Microsoft.Extensions.DependencyInjection;

namespace RemoteAccess;

/// <summary>Makes a virtual desktop the desktop of a host application's agent.</summary>
public static class VirtualDesktopRegistration
{
    /// <summary>Shares a drawn desktop; inject <see cref="IDesktop"/> to look at it.</summary>
    /// <param name="agent">The agent being set up.</param>
    /// <param name="options">Size and clock; default: 1920×1080 on the host's clock.</param>
    public static RemoteAccessAgentBuilder UseVirtualDesktop(this RemoteAccessAgentBuilder agent, VirtualDesktopOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(agent);
        return agent.UseDesktop(services => new VirtualDesktop(options ?? new VirtualDesktopOptions { TimeProvider = services.GetRequiredService<TimeProvider>() }));
    }
}
