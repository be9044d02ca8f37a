using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using RemoteAccess;
using RemoteAccess.Trust;

namespace HelpdeskSamples;

/// <summary>The options for a new grant's rules, in the same words on site and in session.</summary>
internal static class RuleOptions
{
    private static readonly int LongestCap = (int)GrantPolicy.LongestSession.TotalMinutes;
    private static readonly Option<WeeklyHours?> Hours = new("--hours") { Description = $"At which times, {HoursText.Form}. Default: at any time.", HelpName = "HOURS", CustomParser = HoursText.Read };
    private static readonly Option<InUseRule?> InUse = new("--in-use")
    {
        Description = "What happens while somebody uses the computer: allow, ask (no answer in a minute is no), ask-or-allow (no answer is yes) or refuse. Default: allow.",
        HelpName = "RULE",
        CustomParser = ReadInUse,
    };

    private static readonly Option<bool> ReasonRequired = new("--reason-required") { Description = "The technician must give a reason for each session. Default: not." };
    private static readonly Option<int?> SessionCap = new("--session-cap")
    {
        Description = $"After how many minutes a session ends at the latest, 1 to {LongestCap}. Default: {LongestCap}.", HelpName = "MINUTES", CustomParser = ReadCap,
    };

    public static void AddTo(Command command)
    {
        foreach (Option option in (Option[])[Hours, InUse, ReasonRequired, SessionCap]) command.Options.Add(option);
    }

    /// <summary>Who grants recording says that it is allowed; whoever does not is recorded never.</summary>
    public static GrantPolicy Read(ParseResult result, Operations operations) => new()
    {
        Recording = operations.HasFlag(Operations.RecordSession) ? RecordingRule.Allowed : RecordingRule.Never,
        Hours = result.GetValue(Hours),
        InUse = result.GetValue(InUse) ?? InUseRule.Allow,
        ReasonRequired = result.GetValue(ReasonRequired),
        SessionCap = TimeSpan.FromMinutes(result.GetValue(SessionCap) ?? LongestCap),
    };

    /// <summary>A rule as it is typed.</summary>
    public static string Name(InUseRule rule) => rule switch
    {
        InUseRule.Allow => "allow",
        InUseRule.AskThenRefuse => "ask",
        InUseRule.AskThenAllow => "ask-or-allow",
        _ => "refuse",
    };

    private static InUseRule? ReadInUse(ArgumentResult result)
    {
        foreach (InUseRule rule in Enum.GetValues<InUseRule>())
        {
            if (Name(rule) == result.Tokens[0].Value) return rule;
        }
        result.AddError($"'{result.Tokens[0].Value}' is not a rule. Known: allow, ask, ask-or-allow, refuse.");
        return null;
    }

    private static int? ReadCap(ArgumentResult result)
    {
        if (int.TryParse(result.Tokens[0].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int minutes) && minutes >= 1 && minutes <= LongestCap) return minutes;
        result.AddError($"'{result.Tokens[0].Value}' is not a length of sessions: whole minutes from 1 to {LongestCap}, as in --session-cap 60.");
        return null;
    }
}
