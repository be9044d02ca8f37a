using System.CommandLine;
using System.Text.Json.Nodes;
using RemoteAccess.Trust;

namespace HelpdeskAgent;

/// <summary><c>status</c>: the grants as they are now, and whether remote access is blocked.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        Option<DirectoryInfo> state = StateOption.Create();
        Option<bool> json = StateOption.Json();
        var command = new Command("status", "Show who may get in, for what and until when.") { state, json };
        command.SetAction((result, _) => Complaint.Guard(async () =>
        {
            await using TrustFlow trust = StateOption.OpenExisting(result.GetRequiredValue(state));
            IReadOnlyList<GrantSummary> grants = trust.Grants;
            bool blocked = trust.BlockedUntil > TimeProvider.System.GetUtcNow();
            if (result.GetValue(json)) Console.WriteLine(Describe(trust, grants, blocked).ToJsonString());
            else Print(trust, grants, blocked);
            return 0;
        }));
        return command;
    }

    private static void Print(TrustFlow trust, IReadOnlyList<GrantSummary> grants, bool blocked)
    {
        Console.WriteLine(blocked ? $"Remote access to {trust.ComputerName} is blocked {BlockCommand.Until(trust.BlockedUntil)}." : $"Remote access to {trust.ComputerName} is not blocked.");
        if (grants.Count == 0) Console.WriteLine("There are no grants: nobody can get in.");
        foreach (GrantSummary grant in grants)
        {
            Console.WriteLine();
            Console.WriteLine($"{grant.Nickname}");
            Console.WriteLine($"  grant     {Convert.ToHexStringLower(grant.Id.Span)}");
            Console.WriteLine($"  state     {grant.State}{(grant.RevokedAt is { } at ? $" on {at:u}" : "")}");
            if (grant.Grant is null) continue;
            Console.WriteLine($"  allows    {grant.Grant.MaxOperations}");
            Console.WriteLine($"  until     {grant.Grant.NotAfter:u}");
            Console.WriteLine($"  agreed    {grant.Grant.ConsentedBy}, {grant.Grant.ConsentMethod}, {grant.Grant.Issued:u}");
            if (grant.FailedAttempts > 0) Console.WriteLine($"  attempts  {grant.FailedAttempts} wrong access codes since the last success");
        }
    }

    private static JsonObject Describe(TrustFlow trust, IReadOnlyList<GrantSummary> grants, bool blocked) => new()
    {
        ["computer"] = trust.ComputerName,
        ["blockedUntil"] = blocked ? trust.BlockedUntil.ToString("u") : null,
        ["grants"] = new JsonArray([.. grants.Select(grant => new JsonObject
        {
            ["id"] = Convert.ToHexStringLower(grant.Id.Span),
            ["nickname"] = grant.Nickname,
            ["state"] = grant.State.ToString(),
            ["operations"] = grant.Grant?.MaxOperations.ToString(),
            ["notAfter"] = grant.Grant?.NotAfter.ToString("u"),
            ["consentedBy"] = grant.Grant?.ConsentedBy,
            ["consentMethod"] = grant.Grant?.ConsentMethod.ToString(),
            ["revokedAt"] = grant.RevokedAt?.ToString("u"),
            ["failedAttempts"] = grant.FailedAttempts,
        })]),
    };
}
