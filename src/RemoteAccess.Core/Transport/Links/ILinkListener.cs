namespace RemoteAccess.Transport;

/// <summary>Waits for links at an address of this computer. Thread-safe; disposing it stops listening and leaves accepted links alone.</summary>
public interface ILinkListener : IAsyncDisposable
{
    /// <summary>Where it listens, for people and logs: "tcp 0.0.0.0:4711", "unix /run/agent.sock", "pipe support".</summary>
    string Address { get; }

    /// <summary>The next link; the caller owns it. A caller that gives up before a link is complete does not disturb the listener.</summary>
    /// <exception cref="ChannelException"><see cref="ChannelError.Closed"/> once disposed; <see cref="ChannelError.LimitExceeded"/> while the
    /// system has no handle left for another link.</exception>
    ValueTask<ILink> AcceptAsync(CancellationToken cancellationToken);
}
