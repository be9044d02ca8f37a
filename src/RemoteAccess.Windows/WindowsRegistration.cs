using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>Makes the Windows session of this process the desktop of a host application's agent.</summary>
public static class WindowsRegistration
{
    /// <summary>Shares the screen, keyboard and mouse of the session this process runs in, and asks the person there by a window on it, unless <see cref="RemoteAccessAgentBuilder.AskForConsentWith"/> says otherwise. Credentials are checked by Windows, and stored passwords sealed with DPAPI; nothing fills them in unless <see cref="RemoteAccessAgentBuilder.FillCredentialsWith"/> brings it. The desktop is opened when the host starts, which fails with a <see cref="DesktopException"/> when there is none.</summary>
    /// <param name="agent">The agent being set up.</param>
    /// <param name="options">Default: everything as <see cref="WindowsOptions"/> says, on the host's clock and with the host's log.</param>
    public static RemoteAccessAgentBuilder UseWindows(this RemoteAccessAgentBuilder agent, WindowsOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(agent);
        agent.Services.TryAddSingleton<IConsentPrompt>(services => new WindowsConsentPrompt(new WindowsConsentPromptOptions { TimeProvider = services.GetRequiredService<TimeProvider>() }));
        agent.Services.TryAddSingleton<IAccountCheck>(static _ => new WindowsAccountCheck());
        agent.Services.TryAddSingleton(static _ => new CredentialFilling { Sealer = new DpapiSealer(), Screen = new WindowsLogonScreen(), Prompt = new WindowsCredentialEnrolment() });
        return agent.UseDesktop(services => WindowsDesktop.Open(options ?? new WindowsOptions
        {
            TimeProvider = services.GetRequiredService<TimeProvider>(),
            Logger = services.GetService<ILogger<WindowsDesktop>>() ?? NullLogger<WindowsDesktop>.Instance,
        }));
    }
}
