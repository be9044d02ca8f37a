using System.IO.Pipelines;
using System.Net.Sockets;

namespace RemoteAccess.Transport;

/// <summary>A link over a Unix domain socket, between processes of one computer.</summary>
public sealed class UnixLink : ILink
{
    private readonly StreamLink link;

    internal UnixLink(Socket socket, string path)
    {
        Peer = $"unix {path}";
        link = SocketEnds.ToLink(socket);
    }

    /// <inheritdoc/>
    public string Peer { get; }

    /// <inheritdoc/>
    public PipeReader Input => link.Input;

    /// <inheritdoc/>
    public PipeWriter Output => link.Output;

    /// <summary>Connects to the socket file at <paramref name="path"/>.</summary>
    /// <exception cref="ChannelException"><see cref="ChannelError.Unreachable"/>, naming the path.</exception>
    public static async ValueTask<UnixLink> ConnectAsync(string path, CancellationToken cancellationToken)
    {
        UnixDomainSocketEndPoint endPoint = EndPointOf(path);
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
            return new UnixLink(socket, path);
        }
        catch (Exception failure)
        {
            socket.Dispose();
            if (failure is SocketException) throw SocketEnds.Unreachable($"unix {path}", failure);
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => link.DisposeAsync();

    internal static UnixDomainSocketEndPoint EndPointOf(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return new UnixDomainSocketEndPoint(path);
        }
        catch (ArgumentOutOfRangeException failure)
        {
            throw new ChannelException(ChannelError.Unreachable, $"The socket path {path} is longer than the system allows. Choose a shorter one.", failure);
        }
    }
}
