using System.CommandLine;
using System.Text.Json.Nodes;
using RemoteAccess.Trust;

namespace HelpdeskAgent;

/// <summary><c>verify-ledger</c>: proves that the record is the one this computer signed. Exit code 2 when it is not.</summary>
internal static class VerifyLedgerCommand
{
    public static Command Create()
    {
        Option<DirectoryInfo> state = StateOption.Create();
        Option<bool> json = StateOption.Json();
        var command = new Command("verify-ledger", "Check the record: order, completeness, signatures. Exit code 2 when something is wrong.") { state, json };
        command.SetAction((result, _) => Complaint.Guard(() =>
        {
            LedgerVerification verification = LedgerVerifier.VerifyState(StateOption.Demand(result.GetRequiredValue(state)));
            Console.WriteLine(result.GetValue(json) ? Describe(verification).ToJsonString() : verification.ToString());
            return Task.FromResult(verification.Ok ? 0 : 2);
        }));
        return command;
    }

    private static JsonObject Describe(LedgerVerification verification) => new()
    {
        ["ok"] = verification.Ok,
        ["entries"] = verification.Entries,
        ["signedEntries"] = verification.SignedEntries,
        ["checkpoints"] = verification.Checkpoints,
        ["prunedEntries"] = verification.PrunedEntries,
        ["root"] = Convert.ToHexStringLower(verification.Root.Span),
        ["problem"] = verification.Problem is not { } problem ? null : new JsonObject
        {
            ["file"] = problem.File,
            ["offset"] = problem.Offset,
            ["sequence"] = problem.Sequence,
            ["text"] = problem.Text,
        },
    };
}
