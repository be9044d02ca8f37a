using Microsoft.Extensions.Logging;

namespace RemoteAccess;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "The system library {Library} could not be loaded, so credentials cannot be checked. Install the package libpam0g (Debian and Ubuntu; other systems name it alike).")]
    public static partial void PamMissing(ILogger logger, string library);

    [LoggerMessage(2, LogLevel.Error, "Credentials could not be checked: in the PAM service {Service}, {Call} answered {Result}.")]
    public static partial void PamFailed(ILogger logger, string service, string call, int result);

    [LoggerMessage(3, LogLevel.Error, "Credentials were not accepted: the PAM service {Service} asks for more than one password, which is not answered. Give this agent a service of its own, /etc/pam.d/remoteaccess.")]
    public static partial void PamAskedForMore(ILogger logger, string service);

    [LoggerMessage(4, LogLevel.Error, "Credentials were not accepted: the PAM service {Service} lets this agent's account pass without a password, so it checks nothing. Name another service.")]
    public static partial void PamAskedNothing(ILogger logger, string service);

    [LoggerMessage(5, LogLevel.Error, "Credentials could not be checked: PAM did not answer within {Seconds} s.")]
    public static partial void PamTooSlow(ILogger logger, double seconds);

    [LoggerMessage(10, LogLevel.Warning, "The computer restarts, but the system does not write so to the people who are logged on there: {Problem}.")]
    public static partial void RestartUntold(ILogger logger, string problem);

    [LoggerMessage(11, LogLevel.Error, "The customer took the restart away, and it could not be taken back: {Problem}. 'shutdown -c' stops it.")]
    public static partial void RestartNotTakenBack(ILogger logger, string problem);

    [LoggerMessage(20, LogLevel.Information, "The icon is shown in a system tray of X11 only, if there is one: {Problem}.")]
    public static partial void NoSessionBus(ILogger logger, string problem);

    [LoggerMessage(21, LogLevel.Information, "The panel's watcher of icons did not take this program's: {Problem}.")]
    public static partial void WatcherRefused(ILogger logger, string problem);
}
