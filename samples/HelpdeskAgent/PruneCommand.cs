using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using RemoteAccess.Trust;

namespace HelpdeskAgent;

/// <summary><c>prune</c>: takes old entries out of the record for ever; their hashes stay, so that the rest can still be verified.</summary>
internal static class PruneCommand
{
    public static Command Create()
    {
        Option<DirectoryInfo> state = StateOption.Create();
        Option<bool> json = StateOption.Json();
        var before = new Option<DateTimeOffset?>("--before") { Description = "Entries older than this go, in whole files of 16 MiB; at least a day ago.", HelpName = "TIME", Required = true, CustomParser = Moment.Read };
        Option<string> by = StateOption.By("prunes");
        var yes = new Option<bool>("--yes") { Description = "Do not ask whether you are sure." };
        var command = new Command("prune", "Delete old entries of the record for ever and keep their hashes. What is left can still be verified.") { state, before, by, yes, json };
        command.SetAction((result, cancellationToken) => Complaint.Guard(async () =>
        {
            await using TrustFlow trust = StateOption.OpenExisting(result.GetRequiredValue(state));
            DateTimeOffset moment = result.GetRequiredValue(before) ?? throw new ArgumentException("--before needs a moment.");
            if (!result.GetValue(yes) && !IsConfirmed(moment)) return 1;
            long pruned = await trust.PruneAsync(moment, result.GetRequiredValue(by), cancellationToken);
            if (result.GetValue(json)) Console.WriteLine(new JsonObject { ["pruned"] = pruned }.ToJsonString());
            else Console.WriteLine(pruned == 0 ? "Nothing was pruned: no whole file of the record is that old." : $"{pruned} entries were pruned; their hashes are kept, and that it was done is recorded.");
            return 0;
        }));
        return command;
    }

    private static bool IsConfirmed(DateTimeOffset before)
    {
        if (Console.IsInputRedirected) throw new ArgumentException("What is pruned cannot be brought back. Say --yes when nobody is at a terminal to confirm it.");
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"What the record says about the time before {before:yyyy-MM-dd HH:mm} can be deleted for ever, the words you agreed to then among it. Grants stay in force as they are. Export it first if you may need it: remoteaccess-agent history --json --out FILE"));
        Console.Error.Write("Type 'prune' to go on: ");
        if (Console.ReadLine()?.Trim() == "prune") return true;
        Console.Error.WriteLine("Nothing was pruned.");
        return false;
    }
}
