using System.CommandLine;
using System.Globalization;
using RemoteAccess.Trust;

namespace HelpdeskAgent;

/// <summary><c>block</c> and <c>unblock</c>: nobody gets in until a moment, or until the customer says so; sessions end within a second.</summary>
internal static class BlockCommand
{
    public static Command Create()
    {
        Option<DirectoryInfo> state = StateOption.Create();
        Option<string> by = StateOption.By("blocks");
        var until = new Option<DateTimeOffset?>("--until")
        {
            Description = "Until when, in this computer's time: 18:00, 2026-12-24, 2026-12-24T18:00, or with an offset as in 2026-12-24T18:00+01:00. Default: until unblock.",
            HelpName = "TIME",
            CustomParser = Moment.Read,
        };
        var command = new Command("block", "Keep every technician out, and end what is running within a second.") { state, until, by };
        command.SetAction((result, cancellationToken) => Complaint.Guard(async () =>
        {
            DateTimeOffset end = result.GetValue(until) ?? DateTimeOffset.MaxValue;
            if (end <= TimeProvider.System.GetUtcNow()) throw new ArgumentException($"{end:yyyy-MM-dd HH:mm zzz} is past. Name a moment to come.");
            await using TrustFlow trust = StateOption.OpenExisting(result.GetRequiredValue(state));
            await trust.BlockAsync(end, result.GetRequiredValue(by), cancellationToken);
            Console.WriteLine($"Nobody gets in {Until(end)}. To end it: remoteaccess-agent unblock");
            return 0;
        }));
        return command;
    }

    public static Command CreateUnblock()
    {
        Option<DirectoryInfo> state = StateOption.Create();
        Option<string> by = StateOption.By("unblocks");
        var command = new Command("unblock", "Let technicians in again, as far as their grants go.") { state, by };
        command.SetAction((result, cancellationToken) => Complaint.Guard(async () =>
        {
            await using TrustFlow trust = StateOption.OpenExisting(result.GetRequiredValue(state));
            bool blocked = trust.BlockedUntil > TimeProvider.System.GetUtcNow();
            if (blocked) await trust.UnblockAsync(result.GetRequiredValue(by), cancellationToken);
            Console.WriteLine(blocked ? "Unblocked. Who may get in: remoteaccess-agent status" : "Remote access was not blocked.");
            return 0;
        }));
        return command;
    }

    /// <summary>As the end of "blocked".</summary>
    public static string Until(DateTimeOffset end) =>
        end.Year >= 9999 ? "until you unblock it" : string.Create(CultureInfo.InvariantCulture, $"until {end.ToLocalTime():yyyy-MM-dd HH:mm zzz}");
}
