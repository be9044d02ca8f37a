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
        var by = new Option<string>("--by") { Description = "Who revokes; recorded.", HelpName = "NAME", DefaultValueFactory = _ => Environment.UserName };
        var command = new Command("revoke", "End a grant for ever. Running sessions under it end within a second.") { state, which, by, json };
        command.SetAction((result, cancellationToken) => Complaint.Guard(async () =>
        {
            await using TrustFlow trust = StateOption.OpenExisting(result.GetRequiredValue(state));
            GrantSummary grant = Choose(trust.Grants, result.GetValue(which));
            bool revoked = await trust.RevokeAsync(grant.Id, result.GetRequiredValue(by), cancellationToken);
            if (result.GetValue(json))
                Console.WriteLine(new JsonObject { ["id"] = Convert.ToHexStringLower(grant.Id.Span), ["revoked"] = revoked }.ToJsonString());
            else
                Console.WriteLine(revoked ? $"{grant.Nickname}: revoked. Nobody gets in under it any more." : $"{grant.Nickname}: was revoked before.");
            return 0;
        }));
        return command;
    }

    private static GrantSummary Choose(IReadOnlyList<GrantSummary> grants, string? which)
    {
        GrantSummary[] candidates = which is null
            ? [.. grants.Where(grant => grant.State is not (GrantState.Revoked or GrantState.Expired))]
            : [.. grants.Where(grant => grant.Nickname == which || Convert.ToHexString(grant.Id.Span).Equals(which, StringComparison.OrdinalIgnoreCase))];
        return candidates switch
        {
            [var one] => one,
            [] => throw new ArgumentException(which is null ? "There is no grant to revoke." : $"There is no grant '{which}'. See 'remoteaccess-agent status'."),
            _ => throw new ArgumentException("There is more than one such grant; name one by its id with --grant. See 'remoteaccess-agent status'."),
        };
    }
}
