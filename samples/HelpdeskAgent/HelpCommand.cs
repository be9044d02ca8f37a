using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using System.Text;
using HelpdeskSamples;
using Microsoft.Extensions.Logging;
using RemoteAccess;
using RemoteAccess.Trust;

namespace HelpdeskAgent;

/// <summary>
/// <c>help</c>: the customer calls for help. Shows the code, serves the one technician who comes with it, and ends with the session, or when nobody can
/// come any more. Exit code 0 after a session, 2 without one.
/// </summary>
internal static class HelpCommand
{
    private const int KeyLength = 65;
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(200);
    private static readonly Option<DirectoryInfo> State = StateOption.Create();
    private static readonly Option<byte[]?> Tenant = new("--call") { Description = "The key of the provider that is called, as 'remoteaccess-viewer tenant init' prints it. A product has it built in.", HelpName = "KEY", Required = true, CustomParser = ReadKey };
    private static readonly Option<string?> Organisation = new("--organisation") { Description = "What the provider that is called is named in the question on the screen. A product has it built in.", HelpName = "NAME" };
    private static readonly Option<string?> Display = new("--display") { Description = "The X display to share, and to ask on. Default: $DISPLAY.", HelpName = ":N" };
    private static readonly Option<IPEndPoint?> Listen = new("--listen") { Description = "Where the technician connects; port 0 takes a free one.", HelpName = "IP:PORT", Required = true, CustomParser = RunCommand.ParseEndPoint };
    private static readonly Option<SurfaceChoice?> Surface = SurfaceOption.Create();
    private static readonly Option<PixelSize?> Virtual = RunCommand.CreateVirtual();
    private static readonly Option<string?> Ask = AskOption.Create();
    private static readonly Option<Operations?> Allowed = new("--operations")
    {
        Description = $"What the technician may ask for: {OperationNames.Choices}. Default: view,control.", HelpName = "LIST", CustomParser = OperationNames.Read,
    };

    private static readonly Option<int> Minutes = new("--minutes") { Description = "When the session ends at the latest, 1 to 720.", HelpName = "N", DefaultValueFactory = _ => 240 };
    private static readonly Option<FileInfo> Out = new("--out") { Description = "Where to write the grant for the technician; there is no broker to send it. It holds no secret, and goes when the call is over.", HelpName = "GRANTFILE", Required = true };

    public static Command Create()
    {
        var command = new Command("help", "Call for help: show a code, and let one technician who knows it ask.") { State, Tenant, Organisation, Listen, Display, Virtual, Surface, Ask, Allowed, Minutes, Out };
        command.Validators.Add(result =>
        {
            RunCommand.CheckDrawn(result, Display, Virtual, Surface, Ask);
            if (result.GetResult(Virtual) is not null && result.GetResult(Ask) is null) result.AddError("A drawn desktop has no screen to ask on. Say --ask terminal.");
        });
        command.SetAction((result, cancellationToken) => Complaint.Guard(() => CallAsync(result, cancellationToken)));
        return command;
    }

