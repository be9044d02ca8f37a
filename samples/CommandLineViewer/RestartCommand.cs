using System.CommandLine;
using System.Text;
using HelpdeskSamples;
using RemoteAccess;
using RemoteAccess.Sessions;

namespace CommandLineViewer;

/// <summary><c>restart</c>: has the computer restart, and waits until it is back when told to. The token spares the person there the same question again.</summary>
internal static class RestartCommand
{
    public static Command Create()
    {
        var connection = new Connection();
        var safe = new Option<bool>("--safe-mode") { Description = "In safe mode with networking, once; Windows only." };
        var wait = new Option<int>("--wait") { Description = "Wait until it is back, at most so many minutes, 1 to 15. Default: do not wait.", HelpName = "MINUTES" };
        var token = new Option<FileInfo?>("--token-out") { Description = "Write the resume token there, for --resume of the next command within 15 minutes. It is good once.", HelpName = "FILE" };
        var command = new Command("restart", "Have the computer restart.") { safe, wait, token };
        connection.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(wait) is not null && result.GetValue(wait) is < 1 or > 15) result.AddError("--wait must be 1 to 15 minutes.");
            if (result.GetResult(wait) is not null && result.GetResult(token) is not null) result.AddError("The token is good once: say --wait or --token-out.");
        });
        command.SetAction((result, cancellationToken) => Complaint.Guard(async () =>
        {
            if (result.GetValue(token) is { Exists: true } taken) throw new ArgumentException($"{taken.FullName} exists already. Name a new file.");
            ComputerRestart restart;
            await using (RemoteSession session = await connection.OpenAsync(result, Operations.Restart, cancellationToken))
            {
                restart = await session.Power.RestartAsync(result.GetValue(safe) ? RestartMode.SafeModeWithNetworking : RestartMode.Normal, cancellationToken);
                Console.WriteLine($"restarting {session.ComputerName} in {restart.In.TotalSeconds:0} s");
                if (result.GetValue(token) is { } file) NewFile.Write(file, stream => stream.Write(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(restart.ResumeToken.Span) + "\n")));
                if (result.GetValue(wait) == 0) return 0;
                SessionEnd end = await session.Completion.WaitAsync(restart.In + TimeSpan.FromMinutes(1), cancellationToken);
                if (end.Kind == SessionEndKind.EndedByComputer && end.Reason != RefusalReason.SessionEnded) throw new AccessRefusedException(end.Reason);
            }

            await using RemoteSession back = await connection.ReopenAsync(result, Operations.Restart, restart.ResumeToken, TimeSpan.FromMinutes(result.GetValue(wait)), cancellationToken);
            Console.WriteLine($"back: {back.ComputerName} ({back.Platform}), session {back.Id}");
            return 0;
        }));
        return command;
    }
}
