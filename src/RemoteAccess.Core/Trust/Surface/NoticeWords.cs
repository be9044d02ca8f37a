using System.Globalization;

namespace RemoteAccess.Trust;

/// <summary>The one place where the words of notices come from: English, times in one zone. Names, reasons and notes are quoted as plain text.</summary>
internal sealed class NoticeWords(TimeZoneInfo zone)
{
    /// <param name="id">The notice's.</param>
    /// <param name="facts">Null when they cannot be read.</param>
    public SurfaceNotice Say(string id, NoticeFacts? facts) => facts switch
    {
        SessionNotice session => new SurfaceNotice { Id = id, At = session.At, Title = $"{Plain(session.Technician)} was connected to this computer", Text = Text(session) },
        GrantNotice grant => new SurfaceNotice { Id = id, At = grant.At, Title = $"Unattended support was set up on {Day(grant.At)}", Text = Text(grant), GrantId = grant.GrantId },
        _ => new SurfaceNotice { Id = id, At = DateTimeOffset.UnixEpoch, Title = "A notice cannot be read", Text = "What it said is in the history." },
    };

    private string Text(SessionNotice session)
    {
        List<string> lines = [$"From {Clock(session.Began)}, for {Length(session.Lasted)}.", $"What was done: {Acts(session.Used)}."];
        if (session.Reason.Length > 0) lines.Add($"Reason given: \"{Plain(session.Reason)}\"");
        if (Why(session.End) is { } why) lines.Add(why);
        if (session.Notes.Length > 0) lines.AddRange(["Notes of the technician:", .. session.Notes.ReplaceLineEndings("\n").Split('\n').Select(Plain)]);
        return string.Join('\n', lines);
    }

    private string Text(GrantNotice grant) => string.Join('\n',
    [
        $"Under the name \"{Plain(grant.Nickname)}\", at {Clock(grant.At)}. Agreed to by {Plain(grant.ConsentedBy)}.",
        $"It allows, also when nobody is here: {Acts(grant.Operations)}.",
        $"Until {Clock(grant.NotAfter)}.",
        "Keep it, or remove it: what is removed never comes back by itself.",
    ]);

    private static string? Why(RefusalReason end) => end switch
    {
        RefusalReason.Stopped => "You stopped it.",
        RefusalReason.Blocked => "It ended because you blocked remote access.",
        RefusalReason.Revoked => "It ended because you removed the permission.",
        RefusalReason.Expired => "It ended because its time was over.",
        RefusalReason.OutsideHours => "It ended because the agreed hours were over.",
        RefusalReason.SurfaceLost => "It ended because nothing on the screen showed that somebody was connected.",
        RefusalReason.RecordUnavailable => "It ended because the record of it could not be kept.",
        _ => null,
    };

    private static string Acts(Operations operations) => operations == Operations.None ? "nothing" : string.Join(", ", TrustEvents.Names(operations).Select(static name => HistoryLine.Act(name?.ToString() ?? "")));

    private static string Length(TimeSpan lasted)
    {
        if (lasted < TimeSpan.FromMinutes(1)) return Count((long)lasted.TotalSeconds, "second");
        string minutes = Count(lasted.Minutes, "minute");
        long hours = (long)lasted.TotalHours;
        return hours == 0 ? minutes : $"{Count(hours, "hour")} {minutes}";
    }

    private static string Count(long number, string what) => string.Create(CultureInfo.InvariantCulture, $"{number} {what}{(number == 1 ? "" : "s")}");

    private string Day(DateTimeOffset moment) => TimeZoneInfo.ConvertTime(moment, zone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private string Clock(DateTimeOffset moment) => TimeZoneInfo.ConvertTime(moment, zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string Plain(string text) => PrintableText.Of(text);
}
