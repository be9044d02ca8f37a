using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>Makes an X11 display the desktop of a host application's agent.</summary>
public static class X11Registration
{
    /// <summary>Shares an X11 display, and asks the person there by a window on it, unless <see cref="RemoteAccessAgentBuilder.AskForConsentWith"/> says otherwise; has credentials checked by PAM, unless <see cref="RemoteAccessAgentBuilder.CheckAccountsWith"/> does. The display is opened when the host starts, which fails with a <see cref="DesktopException"/> when there is none.</summary>
    /// <param name="agent">The agent being set up.</param>
    /// <param name="options">Which display; default: <c>$DISPLAY</c>, on the host's clock.</param>
    public static RemoteAccessAgentBuilder UseX11(this RemoteAccessAgentBuilder agent, X11Options? options = null)
    {
        ArgumentNullException.ThrowIfNull(agent);
        agent.Services.TryAddSingleton<IConsentPrompt>(services => new X11ConsentPrompt(new X11ConsentPromptOptions { Display = options?.Display, TimeProvider = services.GetRequiredService<TimeProvider>() }));
        agent.Services.TryAddSingleton<IAccountCheck>(services => new PamAccountCheck(new PamAccountCheckOptions { Logger = services.GetService<ILogger<PamAccountCheck>>() ?? NullLogger<PamAccountCheck>.Instance }));
        return agent.UseDesktop(services => X11Desktop.Open(options ?? new X11Options { TimeProvider = services.GetRequiredService<TimeProvider>(), Logger = services.GetService<ILogger<X11Desktop>>() ?? NullLogger<X11Desktop>.Instance }));
    }
}
