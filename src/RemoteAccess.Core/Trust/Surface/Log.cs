using Microsoft.Extensions.Logging;

namespace RemoteAccess.Trust;

internal static partial class Log
{
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

    [LoggerMessage(25, LogLevel.Error, "A notice to the customer could not be kept.")]
    public static partial void NoticeNotKept(ILogger logger, Exception exception);
}
