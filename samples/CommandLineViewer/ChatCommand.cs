using System.CommandLine;
using RemoteAccess;
using RemoteAccess.Trust;

namespace CommandLineViewer;

/// <summary><c>chat</c>: each line of standard input goes to the customer, and what the customer writes is printed, until the input ends.</summary>
internal static class ChatCommand
{
    public static Command Create()
    {
        var connection = new Connection();
        var wait = new Option<int>("--wait") { Description = "How many seconds to wait for answers once the input has ended, 0 to 3600.", HelpName = "SECONDS", DefaultValueFactory = _ => 2 };
        wait.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int>() is < 0 or > 3600) given.AddError("--wait is 0 to 3600 seconds.");
        });
        var command = new Command("chat", "Write to the customer: each line typed goes to them, and what they write is printed. Ctrl+D ends it.") { wait };
        connection.AddTo(command);
        command.SetAction((result, cancellationToken) => Complaint.Guard(async () =>
        {
            await using RemoteSession session = await connection.OpenAsync(result, Operations.Chat, cancellationToken);
            session.Chat.TextReceived += (_, said) => Console.WriteLine(string.Join('\n', said.Text.Split('\n').Select(static line => $"customer: {line}")));
            session.Chat.Refused += (_, refusal) => Console.Error.WriteLine($"The chat was taken away: {refusal.Reason}.");
            RefusalReason last = await TalkAsync(session, cancellationToken);
            if (!session.Completion.IsCompleted) await Task.WhenAny(session.Completion, Task.Delay(TimeSpan.FromSeconds(result.GetRequiredValue(wait)), cancellationToken));
            return session.Completion.IsCompleted || last != RefusalReason.None ? 1 : 0;
        }));
        return command;
    }

    /// <returns>What came of the last line.</returns>
    private static async Task<RefusalReason> TalkAsync(RemoteSession session, CancellationToken cancellationToken)
    {
        RefusalReason last = RefusalReason.None;
        while (true)
        {
            // A terminal's line cannot be taken back; the process ends with it.
            Task<string?> typed = Task.Run(Console.In.ReadLine, CancellationToken.None);
            await Task.WhenAny(typed, session.Completion).WaitAsync(cancellationToken);
            if (!typed.IsCompleted)
            {
                SessionEnd end = await session.Completion;
                Console.Error.WriteLine($"The session is over: {end.Reason}.");
                return last;
            }
            if (await typed is not { } line) return last;
            if (string.IsNullOrWhiteSpace(line)) continue;
            last = await session.Chat.SendAsync(line, cancellationToken);
            if (last != RefusalReason.None) Console.Error.WriteLine($"Not with the customer: {new AccessRefusedException(last, operation: Operations.Chat).Message}");
        }
    }
}
