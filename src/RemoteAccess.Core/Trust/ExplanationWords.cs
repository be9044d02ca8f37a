using System.Globalization;

namespace RemoteAccess.Trust;

/// <summary>The policy's answer in one English sentence, with times in one zone.</summary>
internal sealed class ExplanationWords(TimeZoneInfo zone, DateTimeOffset asked)
{
    public string Say(PolicyAnswer answer, DateTimeOffset? until, InUseRule inUse, bool byComputer, bool wantsCredentials) =>
        PrintableText.Of(answer.Refusal == RefusalReason.None ? Allowed(until) + Asked(answer.Asks, inUse) + (wantsCredentials ? " The technician must then give credentials of the computer before anything else." : "") : $"Refused{(byComputer ? " by the computer's own policy (policy.json)" : "")}: {Rule(answer)}.");

    private string Allowed(DateTimeOffset? until) => $"Allowed: with the right access code a session may begin, and would end {Time(until)} at the latest.";

    private static string Asked(bool isInUse, InUseRule rule) => rule switch
    {
        InUseRule.Allow => "",
        InUseRule.Refuse => " None begins while somebody uses the computer.",
        _ => $" {(isInUse ? "The computer is in use: its" : "While somebody uses the computer, its")} user is asked first; no answer within a minute is {(rule == InUseRule.AskThenAllow ? "yes" : "no")}.",
    };

    private string Rule(PolicyAnswer answer) => answer.Refusal switch
    {
        RefusalReason.GrantUnknown => "this computer has no such grant",
        RefusalReason.GrantChanged => "the technician holds another version of the grant",
        RefusalReason.Expired when answer.At > asked => $"the time agreed to begins {Time(answer.At)}",
        RefusalReason.Expired => $"the time agreed to ended {Time(answer.At)}",
        RefusalReason.CodeSpent => "the session code was used, or its ten minutes are over",
        RefusalReason.Revoked => $"the grant was revoked {Time(answer.At)}, for ever",
        RefusalReason.SuiteTooWeak => "the grant asks for stronger cryptography",
        RefusalReason.RuleNotSupported => "a rule is in force that this version cannot keep (a person must be seen or asked and nobody can be, credentials of the computer be checked and nothing can, or enforced recording)",
        RefusalReason.Blocked when answer.At is { Year: >= 9999 } => "remote access is blocked until it is unblocked at the computer",
        RefusalReason.Blocked => $"remote access is blocked until {Clock(answer.At)}",
        RefusalReason.OutsideHours when answer.At is null => "it is outside the hours agreed to, which do not open within three weeks",
        RefusalReason.OutsideHours => $"it is outside the hours agreed to, which open {Time(answer.At)}",
        RefusalReason.OperationNotGranted when answer.Excess == Operations.None => "no operation was asked for",
        RefusalReason.OperationNotGranted => $"it was not agreed to {Acts(answer.Excess)}",
        RefusalReason.Withdrawn => "the customer took away for now all that was asked for",
        RefusalReason.ReasonRequired => "a reason must be given, and none was",
        RefusalReason.LockedOut when answer.RetryAfter > TimeSpan.Zero => string.Create(CultureInfo.InvariantCulture,
            $"after too many wrong access codes the next is taken in {Math.Ceiling(answer.RetryAfter.TotalSeconds):0} s"),
        RefusalReason.LockedOut => "after too many wrong access codes none is taken until the grant is unlocked at the computer",
        RefusalReason.Busy => "another attempt for this grant is under way",
        RefusalReason.InUse => "the computer is in use, and then no session begins",
        RefusalReason.SurfaceLost => "nothing at the computer shows its user who is connected",
        RefusalReason.RecordUnavailable => "what the computer keeps on its disk cannot be used",
        _ => answer.Refusal.ToString(),
    };

    private static string Acts(Operations operations) => string.Join(", ", TrustEvents.Names(operations).Select(name => HistoryLine.Act(name?.ToString() ?? "")))
        is { Length: > 0 } known ? known : "what this version does not know";

    private string Time(DateTimeOffset? moment) => $"at {Clock(moment)}";

    private string Clock(DateTimeOffset? moment) => moment is { } at
        ? TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture)
        : "an unknown moment";
}
