using System.CommandLine;
using System.Text.Json.Nodes;
using HelpdeskSamples;
using RemoteAccess;
using RemoteAccess.Trust;

namespace HelpdeskAgent;

/// <summary><c>explain</c>: whether a technician would be let in, now or at another moment, and if not, by which rule. Exit code 2 when not.</summary>
internal static class ExplainCommand
{
    public static Command Create()
    {
        Option<DirectoryInfo> state = StateOption.Create();
        Option<bool> json = StateOption.Json();
        var which = new Option<string>("--grant") { Description = "The grant's id or nickname.", HelpName = "ID|N", Required = true };
        var wanted = new Option<Operations?>("--operations")
        {
            Description = $"What the technician wants: {OperationNames.Choices}. Default: all that the grant allows.", HelpName = "LIST", CustomParser = OperationNames.Read,
        };
        var at = new Option<DateTimeOffset?>("--at")
        {
            Description = "When, in this computer's time: 18:00, 2026-12-24, 2026-12-24T18:00, or with an offset as in 2026-12-24T18:00+01:00. Default: now.", HelpName = "TIME", CustomParser = Moment.Read,
        };
        var reason = new Option<string>("--reason") { Description = "The reason that the technician gives.", HelpName = "TEXT", DefaultValueFactory = _ => "" };
        var inUse = new Option<bool>("--in-use") { Description = "Take it that somebody uses the computer then. Default: that nobody does." };
        var command = new Command("explain", "Say whether a technician would be let in, and if not, by which rule. Nothing is recorded.") { state, which, wanted, at, reason, inUse, json };
        command.SetAction((result, _) => Complaint.Guard(async () =>
        {
            await using TrustFlow trust = StateOption.OpenExisting(result.GetRequiredValue(state));
            GrantSummary grant = GrantChoice.Of(trust.Grants, result.GetRequiredValue(which), "explain");
            AccessExplanation explanation = trust.Explain(new AccessInquiry
            {
                GrantId = grant.Id,
                Wanted = result.GetValue(wanted) ?? grant.Grant?.MaxOperations ?? Operations.ViewScreen,
                Reason = result.GetValue(reason) ?? "",
                IsInUse = result.GetValue(inUse),
                // As 'run' does.
                CanCheckCredentials = true,
                At = result.GetValue(at),
            });
            Console.WriteLine(result.GetValue(json) ? Describe(grant, explanation).ToJsonString() : explanation.Sentence);
            return explanation.IsAllowed ? 0 : 2;
        }));
        return command;
    }

    private static JsonObject Describe(GrantSummary grant, AccessExplanation explanation) => new()
    {
        ["grant"] = Convert.ToHexStringLower(grant.Id.Span),
        ["allowed"] = explanation.IsAllowed,
        ["refusal"] = explanation.IsAllowed ? null : explanation.Refusal.ToString(),
        ["byComputerPolicy"] = explanation.ByComputerPolicy,
        ["at"] = explanation.At?.ToString("u"),
        ["until"] = explanation.Until?.ToString("u"),
        ["inUse"] = explanation.IsAllowed ? explanation.InUse.ToString() : null,
        ["credentials"] = explanation.CredentialsRequired,
        ["excess"] = explanation.Excess == Operations.None ? null : explanation.Excess.ToString(),
        ["retryAfterSeconds"] = explanation.RetryAfter > TimeSpan.Zero ? (long)Math.Ceiling(explanation.RetryAfter.TotalSeconds) : null,
        ["sentence"] = explanation.Sentence,
    };
}
