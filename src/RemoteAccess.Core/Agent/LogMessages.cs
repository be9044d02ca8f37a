using Microsoft.Extensions.Logging;
using RemoteAccess.Transport;

namespace RemoteAccess;

internal static partial class LogMessages
{
    [LoggerMessage(1, LogLevel.Information, "Listening on {EndPoint}.")]
    public static partial void Listening(ILogger logger, string endPoint);

    [LoggerMessage(2, LogLevel.Information, "{Peer}: refused, {Reason}.")]
    public static partial void ConnectRefused(ILogger logger, string peer, RefusalReason reason);

    [LoggerMessage(3, LogLevel.Information, "{Peer}: no session, {Error}: {Text}")]
    public static partial void HandshakeFailed(ILogger logger, string peer, ChannelError error, string text);

    [LoggerMessage(4, LogLevel.Information, "Session {Session} begins: {Technician}, {Operations}.")]
    public static partial void SessionBegins(ILogger logger, string session, string technician, Operations operations);

    [LoggerMessage(5, LogLevel.Information, "Session {Session} is over.")]
    public static partial void SessionOver(ILogger logger, string session);

    [LoggerMessage(6, LogLevel.Warning, "In the session, {Subject} was refused: {Reason}.")]
    public static partial void Refused(ILogger logger, string subject, RefusalReason reason);

    [LoggerMessage(7, LogLevel.Error, "The desktop cannot be used.")]
    public static partial void DesktopFailed(ILogger logger, Exception error);

    [LoggerMessage(8, LogLevel.Error, "The record cannot be kept; the session ends.")]
    public static partial void RecordFailed(ILogger logger, Exception error);

    [LoggerMessage(9, LogLevel.Debug, "Stopped: {Text}")]
    public static partial void PictureStopped(ILogger logger, string text);

    [LoggerMessage(11, LogLevel.Information, "Stopping: no new connections, and the sessions end.")]
    public static partial void Stopping(ILogger logger);

    [LoggerMessage(70, LogLevel.Warning, "A shared file or folder cannot be used.")]
    public static partial void FileFailed(ILogger logger, Exception error);

    [LoggerMessage(10, LogLevel.Error, "A connection failed unexpectedly.")]
    public static partial void ConnectionFailed(ILogger logger, Exception error);

    [LoggerMessage(12, LogLevel.Error, "The viewer's picture was not the computer's when frame {Sequence} had been shown; it is sent anew.")]
    public static partial void ProofFailed(ILogger logger, uint sequence);

    [LoggerMessage(13, LogLevel.Warning, "The session has no receipt: {Text}.")]
    public static partial void ReceiptDeclined(ILogger logger, string text);

    [LoggerMessage(14, LogLevel.Critical, "Computer {Computer}: {Text}")]
    public static partial void LedgerAlarm(ILogger logger, string computer, string text);

    [LoggerMessage(15, LogLevel.Error, "The witness store cannot be used; the computer's ledger is not watched.")]
    public static partial void WitnessFailed(ILogger logger, Exception error);

    [LoggerMessage(16, LogLevel.Warning, "The computer's receipt is not signed, because of a wrong part: {Text}.")]
    public static partial void ReceiptRefused(ILogger logger, string text);

    [LoggerMessage(17, LogLevel.Error, "A handler of what the witness found has failed.")]
    public static partial void WitnessHandlerFailed(ILogger logger, Exception error);

    [LoggerMessage(42, LogLevel.Warning, "The computer was not told what file was recorded: {Text}")]
    public static partial void RecordingUndeclared(ILogger logger, string text);

    [LoggerMessage(60, LogLevel.Warning, "A command was not started.")]
    public static partial void CommandNotStarted(ILogger logger, Exception error);

    [LoggerMessage(61, LogLevel.Debug, "A process of a command was not ended: {Text}")]
    public static partial void CommandNotEnded(ILogger logger, string text);

    [LoggerMessage(62, LogLevel.Error, "Processes that a command started cannot be ended: {Ids}.")]
    public static partial void CommandOutlives(ILogger logger, string ids);

    [LoggerMessage(55, LogLevel.Warning, "What there is to say about this computer could not be read.")]
    public static partial void SystemInfoFailed(ILogger logger, Exception error);

    [LoggerMessage(41, LogLevel.Debug, "The computer is not back yet: {Text}")]
    public static partial void StillAway(ILogger logger, string text);

    [LoggerMessage(40, LogLevel.Error, "A handler of {Event} has failed.")]
    public static partial void HandlerFailed(ILogger logger, string @event, Exception error);
}
