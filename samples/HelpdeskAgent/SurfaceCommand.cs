using System.CommandLine;
using RemoteAccess;
using RemoteAccess.Trust;

namespace HelpdeskAgent;

/// <summary><c>surface</c>: what the customer sees and can do, with a made-up agent behind it. Nothing that is pressed there has an effect elsewhere.</summary>
internal static class SurfaceCommand
{
    private static readonly Option<bool> Demo = new("--demo") { Description = "Says that this is a demonstration.", Required = true };
    private static readonly Option<string?> Language = new("--lang") { Description = "Language, as in de or ja-JP. Default: that of the system.", HelpName = "LANG" };
    private static readonly Option<string?> Display = new("--display") { Description = "X display. Default: $DISPLAY.", HelpName = "NAME" };
    private static readonly Option<double?> Scale = new("--scale") { Description = "Size of everything, 1 to 3. Default: the desktop's.", HelpName = "N" };
    private static readonly Option<bool> HighContrast = new("--high-contrast") { Description = "White on black." };
    private static readonly Option<DirectoryInfo?> Reports = new("--reports") { Description = "Where reports are saved. Default: the folder for documents.", HelpName = "DIR" };

    public static Command Create()
    {
        var command = new Command("surface", "Show the customer's surface with a made-up session until Ctrl+C.") { Demo, Language, Display, Scale, HighContrast, Reports };
        command.Validators.Add(result =>
        {
            if (!result.GetValue(Demo)) result.AddError("This command only demonstrates. Say --demo.");
        });
        command.SetAction((result, cancellationToken) => Complaint.Guard(() => ShowAsync(result, cancellationToken)));
        return command;
    }

    private static async Task<int> ShowAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        string tour = Path.Combine(Path.GetTempPath(), $"remoteaccess-demo-tour-{Environment.ProcessId}");
        try
        {
            var surface = new X11Surface(new X11SurfaceOptions
            {
                Display = arguments.GetValue(Display),
                Scale = arguments.GetValue(Scale),
                HighContrast = arguments.GetValue(HighContrast) ? true : null,
                Culture = PromptCommand.Culture(arguments.GetValue(Language)),
                ReportFolder = arguments.GetValue(Reports)?.FullName,
                TourFile = tour,
                OpenWindow = true,
            });
            await using ISurfaceAgent agent = new DemoSurfaceAgent(TimeProvider.System);
            await surface.RunAsync(agent, cancellationToken);
        }
        finally
        {
            File.Delete(tour);
        }

        return 0;
    }
}
