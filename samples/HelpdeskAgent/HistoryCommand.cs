using System.CommandLine;
using System.Text;
using RemoteAccess.Trust;

namespace HelpdeskAgent;

/// <summary><c>history</c>: what was done, from the ledger; with <c>--json</c> the entries themselves, one a line.</summary>
internal static class HistoryCommand
{
    public static Command Create()
    {
        Option<DirectoryInfo> state = StateOption.Create();
        Option<bool> json = StateOption.Json();
        var which = new HistoryOptions();
        var command = new Command("history", "Show what was agreed to and done, oldest first. Does not verify it: that is verify-ledger.") { state, json };
        which.AddTo(command);
        command.SetAction((result, _) => Complaint.Guard(() =>
        {
            foreach (LedgerEntry entry in which.Read(StateOption.Demand(result.GetRequiredValue(state)), result))
                Console.WriteLine(result.GetValue(json) ? Encoding.UTF8.GetString(entry.Raw.Span) : HistoryLine.Describe(entry));
            return Task.FromResult(0);
        }));
        return command;
    }
}
