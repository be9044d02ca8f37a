using System.CommandLine;
using System.Net;
using System.Runtime.Versioning;
using Microsoft.Extensions.Logging;
using RemoteAccess;
using RemoteAccess.Trust;

namespace HelpdeskAgent;

/// <summary><c>service</c>: the agent as a Windows service, for a computer where nobody is logged on. Windows starts <c>service run</c>, and that starts <c>service helper</c> and the surface.</summary>
[SupportedOSPlatform("windows")]
internal static class ServiceCommand
{
    /// <summary>In the list of services.</summary>
    public const string Name = "RemoteAccessHelpdesk";

    private static readonly Option<IPEndPoint> Listen = new("--listen") { Description = "Where technicians connect.", HelpName = "IP:PORT", Required = true, CustomParser = RunCommand.ParseEndPoint };
    private static readonly Argument<string> Pipe = new("pipe") { Description = "Where the service listens for its helper." };

    public static Command Create()
    {
        var install = new Command("install", "Put this program into the list of services and start it. Needs an administrator.") { Listen };
        install.SetAction((result, token) => Complaint.Guard(() => InstallAsync(result.GetRequiredValue(Listen), token)));
        var uninstall = new Command("uninstall", "Stop the service and take it from the list. Its state stays: the record is the customer's.");
        uninstall.SetAction((_, token) => Complaint.Guard(() => UninstallAsync(token)));
        var run = new Command("run", "Run as the service; by hand, until Ctrl+C, to look for faults.") { Listen };
        run.SetAction((result, token) => Complaint.Guard(() => RunAsync(result.GetRequiredValue(Listen), token)));
        var helper = new Command("helper", "What the service starts in the session with the screen; not for people.") { Pipe };
        helper.SetAction((result, token) => Complaint.Guard(() => HelpAsync(result.GetRequiredValue(Pipe), token)));
        return new Command("service", $"The agent as the Windows service '{Name}', there before anybody logs on.") { install, uninstall, run, helper };
    }

    private static async Task<int> InstallAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        WindowsService service = Service(endPoint);
        service.Install();
        await service.StartAsync(cancellationToken);
        Console.WriteLine($"The service {Name} is installed and runs, in the list of services under its name. Its state is in {service.StateDirectory}; make a grant there with: remoteaccess-agent grant --state \"{service.StateDirectory}\" ...");
        return 0;
    }

    private static async Task<int> UninstallAsync(CancellationToken cancellationToken)
    {
        WindowsService service = Service(new IPEndPoint(IPAddress.Loopback, 0));
        await service.UninstallAsync(cancellationToken);
        Console.WriteLine($"The service {Name} is gone. The record of what was done stays in {service.StateDirectory}.");
        return 0;
    }

    private static async Task<int> RunAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        using ILoggerFactory logging = LoggerFactory.Create(builder => builder.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning));
        await Service(endPoint, logging).RunAsync(
            (context, stop) => ServeAsync(context, endPoint, logging, stop),
            () => Console.WriteLine("Not a service: started by hand, until Ctrl+C."),
            cancellationToken);
        return 0;
    }

    private static async Task ServeAsync(ServiceContext context, IPEndPoint endPoint, ILoggerFactory logging, CancellationToken stop)
    {
        await using TrustFlow trust = TrustFlow.Open(new TrustOptions
        {
            StateDirectory = context.StateDirectory,
            Logger = logging.CreateLogger<TrustFlow>(),
            Presence = new CustomerPresence { Desk = new ConsentDesk(context.Prompt, logger: logging.CreateLogger<ConsentDesk>()), IdleTime = () => context.Desktop.PhysicalIdleTime },
            AccountCheck = new WindowsAccountCheck(),
            Filling = new CredentialFilling { Sealer = new DpapiSealer(), Screen = new WindowsLogonScreen(), Prompt = context.CredentialPrompt },
            Surface = WindowsSurfacePipe.Require(Name, context.Desktop, logging.CreateLogger<SurfaceRequirement>()),
        });
        var agent = new RemoteAccessAgent(trust, context.Desktop, logger: logging.CreateLogger<RemoteAccessAgent>());
        await agent.ListenAsync(endPoint, listening => Console.WriteLine($"LISTENING {listening}"), stop);
    }

    private static async Task<int> HelpAsync(string pipe, CancellationToken cancellationToken)
    {
        await HelperProcess.RunAsync(pipe, cancellationToken: cancellationToken);
        return 0;
    }

    /// <summary>The service's own state.</summary>
    public static string State => Service(new IPEndPoint(IPAddress.Loopback, 0)).StateDirectory;

    /// <summary>Whether it is the service's own state, whose agent is reached by the service's pipe.</summary>
    public static bool IsState(string directory) =>
        string.Equals(Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory)), State, StringComparison.OrdinalIgnoreCase);

    private static WindowsService Service(IPEndPoint endPoint, ILoggerFactory? logging = null)
    {
        var options = new WindowsServiceOptions
        {
            Name = Name,
            DisplayName = "RemoteAccess Helpdesk",
            Description = "Lets technicians whom you have agreed to help at this computer. You see when somebody is connected, and can stop it at any time.",
            ServiceArguments = ["service", "run", "--listen", endPoint.ToString()],
            HelperArguments = ["service", "helper"],
            SurfaceArguments = ["surface", "--service"],
        };
        return new WindowsService(logging is null ? options : options with { Logger = logging.CreateLogger<WindowsService>() });
    }
}
