namespace RemoteAccess.Transport;

/// <summary>How a channel failed.</summary>
public enum ChannelError
{
    /// <summary>The link ended without the authenticated close: the connection was cut, not finished.</summary>
    Truncated,
    /// <summary>The peer sent bytes that are not the protocol.</summary>
    Malformed,
    /// <summary>A well-formed message at a moment it is not allowed.</summary>
    OutOfOrder,
    /// <summary>A record or signature did not verify: altered on the way, or not the expected peer.</summary>
    NotAuthentic,
    /// <summary>The peer exceeded a limit of size, count or rate.</summary>
    LimitExceeded,
    /// <summary>The peer did not answer in time.</summary>
    TimedOut,
    /// <summary>No common version or suite.</summary>
    Incompatible,
    /// <summary>The link could not be opened.</summary>
    Unreachable,
    /// <summary>This side has closed the channel.</summary>
    Closed,
}

/// <summary>The end-to-end channel failed and is over; a new connection makes a new channel, never a weaker one.</summary>
public sealed class ChannelException(ChannelError error, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>How it failed.</summary>
    public ChannelError Error { get; } = error;
}
