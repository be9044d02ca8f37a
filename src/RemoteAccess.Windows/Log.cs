using Microsoft.Extensions.Logging;

namespace RemoteAccess;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "The screen is captured by Desktop Duplication, {Outputs} outputs.")]
    public static partial void CapturesByDuplication(ILogger logger, int outputs);

    [LoggerMessage(2, LogLevel.Information, "The screen is captured by GDI, which costs more processor time than Desktop Duplication: {Reason}")]
    public static partial void CapturesByGdi(ILogger logger, string reason);

    [LoggerMessage(3, LogLevel.Warning, "Ctrl+Alt+Delete was asked for and not sent: {Reason}")]
    public static partial void SecureAttentionRefused(ILogger logger, string reason);

    [LoggerMessage(4, LogLevel.Information, "Ctrl+Alt+Delete was sent, as asked for.")]
    public static partial void SecureAttentionSent(ILogger logger);

    [LoggerMessage(5, LogLevel.Warning, "A caller at {Pipe} was refused: Windows does not say who it is. {Detail}")]
    public static partial void PipeCallerUnknown(ILogger logger, string pipe, string detail);

    [LoggerMessage(6, LogLevel.Warning, "Process {Process} of {Account} in session {Session}, {Image}, was refused at {Pipe}: {Reason}")]
    public static partial void PipeCallerRefused(ILogger logger, string pipe, int process, string account, int session, string image, string reason);

    [LoggerMessage(7, LogLevel.Information, "The {What} was started as process {Process} in session {Session}.")]
    public static partial void SessionProgramStarted(ILogger logger, string what, int process, uint session);

    [LoggerMessage(8, LogLevel.Information, "The {What}, process {Process} in session {Session}, ended: {Why}")]
    public static partial void SessionProgramEnded(ILogger logger, string what, int process, uint session, string why);

    [LoggerMessage(9, LogLevel.Warning, "The {What} cannot be started in session {Session}: {Reason}")]
    public static partial void SessionProgramRefused(ILogger logger, string what, uint session, string reason);

    [LoggerMessage(10, LogLevel.Warning, "Keys that the session helper before left down are not let go: {Reason}")]
    public static partial void LeftoverKeysStay(ILogger logger, string reason);

    [LoggerMessage(11, LogLevel.Error, "The service's work failed.")]
    public static partial void ServiceWorkFailed(ILogger logger, Exception failure);

    [LoggerMessage(12, LogLevel.Warning, "This system has no setting for services that is a {Setting}; the service is installed without it.")]
    public static partial void ServiceSettingUnknown(ILogger logger, string setting);

    [LoggerMessage(13, LogLevel.Warning, "There is no icon in the notification area: {Reason}")]
    public static partial void NoTrayIcon(ILogger logger, string reason);

    [LoggerMessage(14, LogLevel.Information, "The computer was started in safe mode, as a technician asked for; the next start is as usual again.")]
    public static partial void SafeModeUndone(ILogger logger);

    [LoggerMessage(15, LogLevel.Error, "A start in safe mode cannot be undone, and is tried again at the next start: {Reason}")]
    public static partial void SafeModeStays(ILogger logger, string reason);

    [LoggerMessage(16, LogLevel.Error, "The {What} has ended {Count} times without running for long; it is tried again every {Minutes} minutes.")]
    public static partial void SessionProgramKeepsEnding(ILogger logger, string what, int count, double minutes);

    [LoggerMessage(17, LogLevel.Critical, "The service did nothing for {Seconds} s: it hangs, and ends itself so that Windows starts it again.")]
    public static partial void ServiceHangs(ILogger logger, double seconds);

    [LoggerMessage(18, LogLevel.Information, "The customer took the restart back, and Windows does not restart.")]
    public static partial void RestartTakenBack(ILogger logger);

    [LoggerMessage(19, LogLevel.Error, "The customer took the restart back, and Windows restarts all the same (error {Error}).")]
    public static partial void RestartNotTakenBack(ILogger logger, int error);

    [LoggerMessage(20, LogLevel.Information, "The restart into safe mode did not happen; the next start is as usual again.")]
    public static partial void SafeModeTakenBack(ILogger logger);
}
