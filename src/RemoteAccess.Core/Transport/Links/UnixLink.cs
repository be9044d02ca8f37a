using System.IO.Pipelines;
using System.Net.Sockets;

namespace RemoteAccess.Transport;

/// <summary>A link over a Unix domain socket, between processes of one computer.</summary>
public sealed class UnixLink : ILink
{
    // asm-generic/socket.h; struct ucred is pid, uid, gid, 32 bits each.
    private const int SolSocket = 1, SoPeercred = 17, UcredBytes = 12, UidOffset = 4;

    private readonly StreamLink link;
    private readonly Socket socket;

    internal UnixLink(Socket socket, string path)
    {
        this.socket = socket;
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

    /// <summary>
    /// The numeric user id under which the other end connected, or, seen from the connecting end, under which it listens: the system's word, not
    /// the peer's. Null where this version cannot ask (elsewhere than on Linux) and when the link is gone.
    /// </summary>
    internal uint? ReadPeerUser() => ReadUserBehind(socket);

    /// <summary>
    /// The numeric user id of this process; null where this version cannot ask. Core calls no library of the system (docs/decisions/0005), but
    /// whoever connects to a socket is told who listens there.
    /// </summary>
    internal static uint? ReadOwnUser()
    {
        if (!OperatingSystem.IsLinux()) return null;
        try
        {
            using Socket listening = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified), connecting = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            // A name without a file, which nobody else can have.
            var nowhere = new UnixDomainSocketEndPoint($"\0remoteaccess-{Guid.NewGuid():N}");
            listening.Bind(nowhere);
            listening.Listen(1);
            connecting.Connect(nowhere);
            return ReadUserBehind(connecting);
        }
        catch (SocketException)
        {
            // As when no handle is left.
            return null;
        }
    }

    private static uint? ReadUserBehind(Socket socket)
    {
        if (!OperatingSystem.IsLinux()) return null;
        try
        {
            Span<byte> credentials = stackalloc byte[UcredBytes];
            return socket.GetRawSocketOption(SolSocket, SoPeercred, credentials) == UcredBytes ? BitConverter.ToUInt32(credentials[UidOffset..]) : null;
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            return null;
        }
    }

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