    private static async Task<int> CallAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        FileInfo file = arguments.GetRequiredValue(Out);
        if (Path.Exists(file.FullName)) throw new ArgumentException($"{file.FullName} exists already. Name a new file.");
        var request = new HelpRequest
        {
            TenantKey = arguments.GetRequiredValue(Tenant)!,
            Operations = arguments.GetValue(Allowed) ?? Operations.ViewScreen | Operations.ControlInput,
            SessionCap = TimeSpan.FromMinutes(arguments.GetRequiredValue(Minutes)),
        };
        using ILoggerFactory logging = LoggerFactory.Create(builder => builder.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning));
        IConsentPrompt? terminal = AskOption.Prompt(arguments.GetValue(Ask));
        string state = arguments.GetRequiredValue(State).FullName;
        await using IDesktop desktop = RunCommand.OpenDesktop(arguments.GetValue(Virtual), arguments.GetValue(Display), logging);
        SurfaceChoice surface = Choice(arguments, desktop);
        await using TrustFlow trust = TrustFlow.Open(new TrustOptions
        {
            StateDirectory = state,
            Logger = logging.CreateLogger<TrustFlow>(),
            Presence = RunCommand.PresenceAt(desktop, arguments.GetValue(Display), logging, terminal),
            Surface = surface.Requirement(),
            OrganisationOf = tenant => tenant.Span.SequenceEqual(request.TenantKey.Span) ? arguments.GetValue(Organisation) : null,
        });
        await using SurfaceChild? child = SurfaceChild.For(surface, state, arguments.GetValue(Display));
        child?.Start();
        using HelpCall call = await trust.CallForHelpAsync(request, cancellationToken);
        NewFile.Write(file, stream => stream.Write(Encoding.UTF8.GetBytes(call.Grant.ToPem())));
        try
        {
            return await ServeAsync(arguments, desktop, trust, call, logging, cancellationToken);
        }
        finally
        {
            file.Delete();
            await trust.RevokeAsync(call.Grant.Id, Environment.UserName, CancellationToken.None);
        }
    }

    private static async Task<int> ServeAsync(ParseResult arguments, IDesktop desktop, TrustFlow trust, HelpCall call, ILoggerFactory logging, CancellationToken cancellationToken)
    {
        var agent = new RemoteAccessAgent(trust, desktop, logger: logging.CreateLogger<RemoteAccessAgent>());
        bool hadSession = false;
        agent.SessionBegan += (_, session) =>
        {
            hadSession = true;
            Console.WriteLine($"SESSION {session.Id} begins: {session.Technician} from {session.Peer}");
        };
        agent.SessionEnded += (_, session) => Console.WriteLine($"SESSION {session.Id} is over");
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task serving = agent.ListenAsync(arguments.GetRequiredValue(Listen)!, Began, over.Token);
        try
        {
            using var clock = new PeriodicTimer(LookPeriod);
            while (call.State != HelpCallState.Over && !serving.IsCompleted) await clock.WaitForNextTickAsync(cancellationToken);
        }
        finally
        {
            await over.CancelAsync();
            await serving;
        }

        Console.WriteLine(hadSession ? "The session is over, and so is the call." : "Nobody came with the right code, or you refused. Call again for a new one.");
        return hadSession ? 0 : 2;

        void Began(IPEndPoint endPoint)
        {
            Show(call, endPoint, isAtTerminal: !desktop.HasPerson);
            Choice(arguments, desktop).SayWhatIsNotShown(desktop);
        }
    }

    private static SurfaceChoice Choice(ParseResult arguments, IDesktop desktop) => arguments.GetValue(Surface) ?? (desktop.HasPerson ? SurfaceChoice.Own : SurfaceChoice.None);

    private static void Show(HelpCall call, IPEndPoint endPoint, bool isAtTerminal)
    {
        char[] display = new char[AccessCode.DisplayLength];
        int length = call.Code.WriteDisplay(display);
        Console.Error.WriteLine("Your code, for one attempt. Read it out only to somebody whom you have called yourself:");
        Console.WriteLine(display, 0, length);
        Array.Clear(display);
        Console.Error.WriteLine($"It is good until {call.CodeExpiresAt.ToLocalTime():HH:mm}. You will be asked {(isAtTerminal ? "here" : "on your screen")} before anything begins. Ctrl+C takes the call back.");
        Console.WriteLine($"LISTENING {endPoint}");
    }

    private static byte[]? ReadKey(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (text.Length == KeyLength * 2 && text.All(char.IsAsciiHexDigit)) return Convert.FromHexString(text);
        result.AddError($"'{text}' is not a provider's key: {KeyLength * 2} hex digits, as 'remoteaccess-viewer tenant init' prints it.");
        return null;
    }
}
