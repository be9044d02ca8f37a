using System.Globalization;
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
        : X11Desktop.Open(new X11Options { Display = display, Logger = logging.CreateLogger<X11Desktop>() });

    /// <summary>The window in which the person is asked.</summary>
    public static IConsentPrompt OpenPrompt(string? display, double? scale = null, bool? highContrast = null) => OperatingSystem.IsWindows()
        ? new WindowsConsentPrompt(new WindowsConsentPromptOptions { Scale = scale, HighContrast = highContrast })
        : new X11ConsentPrompt(new X11ConsentPromptOptions { Display = display, Scale = scale, HighContrast = highContrast });

    public static IAccountCheck OpenAccountCheck(ILoggerFactory logging) => OperatingSystem.IsWindows()
        ? new WindowsAccountCheck()
        : new PamAccountCheck(new PamAccountCheckOptions { Logger = logging.CreateLogger<PamAccountCheck>() });

    /// <summary>What keeps passwords for fill-in; null where this sample has nothing that does.</summary>
    public static CredentialFilling? OpenFilling() => OperatingSystem.IsWindows()
        ? new CredentialFilling { Sealer = new DpapiSealer(), Screen = new WindowsLogonScreen(), Prompt = new WindowsCredentialEnrolment() }
        : null;

    /// <summary>Shows the customer's surface, for one agent or, with <paramref name="stay"/>, for one after another.</summary>
    public static Task ShowSurfaceAsync(SurfaceLook look, Func<CancellationToken, Task<ISurfaceAgent>> connect, bool stay, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsWindows())
        {
            var x11 = new X11Surface(new X11SurfaceOptions
            {
                Display = look.Display, Scale = look.Scale, HighContrast = look.HighContrast, Culture = look.Culture, ReportFolder = look.ReportFolder, TourFile = look.TourFile, OpenWindow = look.OpenWindow,
            });
            return stay ? x11.RunAsync(connect, cancellationToken) : ShowOneAsync(connect, x11.RunAsync, cancellationToken);
        }
        var windows = new WindowsSurface(new WindowsSurfaceOptions
        {
            Scale = look.Scale, HighContrast = look.HighContrast, Culture = look.Culture, ReportFolder = look.ReportFolder, TourFile = look.TourFile, OpenWindow = look.OpenWindow,
        });
        return stay ? windows.RunAsync(connect, cancellationToken) : ShowOneAsync(connect, windows.RunAsync, cancellationToken);
    }

    private static async Task ShowOneAsync(Func<CancellationToken, Task<ISurfaceAgent>> connect, Func<ISurfaceAgent, CancellationToken, Task> show, CancellationToken cancellationToken)
    {
        await using ISurfaceAgent agent = await connect(cancellationToken);
        await show(agent, cancellationToken);
    }
}

/// <summary>How the surface is shown; null is the system's own.</summary>
internal sealed record SurfaceLook(CultureInfo Culture)
{
    public string? Display { get; init; }

    public double? Scale { get; init; }

    public bool? HighContrast { get; init; }

    public string? ReportFolder { get; init; }

    public string? TourFile { get; init; }

    public bool OpenWindow { get; init; }
}
