using System.IO.Pipes;

namespace RemoteAccess.Transport;

/// <summary>
/// Listens on a named pipe that only this account can open. One instance always waits, so a caller finds the pipe at any time.
/// Thread-safe.
/// </summary>
public sealed class NamedPipeLinkListener : ILinkListener
{
    private readonly string name;
    private readonly WaitingPipe pipe;

    private NamedPipeLinkListener(string name)
    {
        this.name = name;
        pipe = new WaitingPipe(Address, isFirst => Create(name, isFirst ? PipeOptions.FirstPipeInstance : PipeOptions.None));
    }

    /// <inheritdoc/>
    public string Address => $"pipe {name}";

    /// <summary>Begins to listen; links may come in from now on.</summary>
    /// <exception cref="ChannelException"><see cref="ChannelError.Unreachable"/> when the pipe exists already or may not be made.</exception>
    public static NamedPipeLinkListener Listen(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new NamedPipeLinkListener(name);
    }

    /// <inheritdoc/>
    public async ValueTask<ILink> AcceptAsync(CancellationToken cancellationToken) => new NamedPipeLink(await pipe.AcceptAsync(cancellationToken).ConfigureAwait(false), name);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => pipe.DisposeAsync();

    private static NamedPipeServerStream Create(string name, PipeOptions extra)
    {
        try
        {
            return new NamedPipeServerStream(name, PipeDirection.InOut, NamedPipeServerStream.MaxAllowedServerInstances, PipeTransmissionMode.Byte,
                PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly | extra, inBufferSize: 64 * 1024, outBufferSize: 64 * 1024);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw SocketEnds.CannotListen($"pipe {name}", failure);
        }
    }
}
