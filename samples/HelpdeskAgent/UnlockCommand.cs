using System.CommandLine;
using RemoteAccess.Trust;

namespace HelpdeskAgent;

/// <summary><c>unlock</c>: access codes are taken again after too many wrong ones; whoever has the right one gets in as before.</summary>
internal static class UnlockCommand
{
    public static Command Create()
    {
        Option<DirectoryInfo> state = StateOption.Create();
        var which = new Option<string?>("--grant") { Description = "The grant's id or nickname; may be left out when only one is locked.", HelpName = "ID|N" };
        Option<string> by = StateOption.By("unlocks");
        var command = new Command("unlock", "Take access codes again after too many wrong ones.") { state, which, by };
        command.SetAction((result, cancellationToken) => Complaint.Guard(async () =>
        {
            await using TrustFlow trust = StateOption.OpenExisting(result.GetRequiredValue(state));
            IReadOnlyList<GrantSummary> grants = trust.Grants;
            GrantSummary[] locked = [.. grants.Where(grant => grant.State == GrantState.LockedOut)];
            if (result.GetValue(which) is null && locked.Length == 0)
            {
                Console.WriteLine("No grant was locked.");
                return 0;
            }
            GrantSummary grant = GrantChoice.Of(result.GetValue(which) is null ? locked : grants, result.GetValue(which), "unlock");
            if (grant.State != GrantState.LockedOut)
            {
                Console.WriteLine($"{grant.Nickname}: was not locked. It is {grant.State}.");
                return 0;
            }
            if (!await trust.UnlockAsync(grant.Id, result.GetRequiredValue(by), cancellationToken)) throw new ArgumentException($"{grant.Nickname} cannot be unlocked any more. See 'remoteaccess-agent status'.");
            Console.WriteLine($"{grant.Nickname}: unlocked after {grant.FailedAttempts} wrong access codes. Whoever has the right one gets in again; to keep everybody out: remoteaccess-agent revoke");
            return 0;
        }));
        return command;
    }
}
