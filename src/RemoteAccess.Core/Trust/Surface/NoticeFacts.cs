using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RemoteAccess.Trust;

/// <summary>What a notice tells, as it is kept; its words are made when it is shown (<see cref="NoticeWords"/>). Immutable.</summary>
internal abstract record NoticeFacts
{
    private const int Version = 1;

    /// <summary>As much of a person's text as a notice quotes.</summary>
    private const int MaxText = 1024, MaxNotes = 4096;

    private static readonly JsonDocumentOptions Reading = new() { MaxDepth = 4, AllowDuplicateProperties = false };

    /// <summary>When it happened.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>32 hex digits that sort by time.</summary>
    /// <param name="own">At least 10 bytes that no other notice has, for the same id each time; random ones when it is empty.</param>
    public string NewId(ReadOnlySpan<byte> own)
    {
        string end = Convert.ToHexStringLower(own.IsEmpty ? RandomNumberGenerator.GetBytes(10) : own[..10]);
        return string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, At.ToUnixTimeMilliseconds()):x12}{end}");
    }

    public byte[] Encode() => Encoding.UTF8.GetBytes(Describe().ToJsonString());

    public JsonObject Describe()
    {
        JsonObject json = this switch
        {
            SessionNotice session => new()
            {
                ["kind"] = "session",
                ["technician"] = PrintableText.Cut(session.Technician, MaxText),
                ["reason"] = PrintableText.Cut(session.Reason, MaxText),
                ["began"] = session.Began.ToUnixTimeMilliseconds(),
                ["seconds"] = (long)session.Lasted.TotalSeconds,
                ["used"] = (uint)session.Used,
                ["end"] = (int)session.End,
                ["notes"] = PrintableText.Cut(session.Notes, MaxNotes),
                ["lost"] = session.IsLost ? 1 : 0,
            },
            GrantNotice grant => new()
            {
                ["kind"] = "grant",
                ["grant"] = grant.GrantId,
                ["nickname"] = PrintableText.Cut(grant.Nickname, MaxText),
                ["operations"] = (uint)grant.Operations,
                ["notAfter"] = grant.NotAfter.ToUnixTimeMilliseconds(),
                ["consentedBy"] = PrintableText.Cut(grant.ConsentedBy, MaxText),
            },
            PasswordNotice password => new() { ["kind"] = "password", ["user"] = PrintableText.Cut(password.User, MaxText) },
            DamagedNotice => new() { ["kind"] = "damaged" },
            _ => throw new InvalidOperationException("There is no such notice."),
        };
        json["version"] = Version;
        json["at"] = At.ToUnixTimeMilliseconds();
        return json;
    }

    /// <summary>Null when it is not a notice of this version.</summary>
    public static NoticeFacts? TryRead(ReadOnlySpan<byte> encoded)
    {
        try
        {
            return JsonNode.Parse(encoded, documentOptions: Reading) is JsonObject json ? TryRead(json) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <inheritdoc cref="TryRead(ReadOnlySpan{byte})"/>
    public static NoticeFacts? TryRead(JsonObject json)
    {
        try
        {
            return JsonMembers.Number(json, "version") == Version ? Read(json) : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static NoticeFacts? Read(JsonObject json) => JsonMembers.Text(json, "kind") switch
    {
        "session" => new SessionNotice
        {
            At = Moment(json, "at"),
            Technician = SurfaceStatusJson.Text(json, "technician"),
            Reason = SurfaceStatusJson.Text(json, "reason"),
            Began = Moment(json, "began"),
            Lasted = TimeSpan.FromSeconds(Math.Clamp(SurfaceStatusJson.Number(json, "seconds"), 0, int.MaxValue)),
            Used = Acts(json, "used"),
            End = (RefusalReason)(byte)SurfaceStatusJson.Number(json, "end"),
            Notes = SurfaceStatusJson.Text(json, "notes"),
            IsLost = JsonMembers.Number(json, "lost") == 1,
        },
        "grant" when SurfaceActions.IsId(JsonMembers.Text(json, "grant")) => new GrantNotice
        {
            At = Moment(json, "at"),
            GrantId = JsonMembers.Text(json, "grant"),
            Nickname = SurfaceStatusJson.Text(json, "nickname"),
            Operations = Acts(json, "operations"),
            NotAfter = Moment(json, "notAfter"),
            ConsentedBy = SurfaceStatusJson.Text(json, "consentedBy"),
        },
        "password" => new PasswordNotice { At = Moment(json, "at"), User = SurfaceStatusJson.Text(json, "user") },
        "damaged" => new DamagedNotice { At = Moment(json, "at") },
        _ => null,
    };

    private static DateTimeOffset Moment(JsonObject json, string member) => SurfaceStatusJson.Moment(SurfaceStatusJson.Number(json, member));

    private static Operations Acts(JsonObject json, string member) => (Operations)(SurfaceStatusJson.Number(json, member) & (uint)Operations.All);
}

/// <summary>A session is over.</summary>
internal sealed record SessionNotice : NoticeFacts
{
    public required string Technician { get; init; }
    public required string Reason { get; init; }
    public required DateTimeOffset Began { get; init; }
    public required TimeSpan Lasted { get; init; }
    public required Operations Used { get; init; }

    /// <summary><see cref="RefusalReason.SessionEnded"/> when no rule ended it.</summary>
    public required RefusalReason End { get; init; }

    /// <summary>What the technician wrote for the customer; lines of text, may be empty.</summary>
    public string Notes { get; init; } = "";

    /// <summary>Whether it broke off, and no end is recorded: it lasted at least so long.</summary>
    public bool IsLost { get; init; }

    public static SessionNotice Of(SessionStory story) => new()
    {
        At = (story.Lost ?? story.Last).Time,
        Technician = JsonMembers.Text(story.Accepted.Actor(), "name"),
        Reason = JsonMembers.Text(story.Accepted.Data(), "reason"),
        Began = story.Accepted.Time,
        Lasted = story.Lasted,
        Used = story.Used,
        End = RefusalReason.SessionEnded,
        IsLost = true,
    };

    public static SessionNotice Of(LiveSession session, DateTimeOffset now, TimeSpan lasted, string notes)
    {
        SurfaceSession seen = session.Describe();
        return new SessionNotice { At = now, Technician = seen.Technician, Reason = seen.Reason, Began = seen.Began, Lasted = lasted, Used = seen.Used, End = session.EndReason, Notes = notes };
    }
}

/// <summary>A stored password was not right any more and is deleted.</summary>
internal sealed record PasswordNotice : NoticeFacts
{
    /// <summary>The account.</summary>
    public required string User { get; init; }
}

/// <summary>What was to be told cannot be read.</summary>
internal sealed record DamagedNotice : NoticeFacts;

/// <summary>Somebody set up unattended support at the computer.</summary>
internal sealed record GrantNotice : NoticeFacts
{
    public required string GrantId { get; init; }
    public required string Nickname { get; init; }
    public required Operations Operations { get; init; }
    public required DateTimeOffset NotAfter { get; init; }
    public required string ConsentedBy { get; init; }

    public static GrantNotice Of(Grant grant, string nickname, DateTimeOffset now) => new()
    {
        At = now,
        GrantId = GrantStore.NameOf(grant.Id.Span),
        Nickname = nickname,
        Operations = grant.MaxOperations,
        NotAfter = grant.NotAfter,
        ConsentedBy = grant.ConsentedBy,
    };
}
