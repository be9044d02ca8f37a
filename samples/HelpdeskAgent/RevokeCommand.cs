using System.CommandLine;
using System.Text.Json.Nodes;
using RemoteAccess.Trust;

namespace HelpdeskAgent;

/// <summary><c>revoke</c>: ends a grant for ever; sessions under it end within a second, in a running agent too.</summary>
internal static class RevokeCommand
{
    public static Command Create()
    {
        Option<DirectoryInfo> state = StateOption.Create();
        Option<bool> json = StateOption.Json();
        var which = new Option<string?>("--grant") { Description = "The grant's id or nickname; may be left out when only one is live.", HelpName = "ID|N" };
        Option<string> by = StateOption.By("revokes");
        var yes = new Option<bool>("--yes") { Description = "Do not ask whether you are sure." };
        var command = new Command("revoke", "End a grant for ever. Running sessions under it end within a second.") { state, which, by, yes, json };
        command.SetAction((result, cancellationToken) => Complaint.Guard(async () =>
        {
            await using TrustFlow trust = StateOption.OpenExisting(result.GetRequiredValue(state));
            GrantSummary grant = GrantChoice.Of(trust.Grants, result.GetValue(which), "revoke");
            if (!result.GetValue(yes) && !IsConfirmed(grant)) return 1;
            bool revoked = await trust.RevokeAsync(grant.Id, result.GetRequiredValue(by), cancellationToken);
            if (result.GetValue(json))
                Console.WriteLine(new JsonObject { ["id"] = Convert.ToHexStringLower(grant.Id.Span), ["revoked"] = revoked }.ToJsonString());
            else
                Console.WriteLine(revoked ? $"{grant.Nickname}: revoked. Nobody gets in under it any more." : $"{grant.Nickname}: was revoked before.");
            return 0;
        }));
        return command;
    }

    private static bool IsConfirmed(GrantSummary grant)
    {
        if (Console.IsInputRedirected) throw new ArgumentException($"Revoking {grant.Nickname} is for ever. Say --yes when nobody is at a terminal to confirm it.");
        Console.Error.WriteLine($"Nobody gets in to {grant.Nickname} any more under this grant, and it cannot be brought back; a new one needs your agreement anew.");
        Console.Error.Write("Type 'revoke' to go on: ");
        if (Console.ReadLine()?.Trim() == "revoke") return true;
        Console.Error.WriteLine("Not revoked.");
        return false;
    }
}
