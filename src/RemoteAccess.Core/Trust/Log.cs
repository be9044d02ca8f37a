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
}
