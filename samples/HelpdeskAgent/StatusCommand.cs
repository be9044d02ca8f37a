using System.CommandLine;
using System.Text.Json.Nodes;
using HelpdeskSamples;
using RemoteAccess.Trust;

namespace HelpdeskAgent;

/// <summary><c>status</c>: the grants as they are now, who is connected, what is shared, and whether remote access is blocked.</summary>
internal static class StatusCommand
{
    public static Command Create()
    {
        Option<DirectoryInfo> state = StateOption.Create();
        Option<bool> json = StateOption.Json();
        var command = new Command("status", "Show who is connected, who may get in, for what and until when, and which folders are shared.") { state, json };
        command.SetAction((result, cancellationToken) => Complaint.Guard(async () =>
        {
            await using TrustFlow trust = StateOption.OpenExisting(result.GetRequiredValue(state));
            IReadOnlyList<GrantSummary> grants = trust.Grants;
            bool blocked = trust.BlockedUntil > TimeProvider.System.GetUtcNow();
            SurfaceStatus? agent = await RunningSessions.TryReadStatusAsync(result.GetRequiredValue(state).FullName, cancellationToken);
            if (result.GetValue(json)) Console.WriteLine(Describe(trust, grants, blocked, agent).ToJsonString());
            else Print(trust, grants, blocked, agent);
            return 0;
        }));
        return command;
    }

    private static void Print(TrustFlow trust, IReadOnlyList<GrantSummary> grants, bool blocked, SurfaceStatus? agent)
    {
        Console.WriteLine(blocked ? $"Remote access to {trust.ComputerName} is blocked {BlockCommand.Until(trust.BlockedUntil)}." : $"Remote access to {trust.ComputerName} is not blocked.");
        RunningSessions.Print(agent?.Sessions);
        if (grants.Count == 0) Console.WriteLine("There are no grants: nobody can get in.");
        foreach (GrantSummary grant in grants)
        {
            Console.WriteLine();
            Console.WriteLine($"{grant.Nickname}");
            Console.WriteLine($"  grant     {Convert.ToHexStringLower(grant.Id.Span)}");
            Console.WriteLine($"  state     {grant.State}{(grant.RevokedAt is { } at ? $" on {at:u}" : "")}");
            if (grant.Grant is null) continue;
            Console.WriteLine($"  allows    {grant.Grant.MaxOperations}");
            if (grant.Withdrawn != RemoteAccess.Operations.None) Console.WriteLine($"  withdrawn {grant.Withdrawn}");
            Console.WriteLine($"  until     {grant.Grant.NotAfter:u}");
            GrantPolicy rules = grant.Grant.Policy;
            Console.WriteLine($"  hours     {(rules.Hours is { } hours ? HoursText.Write(hours) : "at any time")}");
            Console.WriteLine($"  in use    {RuleOptions.Name(rules.InUse)}");
            Console.WriteLine($"  sessions  {rules.SessionCap.TotalMinutes:0} minutes at most{(rules.ReasonRequired ? ", with a reason" : "")}{(rules.CredentialsRequired ? ", with credentials of an account" : "")}");
            Console.WriteLine($"  agreed    {grant.Grant.ConsentedBy}, {grant.Grant.ConsentMethod}, {grant.Grant.Issued:u}");
            if (grant.FailedAttempts > 0) Console.WriteLine($"  attempts  {grant.FailedAttempts} wrong access codes since the last success{(grant.State == GrantState.LockedOut ? Lockout(grant) : "")}");
        }
        FolderList.Print(FolderList.Read(trust, agent));
    }

    private static string Lockout(GrantSummary grant) =>
        grant.NeedsUnlock ? "; none is taken until you say: remoteaccess-agent unlock" : $"; none is taken for {Math.Ceiling(grant.RetryAfter.TotalSeconds):0} s";

    private static JsonObject Describe(TrustFlow trust, IReadOnlyList<GrantSummary> grants, bool blocked, SurfaceStatus? agent) => new()
    {
        ["computer"] = trust.ComputerName,
        ["blockedUntil"] = blocked ? trust.BlockedUntil.ToString("u") : null,
        ["sessions"] = RunningSessions.Describe(agent?.Sessions),
        ["folders"] = FolderList.Describe(FolderList.Read(trust, agent)),
        ["grants"] = new JsonArray([.. grants.Select(grant => new JsonObject
        {
            ["id"] = Convert.ToHexStringLower(grant.Id.Span),
            ["nickname"] = grant.Nickname,
            ["state"] = grant.State.ToString(),
            ["operations"] = grant.Grant?.MaxOperations.ToString(),
            ["withdrawn"] = grant.Withdrawn.ToString(),
            ["notAfter"] = grant.Grant?.NotAfter.ToString("u"),
            ["hours"] = grant.Grant?.Policy.Hours is { } hours ? HoursText.Write(hours) : null,
            ["inUse"] = grant.Grant is { } signed ? RuleOptions.Name(signed.Policy.InUse) : null,
            ["sessionCapMinutes"] = grant.Grant is { } capped ? (int)capped.Policy.SessionCap.TotalMinutes : null,
            ["reasonRequired"] = grant.Grant?.Policy.ReasonRequired,
            ["credentialsRequired"] = grant.Grant?.Policy.CredentialsRequired,
            ["consentedBy"] = grant.Grant?.ConsentedBy,
            ["consentMethod"] = grant.Grant?.ConsentMethod.ToString(),
            ["revokedAt"] = grant.RevokedAt?.ToString("u"),
            ["failedAttempts"] = grant.FailedAttempts,
            ["needsUnlock"] = grant.NeedsUnlock,
        })]),
    };
}
