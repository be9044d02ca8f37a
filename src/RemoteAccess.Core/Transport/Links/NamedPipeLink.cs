using System.IO.Pipelines;
using System.IO.Pipes;

namespace RemoteAccess.Transport;

/// <summary>
/// A link over a named pipe, between processes of one account on one computer. A named pipe cannot close one direction: completing
/// <see cref="Output"/> sends what is left, but the peer sees the end only when the link is disposed.
/// </summary>
public sealed class NamedPipeLink : ILink
{
    /// <summary>How long a connect waits for a listener to take the next link before the pipe counts as unreachable.</summary>
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(2);

    private readonly StreamLink link;

    internal NamedPipeLink(PipeStream pipe, string name)
    {
        Peer = $"pipe {name}";
        link = new StreamLink(pipe, pipe.Dispose, static () => { });
    }

    /// <inheritdoc/>
    public string Peer { get; }

    /// <inheritdoc/>
    public PipeReader Input => link.Input;

    /// <inheritdoc/>
    public PipeWriter Output => link.Output;

    /// <summary>Connects to the pipe <paramref name="name"/> of the same account; a listener of another account is refused.</summary>
    /// <exception cref="ChannelException"><see cref="ChannelError.Unreachable"/>, naming the pipe.</exception>
    public static async ValueTask<NamedPipeLink> ConnectAsync(string name, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        NamedPipeClientStream pipe = new(".", name, PipeDirection.InOut, System.IO.Pipes.PipeOptions.Asynchronous | System.IO.Pipes.PipeOptions.CurrentUserOnly);
        try
        {
            await pipe.ConnectAsync(ConnectPatience, cancellationToken).ConfigureAwait(false);
            return new NamedPipeLink(pipe, name);
        }
        catch (Exception failure)
        {
            await pipe.DisposeAsync().ConfigureAwait(false);
            if (failure is TimeoutException or IOException or UnauthorizedAccessException) throw SocketEnds.Unreachable($"pipe {name}", failure);
            throw;
        }
    }

    /// <summary>Makes a link of a pipe that is connected; for platform packages, which know who is at its other end. The link owns the pipe from now on.</summary>
    /// <param name="pipe">Opened for asynchronous use in both directions.</param>
    /// <param name="name">The pipe's name, for <see cref="Peer"/>.</param>
    public static NamedPipeLink Over(PipeStream pipe, string name)
    {
        ArgumentNullException.ThrowIfNull(pipe);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new NamedPipeLink(pipe, name);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => link.DisposeAsync();
}
