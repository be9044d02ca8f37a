using Microsoft.Extensions.Logging;

namespace RemoteAccess.Trust;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "Rejected connections could not be recorded; they are counted on.")]
    public static partial void RejectsNotRecorded(ILogger logger, Exception exception);

    [LoggerMessage(2, LogLevel.Error, "The end of session {SessionId} could not be recorded.")]
    public static partial void EndNotRecorded(ILogger logger, string sessionId, Exception exception);

    [LoggerMessage(3, LogLevel.Error, "The state of grant {GrantId} cannot be read; nobody gets in under it.")]
    public static partial void GrantUnreadable(ILogger logger, string grantId, Exception exception);

    [LoggerMessage(4, LogLevel.Error, "A refusal could not be recorded.")]
    public static partial void RefusalNotRecorded(ILogger logger, Exception exception);

    [LoggerMessage(5, LogLevel.Error, "A consent prompt failed; the answer it did not give is no.")]
    public static partial void ConsentRendererFailed(ILogger logger, Exception? exception);

    [LoggerMessage(6, LogLevel.Error, "A handler of the end of a consent prompt failed; the answer stands, and what the handler suspended may stay so.")]
    public static partial void ConsentHandlerFailed(ILogger logger, Exception exception);

    [LoggerMessage(7, LogLevel.Error, "Credentials could not be checked: the check failed with {Kind}.")]
    public static partial void AccountCheckFailed(ILogger logger, string kind);

    [LoggerMessage(40, LogLevel.Error, "A password for fill-in could not be sealed or opened: it failed with {Kind}.")]
    public static partial void SealerFailed(ILogger logger, string kind);

    [LoggerMessage(41, LogLevel.Error, "A stored password could not be filled in: it failed with {Kind}.")]
    public static partial void FillerFailed(ILogger logger, string kind);

    [LoggerMessage(42, LogLevel.Error, "Whether the log-on screen is shown is not known, and counts as not: {Kind}.")]
    public static partial void ScreenUnknown(ILogger logger, string kind);

    [LoggerMessage(43, LogLevel.Error, "Stored passwords could not be looked through for those to be erased.")]
    public static partial void SweepFailed(ILogger logger, Exception exception);

    [LoggerMessage(44, LogLevel.Error, "A handler of a stored password that is not right any more failed.")]
    public static partial void StaleHandlerFailed(ILogger logger, Exception exception);

    [LoggerMessage(20, LogLevel.Warning, "No surface can connect, so no session can begin: {Problem}")]
    public static partial void SurfaceNotListening(ILogger logger, string problem);

    [LoggerMessage(21, LogLevel.Warning, "A program of another account (user id {User}) wanted to be the surface and was turned away.")]
    public static partial void SurfaceOfOtherUser(ILogger logger, uint? user);

    [LoggerMessage(22, LogLevel.Warning, "A surface was turned away: {Max} are connected.")]
    public static partial void TooManySurfaces(ILogger logger, int max);

    [LoggerMessage(23, LogLevel.Information, "The surface of {Actor} is gone: {How}.")]
    public static partial void SurfaceGone(ILogger logger, string actor, string how);

    [LoggerMessage(24, LogLevel.Error, "Something that a surface shows cannot be read; it is told so.")]
    public static partial void SurfaceStateUnreadable(ILogger logger, Exception exception);

    [LoggerMessage(26, LogLevel.Error, "A session that ended without a word could not be recorded as lost; the next process that opens the state tries again.")]
    public static partial void LostSessionNotRecorded(ILogger logger, Exception exception);

    [LoggerMessage(27, LogLevel.Error, "A session that is over is still marked as running, until the state is opened again.")]
    public static partial void SessionMarkNotClosed(ILogger logger, Exception exception);

    [LoggerMessage(25, LogLevel.Error, "A notice to the customer could not be kept.")]
    public static partial void NoticeNotKept(ILogger logger, Exception exception);

    [LoggerMessage(28, LogLevel.Error, "The list of folders that the customer shares cannot be read; none of them is shared.")]
    public static partial void SharedFoldersUnreadable(ILogger logger, Exception exception);
}
