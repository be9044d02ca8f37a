using Microsoft.Extensions.Logging;
using RemoteAccess;
using RemoteAccess.Trust;

namespace HelpdeskAgent;

/// <summary>What the operating system decides: whose screen is shared, how the person before it is asked, and what checks accounts.</summary>
internal static class ThisComputer
{
    /// <summary>The X display for everything, or null: <c>$DISPLAY</c>. On Windows there is one screen, that of the session.</summary>
    /// <exception cref="ArgumentException">A display was named where there is none.</exception>
    public static string? CheckDisplay(string? display) => display is not null && OperatingSystem.IsWindows()
        ? throw new ArgumentException("--display names an X display; on Windows the screen of the session is shared. Leave it out.")
        : display;

    public static IDesktop OpenDesktop(string? display, ILoggerFactory logging) => OperatingSystem.IsWindows()
        ? WindowsDesktop.Open(new WindowsOptions { Logger = logging.CreateLogger<WindowsDesktop>() })
        : X11Desktop.Open(new X11Options { Display = display });

    /// <summary>The window in which the person is asked.</summary>
    public static IConsentPrompt OpenPrompt(string? display, double? scale = null, bool? highContrast = null) => OperatingSystem.IsWindows()
        ? new WindowsConsentPrompt(new WindowsConsentPromptOptions { Scale = scale, HighContrast = highContrast })
        : new X11ConsentPrompt(new X11ConsentPromptOptions { Display = display, Scale = scale, HighContrast = highContrast });

    /// <summary>Null where nothing can check them.</summary>
    public static IAccountCheck? OpenAccountCheck(ILoggerFactory logging) => OperatingSystem.IsLinux()
        ? new PamAccountCheck(new PamAccountCheckOptions { Logger = logging.CreateLogger<PamAccountCheck>() })
        : null;
}
