using System.CommandLine;
using System.Globalization;
using RemoteAccess;
using RemoteAccess.Trust;

namespace HelpdeskAgent;

/// <summary>
/// <c>surface</c>: what the customer sees and can do, a process of its own, which <c>run</c> starts, or a customer's log-on (<c>--stay</c>). With <c>--demo</c> a made-up agent is behind it, and
/// nothing that is pressed has an effect elsewhere.
/// </summary>
internal static class SurfaceCommand
{
    private static readonly Option<DirectoryInfo?> State = new("--state") { Description = "The state of the agent to show: the one that 'run' was given, or its default.", HelpName = "DIR" };
    private static readonly Option<bool> Service = new("--service") { Description = "Show what goes on with the agent that runs as a service (Windows); waits for it, and stays." };
    private static readonly Option<bool> Told = new("--until-told") { Description = "End when the line 'end' comes on standard input; for whoever starts this as a child." };
    private static readonly Option<bool> Demo = new("--demo") { Description = "Demonstrate with a made-up session instead." };
    private static readonly Option<bool> Stay = new("--stay") { Description = "Wait for the agent when it does not run, and stay when it is gone; for a surface that is started at log-on." };
    private static readonly Option<string?> Language = new("--lang") { Description = "Language, as in de or ja-JP. Default: that of the system.", HelpName = "LANG" };
    private static readonly Option<string?> Display = new("--display") { Description = "X display. Default: $DISPLAY.", HelpName = "NAME" };
    private static readonly Option<double?> Scale = new("--scale") { Description = "Size of everything, 1 to 3. Default: the desktop's.", HelpName = "N" };
    private static readonly Option<bool> HighContrast = new("--high-contrast") { Description = "White on black." };
    private static readonly Option<DirectoryInfo?> Reports = new("--reports") { Description = "Where reports are saved. Default: the folder for documents.", HelpName = "DIR" };

    public static Command Create()
    {
        var command = new Command("surface", "Show the customer who is connected, and let them act, until Ctrl+C or until the agent is gone.") { State, Service, Demo, Stay, Told, Language, Display, Scale, HighContrast, Reports };
        command.Validators.Add(result =>
        {
            if ((result.GetValue(Demo) ? 1 : 0) + (result.GetValue(Service) ? 1 : 0) + (result.GetResult(State) is not null ? 1 : 0) > 1) result.AddError("Name one of --state, --service and --demo.");
            if (result.GetValue(Service) && !OperatingSystem.IsWindows()) result.AddError("--service is for Windows; elsewhere name --state.");
            if (result.GetValue(Demo) && result.GetValue(Stay)) result.AddError("A demonstration has no agent to wait for; leave out --stay.");
        });
        command.SetAction((result, cancellationToken) => Complaint.Guard(() => ShowAsync(result, cancellationToken)));
        return command;
    }

    private static async Task<int> ShowAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        DirectoryInfo? state = arguments.GetValue(State);
        string? tour = arguments.GetValue(Demo) ? Path.Combine(Path.GetTempPath(), $"remoteaccess-demo-tour-{Environment.ProcessId}") : null;
        CultureInfo culture = PromptCommand.Culture(arguments.GetValue(Language));
        var look = new SurfaceLook(culture)
        {
            Display = ThisComputer.CheckDisplay(arguments.GetValue(Display)),
            Scale = arguments.GetValue(Scale),
            HighContrast = arguments.GetValue(HighContrast) ? true : null,
            ReportFolder = arguments.GetValue(Reports)?.FullName,
            TourFile = tour,
            OpenWindow = arguments.GetValue(Demo),
        };
        using var told = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        bool isChild = arguments.GetValue(Told), stays = arguments.GetValue(Stay) || arguments.GetValue(Service);
        var parents = new ParentsAgent(FindAsync, told, TimeProvider.System);
        if (isChild) _ = Task.Run(() => ListenAsync(told, parents), CancellationToken.None);
        try
        {
            await ThisComputer.ShowSurfaceAsync(look, isChild && !stays ? parents.FindAsync : FindAsync, isChild || stays, told.Token);
            if (parents.Failure is { } failure) throw failure;
        }
        finally
        {
            if (tour is not null) File.Delete(tour);
        }

        return 0;

        async Task<ISurfaceAgent> FindAsync(CancellationToken token)
        {
            if (arguments.GetValue(Demo)) return new DemoSurfaceAgent(TimeProvider.System);
            if (OperatingSystem.IsWindows() && arguments.GetValue(Service)) return await WindowsSurfacePipe.ConnectAsync(ServiceCommand.Name, culture, token);
            return await SurfaceConnection.OpenAsync(StateOption.Demand(state ?? StateOption.Default), culture, token);
        }
    }

    /// <summary>The end of standard input alone says nothing: whoever started this may have been killed, and then the person is to be told.</summary>
    private static async Task ListenAsync(CancellationTokenSource told, ParentsAgent parents)
    {
        while (await Console.In.ReadLineAsync() is { } line)
        {
            if (line != SurfaceChild.EndLine) continue;
            await told.CancelAsync();
            return;
        }
        parents.Leave();
    }
}
