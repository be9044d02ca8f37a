using System.CommandLine;
using System.Globalization;
using RemoteAccess;
using RemoteAccess.Trust;

namespace HelpdeskAgent;

/// <summary>
/// <c>password store</c>, <c>status</c> and <c>forget</c>: the password of this computer that support may have filled in, never see. Asked of the running agent, which shows a window of its own for it:
/// no password goes over a command line or a terminal.
/// </summary>
internal static class PasswordCommand
{
    private static readonly Option<DirectoryInfo?> State = new("--state") { Description = "The agent's state: the one that 'run' was given.", HelpName = "DIR" };
    private static readonly Option<bool> Service = new("--service") { Description = "The agent that runs as a service (Windows)." };
    private static readonly Option<string?> Grant = new("--grant") { Description = "The grant's id or nickname; may be left out when only one allows it.", HelpName = "ID|N" };

    public static Command Create()
    {
        var store = new Command("store", "Have the agent ask for your Windows password, in a window of its own, and keep it sealed for fill-in.") { State, Service, Grant };
        store.SetAction((result, token) => Complaint.Guard(() => StoreAsync(result, token)));
        var status = new Command("status", "Show whose passwords are kept. Nobody can read the passwords themselves.") { State, Service, Grant };
        status.SetAction((result, token) => Complaint.Guard(() => StatusAsync(result, token)));
        var forget = new Command("forget", "Delete the passwords that are kept under a grant.") { State, Service, Grant };
        forget.SetAction((result, token) => Complaint.Guard(() => ForgetAsync(result, token)));
        var command = new Command("password", "The password that support may have filled in at this computer's lock screen, and never sees.") { store, status, forget };
        foreach (Command one in (Command[])[store, status, forget])
        {
            one.Validators.Add(result =>
            {
                if (result.GetValue(Service) == result.GetResult(State) is not null) result.AddError("Name --state, the agent's state directory, or say --service.");
                if (result.GetValue(Service) && !OperatingSystem.IsWindows()) result.AddError("--service is for Windows; elsewhere name --state.");
            });
        }
        return command;
    }

    private static async Task<int> StoreAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        await using SurfaceConnection agent = await ConnectAsync(arguments, cancellationToken);
        SurfaceGrant grant = Choose(agent.Status, arguments.GetValue(Grant));
        Console.WriteLine("The agent opens a window for your password; type it there.");
        await agent.DoAsync(new SurfaceAction.StorePassword(grant.Id, CultureInfo.CurrentUICulture.Name), cancellationToken);
        Console.WriteLine($"{grant.Nickname}: stored. To delete it: remoteaccess-agent password forget");
        return 0;
    }

    private static async Task<int> StatusAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        await using SurfaceConnection agent = await ConnectAsync(arguments, cancellationToken);
        SurfaceGrant[] grants = arguments.GetValue(Grant) is { } named ? [Choose(agent.Status, named)] : Allowing(agent.Status);
        if (grants.Length == 0) Console.WriteLine("No grant allows a password to be filled in.");
        foreach (SurfaceGrant grant in grants)
        {
            IReadOnlyList<StoredCredential> kept = await agent.ReadPasswordsAsync(grant.Id, cancellationToken);
            Console.WriteLine(kept.Count == 0 ? $"{grant.Nickname}: no password is kept." : $"{grant.Nickname}:");
            foreach (StoredCredential one in kept) Console.WriteLine($"  {one.User} {(one.State == StoredCredentialState.Stored ? "is stored" : "was not right any more and is deleted; store it again")}");
        }
        return 0;
    }

    private static async Task<int> ForgetAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        await using SurfaceConnection agent = await ConnectAsync(arguments, cancellationToken);
        SurfaceGrant grant = Choose(agent.Status, arguments.GetValue(Grant));
        IReadOnlyList<StoredCredential> kept = await agent.ReadPasswordsAsync(grant.Id, cancellationToken);
        foreach (StoredCredential one in kept) await agent.DoAsync(new SurfaceAction.ForgetPassword(grant.Id, one.User), cancellationToken);
        Console.WriteLine(kept.Count == 0 ? $"{grant.Nickname}: no password was kept." : $"{grant.Nickname}: deleted.");
        return 0;
    }

    private static Task<SurfaceConnection> ConnectAsync(ParseResult arguments, CancellationToken cancellationToken) =>
        RunningSessions.OpenAsync(arguments.GetValue(State) is { } state ? StateOption.Demand(state) : null, cancellationToken);

    private static SurfaceGrant[] Allowing(SurfaceStatus status) =>
        [.. status.Grants.Where(grant => grant.Operations.HasFlag(Operations.FillCredential) && grant.State is not (GrantState.Revoked or GrantState.Expired))];

    private static SurfaceGrant Choose(SurfaceStatus status, string? which)
    {
        SurfaceGrant[] candidates = which is null ? Allowing(status) : [.. status.Grants.Where(grant => grant.Nickname == which || grant.Id.Equals(which, StringComparison.OrdinalIgnoreCase))];
        return candidates switch
        {
            [var one] => one,
            [] => throw new ArgumentException(which is null ? "No grant allows a password to be filled in." : $"There is no grant '{which}'. See 'remoteaccess-agent status'."),
            _ => throw new ArgumentException("More than one grant allows that; name one with --grant. See 'remoteaccess-agent status'."),
        };
    }
}
