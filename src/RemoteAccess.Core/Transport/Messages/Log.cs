using Microsoft.Extensions.Logging;

namespace RemoteAccess.Transport;

internal static partial class Log
{
    [LoggerMessage(EventId = 2101, Level = LogLevel.Warning, Message = "Refused a message of an unknown kind on stream {Stream}; {Count} so far.")]
    public static partial void UnknownKind(ILogger logger, MessageStream stream, long count);
}
