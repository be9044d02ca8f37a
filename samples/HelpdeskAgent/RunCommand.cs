using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using Microsoft.Extensions.Logging;
using RemoteAccess;
using RemoteAccess.Sessions;
using RemoteAccess.Trust;

namespace HelpdeskAgent;

/// <summary><c>run</c>: serves technicians until SIGTERM or Ctrl+C. Asks the person at the computer where a grant says so; says on standard output who comes and goes.</summary>
internal static class RunCommand
{
    private static readonly Option<DirectoryInfo> State = StateOption.Create();
    private static readonly Option<string?> Display = new("--display") { Description = "The X display to share. Default: $DISPLAY. On Windows the screen of the session is shared.", HelpName = ":N" };
    private static readonly Option<PixelSize?> Virtual = CreateVirtual();
    private static readonly Option<IPEndPoint> Listen = new("--listen") { Description = "Where technicians connect; port 0 takes a free one.", HelpName = "IP:PORT", Required = true, CustomParser = ParseEndPoint };
    private static readonly Option<SurfaceChoice?> Surface = SurfaceOption.Create();
    private static readonly Option<SharedFolder[]> Share = ShareOption.Create(isReadOnly: false), ShareReadOnly = ShareOption.Create(isReadOnly: true);
    private static readonly Option<string?> Ask = AskOption.Create();
    private static readonly Option<string[]> ChatAnswers = new("--chat-answer")
    {
        Description = "With --virtual: a customer who is not there answers a technician's text in the chat with this; once for each answer.", HelpName = "TEXT", Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<bool> AllowCommands = new("--allow-commands") { Description = "Let technicians run programs where the grant says so. They run under this account, and can do all that it can, with the agent's state too." };
    private static readonly Option<string?> CommandAccount = new("--command-account") { Description = "The account that programs run under instead; needs root.", HelpName = "NAME" };

    public static Command Create()
    {
        var command = new Command("run", "Serve technicians under the grants, until SIGTERM or Ctrl+C.") { State, Display, Virtual, Listen, Surface, Ask, ChatAnswers, Share, ShareReadOnly, AllowCommands, CommandAccount };
        command.Validators.Add(result => CheckDrawn(result, Display, Virtual, Surface, Ask));
        command.Validators.Add(result =>
        {
            if (result.GetResult(ChatAnswers) is not null && result.GetResult(Virtual) is null) result.AddError("--chat-answer is for a drawn desktop, with --virtual. Before a real screen a person answers.");
        });
        command.SetAction((result, cancellationToken) => Complaint.Guard(() => RunAsync(result, cancellationToken)));
        return command;
    }

    internal static Option<PixelSize?> CreateVirtual() =>
        new("--virtual") { Description = "Share a drawn desktop of this size instead; for trying out, on machines without a display.", HelpName = "WIDTHxHEIGHT", CustomParser = ParseSize };

    /// <summary>What cannot be together with a drawn desktop, or without one.</summary>
    internal static void CheckDrawn(CommandResult result, Option display, Option drawn, Option surface, Option ask)
    {
        bool isDrawn = result.GetResult(drawn) is not null;
        if (isDrawn && result.GetResult(display) is not null) result.AddError("Name either --display or --virtual.");
        // Its text, since a value that is none of the choices has not been refused yet.
        if (isDrawn && result.GetResult(surface)?.Tokens is [{ Value: var chosen }] && chosen.Equals(nameof(SurfaceChoice.Own), StringComparison.OrdinalIgnoreCase))
            result.AddError("A drawn desktop has no screen to show a surface on. Say --surface external or none.");
        if (!isDrawn && result.GetResult(ask) is not null) result.AddError("--ask terminal is for a drawn desktop, with --virtual. Before a real screen a window asks.");
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        string state = StateOption.Demand(arguments.GetRequiredValue(State));
        using ILoggerFactory logging = LoggerFactory.Create(builder => builder.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning));
        IConsentPrompt? terminal = AskOption.Prompt(arguments.GetValue(Ask));
        await using IDesktop desktop = OpenDesktop(arguments.GetValue(Virtual), arguments.GetValue(Display), logging);
        SurfaceChoice surface = arguments.GetValue(Surface) ?? (desktop.HasPerson ? SurfaceChoice.Own : SurfaceChoice.None);
        await using TrustFlow trust = TrustFlow.Open(new TrustOptions
        {
            StateDirectory = state,
            Logger = logging.CreateLogger<TrustFlow>(),
            Presence = desktop is VirtualDesktop && terminal is null ? null : PresenceAt(desktop, arguments.GetValue(Display), logging, terminal),
            AccountCheck = ThisComputer.OpenAccountCheck(logging),
            Filling = ThisComputer.OpenFilling(),
            Surface = surface.Requirement(),
            Chat = arguments.GetValue(ChatAnswers) is { Length: > 0 } answers ? new ScriptedChat(answers) : null,
        });
        var agent = new RemoteAccessAgent(trust, desktop, logger: logging.CreateLogger<RemoteAccessAgent>())
        {
            SharedFolders = [.. arguments.GetValue(Share) ?? [], .. arguments.GetValue(ShareReadOnly) ?? []],
            Commands = arguments.GetValue(AllowCommands) ? new CommandOptions { Account = arguments.GetValue(CommandAccount) } : null,
        };
        agent.SessionBegan += (_, session) => Say($"SESSION {session.Id} begins: {session.Technician} from {session.Peer}, {session.Operations}{(session.Reason.Length > 0 ? $", \"{session.Reason}\"" : "")}");
        agent.SessionEnded += (_, session) => Say($"SESSION {session.Id} is over");
        await using SurfaceChild? child = SurfaceChild.For(surface, state, arguments.GetValue(Display));
        await agent.ListenAsync(arguments.GetRequiredValue(Listen), Began, cancellationToken);
        Say("STOPPED");
        return 0;

