using System.CommandLine;
using RemoteAccess;
using RemoteAccess.Trust;

namespace CommandLineViewer;

/// <summary><c>name GRANTFILE --nickname N</c>: what <c>computers</c> calls the computer of a grant; grants hold no names.</summary>
internal static class NameCommand
{
    public static Command Create()
    {
        var grant = new Argument<FileInfo>("GRANTFILE") { Description = "The grant." };
        var nickname = new Option<string>("--nickname") { Description = "What to call the computer, as in Company:Department:User.", HelpName = "N", Required = true };
        var address = new Option<string?>("--address") { Description = "Where its agent listens. Default: what is noted; each connection notes it.", HelpName = "HOST:PORT" };
        var command = new Command("name", "Name a computer for 'computers', in computers.json beside its grant.") { grant, nickname, address };
        command.SetAction(result => Complaint.Guard(() =>
        {
            FileInfo file = result.GetRequiredValue(grant);
            if (!Grant.TryReadPem(File.ReadAllText(file.FullName), out Grant? opened)) throw new FormatException($"{file.FullName} is not a grant, or was altered: its signatures do not verify.");
            ComputerNotes.Of(file.DirectoryName ?? ".").Name(opened, result.GetRequiredValue(nickname), result.GetValue(address));
            return Task.FromResult(0);
        }));
        return command;
    }
}
