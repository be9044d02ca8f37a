using System.CommandLine;
using RemoteAccess;
using RemoteAccess.Trust;

namespace HelpdeskAgent;

/// <summary>
/// <c>chat</c>: the customer reads what a technician writes, and answers, in a terminal; for where no window shows it. Until the input or the session ends. A technician who has keyboard
/// and mouse could type here too: what is written in a chat decides nothing.
/// </summary>
internal static class ChatCommand
{
    public static Command Create()
    {
        Option<DirectoryInfo> state = StateOption.Create();
        var of = new Option<string?>("--session") { Description = "The session's id, as 'status' shows it; may be left out when there is only one.", HelpName = "ID" };
        var command = new Command("chat", "Read what a connected technician writes, and answer: each line typed goes to them. Ctrl+D ends it. The agent must run with a surface.") { state, of };
        command.SetAction((result, cancellationToken) => Complaint.Guard(async () =>
        {
            await using SurfaceConnection agent = await RunningSessions.OpenAsync(StateOption.Demand(result.GetRequiredValue(state)), cancellationToken);
            SurfaceSession session = RunningSessions.Choose(agent.Status.Sessions, result.GetValue(of));
            if (!session.Operations.HasFlag(Operations.Chat)) throw new ArgumentException($"{RunningSessions.OneLine(session.Technician)} may not chat.");
            await TalkAsync(agent, session.Id, cancellationToken);
            return 0;
        }));
        return command;
    }

    private static async Task TalkAsync(SurfaceConnection agent, string id, CancellationToken cancellationToken)
    {
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        IReadOnlyList<SurfaceChatText> printed = [];
        var printing = new Lock();
        agent.StatusChanged += (_, _) => Print();
        Print();
        while (true)
        {
            // A terminal's line cannot be taken back; the process ends with it.
            Task<string?> typed = Task.Run(Console.In.ReadLine, CancellationToken.None);
            await Task.WhenAny(typed, over.Task).WaitAsync(cancellationToken);
            if (!typed.IsCompleted)
            {
                Console.WriteLine("The session is over.");
                return;
            }
            if (await typed is not { } line) return;
            if (string.IsNullOrWhiteSpace(line)) continue;
            try
            {
                await agent.DoAsync(new SurfaceAction.Say(id, line), cancellationToken);
            }
            catch (SurfaceException refused)
            {
                Console.Error.WriteLine(refused.Message);
            }
        }

        void Print()
        {
            lock (printing)
            {
                if (!agent.IsConnected || agent.Status.Sessions.FirstOrDefault(one => one.Id == id) is not { } session)
                {
                    over.TrySetResult();
                    return;
                }
                // Old ones fall out at the front.
                int known = Enumerable.Range(0, printed.Count + 1).Select(left => printed.Count - left).First(count => printed.TakeLast(count).SequenceEqual(session.Chat.Take(count)));
                foreach (SurfaceChatText said in session.Chat.Skip(known).Where(static said => said.IsTechnicians))
                    foreach (string line in said.Text.Split('\n')) Console.WriteLine($"{RunningSessions.OneLine(session.Technician)}: {RunningSessions.OneLine(line)}");
                printed = session.Chat;
            }
        }
    }
}
