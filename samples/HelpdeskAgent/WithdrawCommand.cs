using System.CommandLine;
using HelpdeskSamples;
using RemoteAccess;
using RemoteAccess.Trust;

namespace HelpdeskAgent;

/// <summary><c>withdraw</c> and <c>restore</c>: takes operations away from a running session, and gives them back. The agent records who did it: the account.</summary>
internal static class WithdrawCommand
{
    public static Command Create() => Create("withdraw", "Take an operation away from a running session; it goes on without.", (sessions, session, operation) => new SurfaceAction.Withdraw(session.Id, operation),
        session => $"{RunningSessions.OneLine(session.Technician)}: taken away. To give it back: remoteaccess-agent restore");

    /// <summary>
    /// A technician who has keyboard and mouse, or may run commands, could do this too; the window takes a person's own devices only, a command cannot tell. So not while anybody has them.
    /// </summary>
    public static Command CreateRestore() => Create("restore", "Give a withdrawn operation back to a running session. Not while a technician may use keyboard and mouse or run commands, who could do this: withdraw control and commands first.",
        (sessions, session, operation) => sessions.FirstOrDefault(other => (other.Operations & ~other.Withdrawn & (Operations.ControlInput | Operations.RunCommands)) != Operations.None) is { } typist
            ? throw new ArgumentException($"{RunningSessions.OneLine(typist.Technician)} may use keyboard and mouse or run commands, and could have done this. Withdraw control and commands first, or use the window.")
            : new SurfaceAction.Restore(session.Id, operation),
        session => $"{RunningSessions.OneLine(session.Technician)}: given back.");

    private static Command Create(string name, string description, Func<IReadOnlyList<SurfaceSession>, SurfaceSession, Operations, SurfaceAction> act, Func<SurfaceSession, string> done)
    {
        Option<DirectoryInfo> state = StateOption.Create();
        var which = new Argument<Operations?>("OPERATION") { Description = "view, control, commands, system-info, or several with commas between.", CustomParser = OperationNames.Read };
        var of = new Option<string?>("--session") { Description = "The session's id, as 'status' shows it; may be left out when there is only one.", HelpName = "ID" };
        var command = new Command(name, description) { which, state, of };
        command.SetAction((result, cancellationToken) => Complaint.Guard(async () =>
        {
            await using ISurfaceAgent agent = await RunningSessions.OpenAsync(StateOption.Demand(result.GetRequiredValue(state)), cancellationToken);
            IReadOnlyList<SurfaceSession> sessions = agent.Status.Sessions;
            SurfaceSession session = Choose(sessions, result.GetValue(of));
            Operations wanted = result.GetValue(which) ?? Operations.None;
            // What cannot be done is found before anything is.
            if ((wanted & ~session.Operations) != Operations.None) throw new ArgumentException($"{RunningSessions.OneLine(session.Technician)} may not do that anyway: {wanted & ~session.Operations}.");
            SurfaceAction[] actions = [.. Enum.GetValues<Operations>().Where(operation => uint.IsPow2((uint)operation) && wanted.HasFlag(operation)).Select(operation => act(sessions, session, operation))];
            foreach (SurfaceAction action in actions) await agent.DoAsync(action, cancellationToken);
            Console.WriteLine(done(session));
            return 0;
        }));
        return command;
    }

    private static SurfaceSession Choose(IReadOnlyList<SurfaceSession> sessions, string? id)
    {
        SurfaceSession[] candidates = [.. sessions.Where(session => id is null || session.Id.Equals(id, StringComparison.OrdinalIgnoreCase))];
        return candidates switch
        {
            [var one] => one,
            [] => throw new ArgumentException(id is null ? "Nobody is connected." : $"There is no session '{id}'. See 'remoteaccess-agent status'."),
            _ => throw new ArgumentException("More than one session runs; name one by its id with --session. See 'remoteaccess-agent status'."),
        };
    }
}
