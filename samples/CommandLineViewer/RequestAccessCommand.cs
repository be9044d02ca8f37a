using System.CommandLine;
using System.Text;
using HelpdeskSamples;
using RemoteAccess;
using RemoteAccess.Trust;

namespace CommandLineViewer;

/// <summary><c>request-access</c>: connects, asks the person at the computer for unattended access, and makes the grant when they agree.</summary>
internal static class RequestAccessCommand
{
    private static readonly Option<string> Nickname = new("--nickname") { Description = "What to call the computer, as in Company:Department:User.", HelpName = "N", Required = true };
    private static readonly Option<Operations?> Allowed = new("--operations")
    {
        Description = $"What sessions may do: {OperationNames.Choices}. Default: view,control.", HelpName = "LIST", CustomParser = OperationNames.Read,
    };

    private static readonly Option<int> Days = new("--days") { Description = "For how many days, 1 to 3650.", HelpName = "N", DefaultValueFactory = _ => 30 };
    private static readonly Option<string> Why = new("--why") { Description = "Why, as the person at the computer reads it in the question; one line.", HelpName = "TEXT", DefaultValueFactory = _ => "" };
    private static readonly Option<FileInfo> Out = new("--out") { Description = "Where to write the new grant. It holds no secret.", HelpName = "GRANTFILE", Required = true };

    public static Command Create()
    {
        var connection = new Connection();
        var command = new Command("request-access", "Ask the person at the computer for unattended access from now on. They have a minute to agree.") { Nickname, Allowed, Days, Why, Out };
        RuleOptions.AddTo(command);
        connection.AddTo(command);
        command.SetAction((result, cancellationToken) => Complaint.Guard(() => RequestAsync(connection, result, cancellationToken)));
        return command;
    }

    private static async Task<int> RequestAsync(Connection connection, ParseResult arguments, CancellationToken cancellationToken)
    {
        if (arguments.GetRequiredValue(Days) is < 1 or > 3650) throw new ArgumentException("--days must be 1 to 3650.");
        FileInfo file = arguments.GetRequiredValue(Out);
        if (Path.Exists(file.FullName)) throw new ArgumentException($"{file.FullName} exists already. Name a new file.");
        await using RemoteSession session = await connection.OpenAsync(arguments, Operations.ViewScreen, cancellationToken);
        Console.Error.WriteLine("The person at the computer is being asked; they have a minute.");
        GrantDraft draft = await session.Customer.ProposeGrantAsync(new GrantProposal
        {
            Nickname = arguments.GetRequiredValue(Nickname),
            Operations = arguments.GetValue(Allowed) ?? Operations.ViewScreen | Operations.ControlInput,
            NotAfter = TimeProvider.System.GetUtcNow().AddDays(arguments.GetRequiredValue(Days)),
            Policy = RuleOptions.Read(arguments),
            Reason = arguments.GetRequiredValue(Why),
        }, cancellationToken);
        using TenantIdentity tenant = connection.OpenTenant(arguments);
        using AccessCode code = AccessCode.Generate();
        NewCode.Claim(code, connection.TenantDirectory(arguments), draft.HostKey, "Nothing was granted; ask again for a new one.");
        Grant grant = tenant.Countersign(draft);
        await session.Customer.CompleteGrantAsync(grant, code, cancellationToken);
        NewFile.Write(file, stream => stream.Write(Encoding.UTF8.GetBytes(grant.ToPem())));
        ComputerNotes.Of(file.DirectoryName ?? ".").Name(grant, arguments.GetRequiredValue(Nickname), connection.Address(arguments));
        Console.WriteLine($"grant {Convert.ToHexStringLower(grant.Id.Span)} for {arguments.GetRequiredValue(Nickname)}, until {grant.NotAfter:u}");
        Console.WriteLine($"written to {file.FullName}");
        NewCode.PrintOnce(code);
        return 0;
    }
}
