using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using RemoteAccess.Trust;

namespace HelpdeskAgent;

/// <summary><c>history</c>: what was done, from the ledger; with <c>--json</c> the entries themselves, one a line.</summary>
internal static class HistoryCommand
{
    public static Command Create()
    {
        Option<DirectoryInfo> state = StateOption.Create();
        Option<bool> json = StateOption.Json();
        var command = new Command("history", "Show what was agreed to and done, oldest first.") { state, json };
        command.SetAction((result, _) => Complaint.Guard(async () =>
        {
            await using TrustFlow trust = StateOption.OpenExisting(result.GetRequiredValue(state));
            foreach (LedgerEntry entry in trust.ReadHistory())
                Console.WriteLine(result.GetValue(json) ? Encoding.UTF8.GetString(entry.Raw.Span) : HistoryLine.Describe(entry));
            return 0;
        }));
        return command;
    }
}
