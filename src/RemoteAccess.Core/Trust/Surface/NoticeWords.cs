using System.Globalization;
using System.Text.Json.Nodes;

namespace RemoteAccess.Trust;

/// <summary>The one place where the words of notices and refusals come from, in one language, times in one zone. Names, reasons and notes are quoted as plain text.</summary>
internal sealed class NoticeWords(CultureInfo culture, TimeZoneInfo zone)
{
    /// <summary>What the agent says itself.</summary>
    public static readonly NoticeWords English = new(CultureInfo.InvariantCulture, TimeZoneInfo.Utc);

    private readonly NoticeTexts texts = NoticeTexts.For(culture);

    public NoticeTexts Texts => texts;

    /// <summary>ISO 639-1 code.</summary>
    public string Language => texts.Language;

    /// <summary>A refusal of the surface's own process.</summary>
    public SurfaceException Refusal(SurfaceProblem problem, Exception? inner = null) => new(texts[$"error.{problem}"], inner);

    /// <summary>The agent's refusal. English, which may say more, and what an agent of another version says stay as they came.</summary>
    /// <param name="answer">With an <c>error</c>.</param>
    public SurfaceException Refusal(JsonObject answer)
    {
        string why = Sentence(JsonMembers.Text(answer, "why"), JsonMembers.Text(answer, "about")) ?? JsonMembers.Text(answer, "error");
        return new SurfaceException(Language != English.Language && answer["isDone"] is JsonValue done && done.TryGetValue(out bool isDone) && isDone ? texts.Fill("error.done", why) : why);
    }

    /// <summary>What a status tells, in this language.</summary>
    public SurfaceStatus Say(SurfaceStatus status) => status with
    {
        Trouble = status.Trouble is null ? null : Sentence(status.TroubleWhy, status.TroublePath) ?? status.Trouble,
        Grants = [.. status.Grants.Select(grant => grant.Schedule is { } hours ? grant with { Hours = HoursWords.Say(hours, CultureInfo.GetCultureInfo(Language)) } : grant)],
        Notices = [.. status.Notices.Select(notice => notice.Facts is { } facts ? Say(notice.Id, facts) : notice)],
    };

    /// <param name="id">The notice's.</param>
    /// <param name="facts">What it tells.</param>
    public SurfaceNotice Say(string id, NoticeFacts facts) => facts switch
    {
        SessionNotice session => new SurfaceNotice { Id = id, At = session.At, Title = texts.Fill("session.title", Plain(session.Technician)), Text = Text(session), Facts = facts },
        GrantNotice grant => new SurfaceNotice { Id = id, At = grant.At, Title = texts.Fill("grant.title", Day(grant.At)), Text = Text(grant), GrantId = grant.GrantId, Facts = facts },
        PasswordNotice password => new SurfaceNotice { Id = id, At = password.At, Title = texts["password.title"], Text = texts.Fill("password.text", Clock(password.At), Plain(password.User)), Facts = facts },
        _ => new SurfaceNotice { Id = id, At = facts.At, Title = texts["damaged.title"], Text = texts["damaged.text"], Facts = facts },
    };

    private string? Sentence(string why, string about) => Language != English.Language && texts.All.ContainsKey($"error.{why}") ? texts.Fill($"error.{why}", Plain(about)) : null;

    private string Text(SessionNotice session)
    {
        List<string> lines = [texts.Fill(session.IsLost ? "session.time.lost" : "session.time", Clock(session.Began), Length(session.Lasted)), texts.Fill("session.did", Acts(session.Used))];
        if (session.Reason.Length > 0) lines.Add(texts.Fill("session.reason", Plain(session.Reason)));
        if (session.IsLost) lines.Add(texts["end.lost"]);
        // Only what a person can take in: an end by any other rule is in the history.
        if (texts.All.TryGetValue($"end.{session.End}", out string? why)) lines.Add(why);
        if (session.Notes.Length > 0) lines.AddRange([texts["session.notes"], .. session.Notes.ReplaceLineEndings("\n").Split('\n').Select(Plain)]);
        return string.Join('\n', lines);
    }

    private string Text(GrantNotice grant) => string.Join('\n',
    [
        texts.Fill("grant.name", Plain(grant.Nickname), Clock(grant.At), Plain(grant.ConsentedBy)),
        texts.Fill("grant.allows", Acts(grant.Operations)),
        texts.Fill("grant.until", Clock(grant.NotAfter)),
        texts["grant.choice"],
    ]);

    private string Acts(Operations operations) => operations == Operations.None ? texts["acts.none"] : string.Join(", ", TrustEvents.Names(operations).Select(name => texts[$"acts.{name}"]));

    private string Length(TimeSpan lasted)
    {
        if (lasted < TimeSpan.FromMinutes(1)) return Count((long)lasted.TotalSeconds, "second");
        string minutes = Count(lasted.Minutes, "minute");
        long hours = (long)lasted.TotalHours;
        return hours == 0 ? minutes : $"{Count(hours, "hour")} {minutes}";
    }

    private string Count(long number, string what) => texts.Fill($"{what}.{(number == 1 ? "one" : "many")}", number);

    /// <summary>As ISO 8601 has it: it is read in every language.</summary>
    private string Day(DateTimeOffset moment) => TimeZoneInfo.ConvertTime(moment, zone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private string Clock(DateTimeOffset moment) => TimeZoneInfo.ConvertTime(moment, zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static string Plain(string text) => PrintableText.Of(text);
}
