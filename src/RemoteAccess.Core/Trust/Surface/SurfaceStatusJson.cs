using System.Text.Json;
using System.Text.Json.Nodes;

namespace RemoteAccess.Trust;

/// <summary>The status as a JSON object, and back. Times are milliseconds since 1970 in UTC, operations the bits of <see cref="Operations"/>.</summary>
internal static class SurfaceStatusJson
{
    public static JsonObject Describe(SurfaceStatus status) => new()
    {
        ["computer"] = status.ComputerName,
        ["blockedUntil"] = status.BlockedUntil?.ToUnixTimeMilliseconds(),
        ["trouble"] = status.Trouble,
        ["troubleWhy"] = status.TroubleWhy,
        ["troublePath"] = status.TroublePath,
        ["canStorePasswords"] = status.CanStorePasswords,
        ["folders"] = new JsonArray([.. status.Folders.Select(static folder => new JsonObject
        {
            ["name"] = folder.Name,
            ["path"] = folder.FullPath,
            ["readOnly"] = folder.IsReadOnly,
            ["customers"] = folder.IsCustomers,
        })]),
        ["foldersDamaged"] = status.AreFoldersDamaged,
        ["grants"] = new JsonArray([.. status.Grants.Select(static grant => new JsonObject
        {
            ["id"] = grant.Id,
            ["nickname"] = grant.Nickname,
            ["state"] = grant.State.ToString(),
            ["operations"] = (uint)grant.Operations,
            ["withdrawn"] = (uint)grant.Withdrawn,
            ["notAfter"] = grant.NotAfter?.ToUnixTimeMilliseconds(),
            ["hours"] = grant.Schedule is { } hours ? GrantPolicyJson.WriteHours(hours) : null,
            ["consentedBy"] = grant.ConsentedBy,
            ["failedAttempts"] = grant.FailedAttempts,
            ["needsUnlock"] = grant.NeedsUnlock,
            ["passwords"] = PasswordActs.Describe(grant.Passwords),
        })]),
        ["sessions"] = new JsonArray([.. status.Sessions.Select(static session => new JsonObject
        {
            ["id"] = session.Id,
            ["technician"] = session.Technician,
            ["nickname"] = session.Nickname,
            ["reason"] = session.Reason,
            ["operations"] = (uint)session.Operations,
            ["withdrawn"] = (uint)session.Withdrawn,
            ["used"] = (uint)session.Used,
            ["isWatching"] = session.IsWatching,
            ["chat"] = new JsonArray([.. session.Chat.Select(static said => new JsonObject
            {
                ["at"] = said.At.ToUnixTimeMilliseconds(), ["technician"] = said.IsTechnicians, ["text"] = said.Text,
            })]),
            ["isRecording"] = session.IsRecording,
            ["began"] = session.Began.ToUnixTimeMilliseconds(),
            ["expires"] = session.ExpiresAt.ToUnixTimeMilliseconds(),
        })]),
        ["notices"] = new JsonArray([.. status.Notices.Select(static notice => new JsonObject
        {
            ["id"] = notice.Id,
            ["at"] = notice.At.ToUnixTimeMilliseconds(),
            ["title"] = notice.Title,
            ["text"] = notice.Text,
            ["grant"] = notice.GrantId,
            ["facts"] = notice.Facts?.Describe(),
        })]),
    };

