using System.CommandLine;
using HelpdeskSamples;
using RemoteAccess;
using RemoteAccess.Trust;

namespace HelpdeskAgent;

/// <summary><c>withdraw</c> and <c>restore</c>: takes operations away from a running session, or from a grant, and gives them back. Recorded is who did it: for a session the account, as the agent knows it.</summary>
internal static class WithdrawCommand
{
    public static Command Create() => Create("withdraw", "Take an operation away: from a running session, which goes on without; with --grant from a grant and everybody who comes under it, connected or not.",
        (_, session, operation) => new SurfaceAction.Withdraw(session.Id, operation),
        static (trust, grant, operations, by, cancellationToken) => trust.WithdrawAsync(grant, operations, by.Name, cancellationToken),
        what => $"{what}: taken away. To give it back: remoteaccess-agent restore");

    /// <summary>
    /// A technician who has keyboard and mouse, or may run commands, could do this too; the window takes a person's own devices only, a command cannot tell. So not while anybody has them.
    /// </summary>
    public static Command CreateRestore() => Create("restore", "Give a withdrawn operation back, to a running session or, with --grant, to a grant. Not while a technician may use keyboard and mouse or run commands, who could do this: withdraw control and commands first.",
        static (sessions, session, operation) =>
        {
            RunningSessions.RefuseTypist(sessions);
            return new SurfaceAction.Restore(session.Id, operation);
        },
        static async (trust, grant, operations, by, cancellationToken) =>
        {
            if (await RunningSessions.TryReadAsync(by.State, cancellationToken) is { } sessions) RunningSessions.RefuseTypist(sessions);
            return await trust.RestoreAsync(grant, operations, by.Name, cancellationToken);
        },
        what => $"{what}: given back.");

    private static Command Create(string name, string description, Func<IReadOnlyList<SurfaceSession>, SurfaceSession, Operations, SurfaceAction> act,
        Func<TrustFlow, ReadOnlyMemory<byte>, Operations, (string State, string Name), CancellationToken, ValueTask<bool>> ofGrant, Func<string, string> done)
    {
        Option<DirectoryInfo> state = StateOption.Create();
        var which = new Argument<Operations?>("OPERATION") { Description = $"{OperationNames.Choices}.", CustomParser = OperationNames.Read };
        var of = new Option<string?>("--session") { Description = "The session's id, as 'status' shows it; may be left out when there is only one.", HelpName = "ID" };
        var under = new Option<string?>("--grant") { Description = "The grant's id or nickname: from all sessions under it, now and later.", HelpName = "ID|N" };
        Option<string> by = StateOption.By("says so");
        var command = new Command(name, description) { which, state, of, under, by };
        command.SetAction((result, cancellationToken) => Complaint.Guard(async () =>
        {
            string directory = StateOption.Demand(result.GetRequiredValue(state));
            Operations wanted = result.GetValue(which) ?? Operations.None;
            if (result.GetValue(under) is { } grant)
            {
                if (result.GetValue(of) is not null) throw new ArgumentException("Name a session or a grant, not both.");
                await using TrustFlow trust = TrustFlow.Open(new TrustOptions { StateDirectory = directory });
                GrantSummary meant = GrantChoice.Of(trust.Grants, grant, name);
                if (meant.Grant is { } signed && (wanted & ~signed.MaxOperations) != Operations.None) throw new ArgumentException($"{meant.Nickname} does not allow that anyway: {wanted & ~signed.MaxOperations}.");
                if (!await ofGrant(trust, meant.Id, wanted, (directory, result.GetRequiredValue(by)), cancellationToken)) throw new ArgumentException($"{meant.Nickname} is revoked: there is nothing to {name}.");
                Console.WriteLine(done(meant.Nickname));
                return 0;
            }
            await using SurfaceConnection agent = await RunningSessions.OpenAsync(directory, cancellationToken);
            IReadOnlyList<SurfaceSession> sessions = agent.Status.Sessions;
            SurfaceSession session = RunningSessions.Choose(sessions, result.GetValue(of));
            // What cannot be done is found before anything is.
            if ((wanted & ~session.Operations) != Operations.None) throw new ArgumentException($"{RunningSessions.OneLine(session.Technician)} may not do that anyway: {wanted & ~session.Operations}.");
            SurfaceAction[] actions = [.. Enum.GetValues<Operations>().Where(operation => uint.IsPow2((uint)operation) && wanted.HasFlag(operation)).Select(operation => act(sessions, session, operation))];
            foreach (SurfaceAction action in actions) await agent.DoAsync(action, cancellationToken);
            Console.WriteLine(done(RunningSessions.OneLine(session.Technician)));
            return 0;
        }));
        return command;
    }
}
