using System.CommandLine;
using RemoteAccess.Trust;

namespace HelpdeskAgent;

/// <summary><c>stop</c>: every running session is over within a second; grants stay as they are.</summary>
internal static class StopCommand
{
    public static Command Create()
    {
        Option<DirectoryInfo> state = StateOption.Create();
        Option<string> by = StateOption.By("stops");
        var command = new Command("stop", "End every running session now. Technicians may connect again; to keep them out, use block.") { state, by };
        command.SetAction((result, cancellationToken) => Complaint.Guard(async () =>
        {
            await using TrustFlow trust = StateOption.OpenExisting(result.GetRequiredValue(state));
            await trust.StopSessionsAsync(result.GetRequiredValue(by), cancellationToken);
            Console.WriteLine("Every session ends within a second. Technicians may connect again; 'remoteaccess-agent block' keeps them out.");
            return 0;
        }));
        return command;
    }
}
