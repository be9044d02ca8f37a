using Microsoft.Extensions.DependencyInjection;

namespace RemoteAccess;

/// <summary>Makes an X11 display the desktop of a host application's agent.</summary>
public static class X11Registration
{
    /// <summary>Shares an X11 display. The display is opened when the host starts, which fails with a <see cref="DesktopException"/> when there is none.</summary>
    /// <param name="agent">The agent being set up.</param>
    /// <param name="options">Which display; default: <c>$DISPLAY</c>, on the host's clock.</param>
    public static RemoteAccessAgentBuilder UseX11(this RemoteAccessAgentBuilder agent, X11Options? options = null)
    {
        ArgumentNullException.ThrowIfNull(agent);
        return agent.UseDesktop(services => X11Desktop.Open(options ?? new X11Options { TimeProvider = services.GetRequiredService<TimeProvider>() }));
    }
}
