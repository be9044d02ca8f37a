using System.CommandLine;
using RemoteAccess;
using RemoteAccess.Sessions;

namespace CommandLineViewer;

/// <summary><c>run -- PROGRAM [ARGUMENT…]</c>: runs a program on the computer; its output, errors and exit code become this one's. Ctrl+C ends it there too.</summary>
internal static class RunCommand
{
    /// <summary>As timeout(1) has it, for a program whose time is over.</summary>
    private const int TimedOut = 124;

    public static Command Create()
    {
        var connection = new Connection();
        var timeout = new Option<int?>("--timeout") { Description = "Seconds after which it is ended, up to the computer's own limit, which is the default.", HelpName = "SECONDS" };
        var directory = new Option<string?>("--directory") { Description = "Full path of the directory it runs in. Default: the account's own.", HelpName = "DIR" };
        var input = new Option<FileInfo?>("--input") { Description = "File that it gets as standard input, up to 8192 bytes. Default: none.", HelpName = "FILE" };
        var words = new Argument<string[]>("PROGRAM [ARGUMENT...]") { Description = "What to run and what it is given, after --. No shell takes part.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("run", "Run a program on the computer, where its agent was started with --allow-commands. Exits as it does, with 124 when its time was over.") { timeout, directory, input, words };
        connection.AddTo(command);
        timeout.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int?>() is < 1 or > 86_400) given.AddError("--timeout must be 1 to 86400 seconds.");
        });
        command.SetAction((result, cancellationToken) => Complaint.Guard(async () =>
        {
            string[] given = result.GetRequiredValue(words);
            FileInfo? file = result.GetValue(input);
            var request = new CommandRequest
            {
                Program = given[0],
                Arguments = given[1..],
                WorkingDirectory = result.GetValue(directory),
                TimeLimit = result.GetValue(timeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                Input = file is null ? default : await File.ReadAllBytesAsync(file.FullName, cancellationToken),
            };
            await using RemoteSession session = await connection.OpenAsync(result, Operations.RunCommands, cancellationToken);
            await using RemoteCommand running = await session.Commands.RunAsync(request, cancellationToken);
            await ShowAsync(running, cancellationToken);
            CommandEnd end = await running.Completion.WaitAsync(cancellationToken);
            if (end.Ending == CommandEnding.TimedOut) Console.Error.WriteLine("remoteaccess-viewer: Its time was over; it was ended.");
            return end.ExitCode ?? TimedOut;
        }));
        return command;
    }

    /// <summary>Byte for byte: what a terminal makes of the output of another computer's program is up to whoever asked for it, as with ssh.</summary>
    private static async Task ShowAsync(RemoteCommand running, CancellationToken cancellationToken)
    {
        await using Stream output = Console.OpenStandardOutput(), error = Console.OpenStandardError();
        await foreach (CommandOutput part in running.ReadOutputAsync(cancellationToken))
        {
            Stream into = part.IsError ? error : output;
            await into.WriteAsync(part.Data, cancellationToken);
            await into.FlushAsync(cancellationToken);
        }
    }
}