    /// <exception cref="InvalidDataException">A part is missing or not what an agent of this version sends: which.</exception>
    public static SurfaceStatus Read(JsonObject status) => new()
    {
        ComputerName = Text(status, "computer"),
        BlockedUntil = OptionalTime(status, "blockedUntil"),
        Trouble = OptionalText(status, "trouble"),
        TroubleWhy = Text(status, "troubleWhy"),
        TroublePath = Text(status, "troublePath"),
        CanStorePasswords = Flag(status, "canStorePasswords"),
        Folders = List(status, "folders", static folder => new SurfaceFolder(Text(folder, "name"), Text(folder, "path"), Flag(folder, "readOnly"), Flag(folder, "customers"))),
        AreFoldersDamaged = Flag(status, "foldersDamaged"),
        Grants = List(status, "grants", static grant => new SurfaceGrant
        {
            Id = Text(grant, "id"),
            Nickname = Text(grant, "nickname"),
            State = Enum.TryParse(Text(grant, "state"), out GrantState state) ? state : throw Unknown("state"),
            Operations = Acts(grant, "operations"),
            Withdrawn = Acts(grant, "withdrawn"),
            NotAfter = OptionalTime(grant, "notAfter"),
            Schedule = OptionalHours(grant, "hours"),
            ConsentedBy = Text(grant, "consentedBy"),
            FailedAttempts = (int)Math.Clamp(Number(grant, "failedAttempts"), 0, int.MaxValue),
            NeedsUnlock = Flag(grant, "needsUnlock"),
            Passwords = PasswordActs.Read(grant["passwords"]),
        }),
        Sessions = List(status, "sessions", static session => new SurfaceSession
        {
            Id = Text(session, "id"),
            Technician = Text(session, "technician"),
            Nickname = Text(session, "nickname"),
            Reason = Text(session, "reason"),
            Operations = Acts(session, "operations"),
            Withdrawn = Acts(session, "withdrawn"),
            Used = Acts(session, "used"),
            IsWatching = Flag(session, "isWatching"),
            Chat = List(session, "chat", static said => new SurfaceChatText(OptionalTime(said, "at") ?? throw Unknown("at"), Flag(said, "technician"), Text(said, "text"))),
            IsRecording = Flag(session, "isRecording"),
            Began = OptionalTime(session, "began") ?? throw Unknown("began"),
            ExpiresAt = OptionalTime(session, "expires") ?? throw Unknown("expires"),
        }),
        Notices = List(status, "notices", static notice => new SurfaceNotice
        {
            Id = Text(notice, "id"),
            At = OptionalTime(notice, "at") ?? throw Unknown("at"),
            Title = Text(notice, "title"),
            Text = Text(notice, "text"),
            GrantId = OptionalText(notice, "grant"),
            Facts = (notice["facts"] is JsonObject facts ? NoticeFacts.TryRead(facts) : null) ?? throw Unknown("facts"),
        }),
    };

    /// <summary>The last moment there is stands for "without end".</summary>
    /// <exception cref="InvalidDataException">There is no such moment.</exception>
    public static DateTimeOffset Moment(long milliseconds)
    {
        long last = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
        if (milliseconds < 0 || milliseconds > last) throw Unknown("time");
        return milliseconds == last ? DateTimeOffset.MaxValue : DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
    }

    public static string Text(JsonObject from, string member) => OptionalText(from, member) ?? throw Unknown(member);

    public static string? OptionalText(JsonObject from, string member)
    {
        if (from[member] is not { } value) return null;
        return value is JsonValue one && one.TryGetValue(out string? text) ? text : throw Unknown(member);
    }

    public static long Number(JsonObject from, string member) => JsonMembers.Number(from, member) ?? throw Unknown(member);

    public static bool Flag(JsonObject from, string member) => from[member] is JsonValue value && value.TryGetValue(out bool flag) ? flag : throw Unknown(member);

    private static Operations Acts(JsonObject from, string member) => (Operations)(Number(from, member) & (uint)Operations.All);

    private static DateTimeOffset? OptionalTime(JsonObject from, string member) => from[member] is null ? null : Moment(Number(from, member));

    private static WeeklyHours? OptionalHours(JsonObject from, string member)
    {
        if (from[member] is not { } value) return null;
        using JsonDocument document = JsonDocument.Parse(value.ToJsonString());
        return GrantPolicyJson.ReadHours(document.RootElement) ?? throw Unknown(member);
    }

    private static T[] List<T>(JsonObject from, string member, Func<JsonObject, T> read) => from[member] is JsonArray items
        ? [.. items.Select(item => read(item as JsonObject ?? throw Unknown(member)))]
        : throw Unknown(member);

    private static InvalidDataException Unknown(string member) => new($"The agent's \"{member}\" is not one that this version understands.");
}
