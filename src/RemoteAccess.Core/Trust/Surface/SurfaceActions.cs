using System.Text.Json.Nodes;

namespace RemoteAccess.Trust;

/// <summary>Actions as members of a line, and back.</summary>
internal static class SurfaceActions
{
    public static JsonObject Describe(SurfaceAction action) => action switch
    {
        SurfaceAction.StopSessions => new() { ["do"] = "stop" },
        SurfaceAction.Block block => new() { ["do"] = "block", ["until"] = block.Until?.ToUnixTimeMilliseconds() },
        SurfaceAction.Unblock => new() { ["do"] = "unblock" },
        SurfaceAction.Revoke revoke => new() { ["do"] = "revoke", ["grant"] = revoke.GrantId },
        SurfaceAction.Unlock unlock => new() { ["do"] = "unlock", ["grant"] = unlock.GrantId },
        SurfaceAction.Withdraw withdraw => new() { ["do"] = "withdraw", ["session"] = withdraw.SessionId, ["operation"] = (uint)withdraw.Operation },
        SurfaceAction.Restore restore => new() { ["do"] = "restore", ["session"] = restore.SessionId, ["operation"] = (uint)restore.Operation },
        SurfaceAction.Say say => new() { ["do"] = "say", ["session"] = say.SessionId, ["text"] = say.Text },
        SurfaceAction.WithdrawFromGrant withdraw => new() { ["do"] = "withdraw", ["grant"] = withdraw.GrantId, ["operation"] = (uint)withdraw.Operation },
        SurfaceAction.RestoreToGrant restore => new() { ["do"] = "restore", ["grant"] = restore.GrantId, ["operation"] = (uint)restore.Operation },
        SurfaceAction.TakeBackFolder folder => new() { ["do"] = "take-back", ["folder"] = folder.Name },
        SurfaceAction.Dismiss dismiss => new() { ["do"] = "dismiss", ["notice"] = dismiss.Id },
        SurfaceAction.StorePassword store => new() { ["do"] = "password", ["grant"] = store.GrantId, ["language"] = store.Language },
        SurfaceAction.ForgetPassword forget => new() { ["do"] = "forget", ["grant"] = forget.GrantId, ["user"] = forget.User },
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "There is no such action."),
    };

    /// <summary>Null when it is none of this version's, or a member of it is missing or cannot be.</summary>
    public static SurfaceAction? TryRead(JsonObject message) => JsonMembers.Text(message, "do") switch
    {
        "stop" => new SurfaceAction.StopSessions(),
        "block" => TryReadBlock(message),
        "unblock" => new SurfaceAction.Unblock(),
        "revoke" when Id(message, "grant") is { } grant => new SurfaceAction.Revoke(grant),
        "unlock" when Id(message, "grant") is { } grant => new SurfaceAction.Unlock(grant),
        "withdraw" or "restore" when message.ContainsKey("session") && message.ContainsKey("grant") => null,
        "withdraw" when Id(message, "session") is { } session && Operation(message) is { } operation => new SurfaceAction.Withdraw(session, operation),
        "restore" when Id(message, "session") is { } session && Operation(message) is { } operation => new SurfaceAction.Restore(session, operation),
        "say" when Id(message, "session") is { } session => new SurfaceAction.Say(session, JsonMembers.Text(message, "text")),
        "withdraw" when Id(message, "grant") is { } grant && Operation(message) is { } operation => new SurfaceAction.WithdrawFromGrant(grant, operation),
        "restore" when Id(message, "grant") is { } grant && Operation(message) is { } operation => new SurfaceAction.RestoreToGrant(grant, operation),
        "take-back" when JsonMembers.Text(message, "folder") is var folder && Sessions.FileNames.IsAcceptable(folder) => new SurfaceAction.TakeBackFolder(folder),
        "dismiss" when Id(message, "notice") is { } notice => new SurfaceAction.Dismiss(notice),
        "password" when Id(message, "grant") is { } grant && JsonMembers.Text(message, "language") is { Length: <= 85 } language => new SurfaceAction.StorePassword(grant, language),
        "forget" when Id(message, "grant") is { } grant && JsonMembers.Text(message, "user") is { Length: > 0 } user && PlainText.IsAcceptable(user, CredentialsGate.MaxUserBytes) => new SurfaceAction.ForgetPassword(grant, user),
        _ => null,
    };

    /// <summary>32 lower-case hex digits.</summary>
    public static bool IsId(string text) => text.Length == 32 && text.All(char.IsAsciiHexDigitLower);

    private static SurfaceAction.Block? TryReadBlock(JsonObject message)
    {
        if (message["until"] is null) return new SurfaceAction.Block(null);
        return JsonMembers.Number(message, "until") is { } until && until >= 0 && until <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() ? new SurfaceAction.Block(SurfaceStatusJson.Moment(until)) : null;
    }

    private static string? Id(JsonObject message, string member) => JsonMembers.Text(message, member) is { } text && IsId(text) ? text : null;

    private static Operations? Operation(JsonObject message) =>
        JsonMembers.Number(message, "operation") is { } bits && bits > 0 && bits <= (uint)Operations.All && uint.IsPow2((uint)bits) ? (Operations)bits : null;
}