        void Began(IPEndPoint endPoint)
        {
            child?.Start();
            surface.SayWhatIsNotShown(desktop);
            Say($"LISTENING {endPoint}");
        }
    }

    internal static IDesktop OpenDesktop(PixelSize? drawn, string? display, ILoggerFactory logging) => drawn is { } size
        ? new VirtualDesktop(new VirtualDesktopOptions { Size = size })
        : ThisComputer.OpenDesktop(ThisComputer.CheckDisplay(display), logging);

    /// <summary>The person before a real screen, asked in a window; nobody sits before a drawn one, but perhaps at the terminal.</summary>
    internal static CustomerPresence PresenceAt(IDesktop desktop, string? display, ILoggerFactory logging, IConsentPrompt? terminal) => new()
    {
        Desk = new ConsentDesk(terminal ?? ThisComputer.OpenPrompt(display), logger: logging.CreateLogger<ConsentDesk>()),
        IdleTime = () => desktop.PhysicalIdleTime,
    };

    private static void Say(string text) => Console.Out.WriteLine(text);

    private static PixelSize? ParseSize(ArgumentResult result)
    {
        string[] parts = result.Tokens[0].Value.Split('x');
        if (parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int width)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int height)
            && width is >= 64 and <= 7680 && height is >= 64 and <= 4320) return new PixelSize(width, height);
        result.AddError($"'{result.Tokens[0].Value}' is not a size from 64x64 to 7680x4320, as in 1920x1080.");
        return null;
    }

    internal static IPEndPoint? ParseEndPoint(ArgumentResult result)
    {
        if (IPEndPoint.TryParse(result.Tokens[0].Value, out IPEndPoint? parsed) && result.Tokens[0].Value.Contains(':', StringComparison.Ordinal)) return parsed;
        result.AddError($"'{result.Tokens[0].Value}' is not IP:PORT, as in 127.0.0.1:7700 or [::1]:7700.");
        return null;
    }
}
