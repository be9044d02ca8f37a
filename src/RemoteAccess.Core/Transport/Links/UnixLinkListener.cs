using System.Net.Sockets;
using System.Runtime.Versioning;

namespace RemoteAccess.Transport;

/// <summary>
/// Listens on a Unix domain socket that only this account can open (mode 0600). One listener a path: a lock file beside it (".lock") is
/// held meanwhile. A socket file left by a process that is gone is replaced; anything else at the path is left alone. Thread-safe.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class UnixLinkListener : ILinkListener
{
    /// <summary>Links that may wait to be accepted; one more is refused at once on a Unix socket, so this is generous.</summary>
    private const int Backlog = 512;

    private readonly Socket listening;
    private readonly FileStream pathLock;
    private readonly string path;

    private UnixLinkListener(Socket listening, FileStream pathLock, string path)
    {
        this.listening = listening;
        this.pathLock = pathLock;
        this.path = path;
    }

    /// <inheritdoc/>
    public string Address => $"unix {path}";

    /// <summary>Begins to listen; links may come in from now on.</summary>
    /// <exception cref="ChannelException"><see cref="ChannelError.Unreachable"/> when somebody listens there, when something that is no
    /// socket is there, or when the file cannot be made.</exception>
    public static UnixLinkListener Listen(string path) => Listen(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);

    /// <summary>The same for other accounts too: who connects is to be looked at (<see cref="UnixLink.ReadPeerUser"/>).</summary>
    internal static UnixLinkListener Listen(string path, UnixFileMode mode)
    {
        UnixDomainSocketEndPoint endPoint = UnixLink.EndPointOf(path);
        FileStream? pathLock = null;
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            pathLock = new FileStream(path + ".lock", new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            });
            StaleSocketFile.RemoveIfNobodyListens(path, endPoint);
            socket.Bind(endPoint);
            // Nobody can connect between Bind and Listen, so nobody gets in under a wider mode.
            File.SetUnixFileMode(path, mode);
            socket.Listen(Backlog);
            return new UnixLinkListener(socket, pathLock, path);
        }
        catch (Exception failure)
        {
            socket.Dispose();
            pathLock?.Dispose();
            if (failure is SocketException or IOException or UnauthorizedAccessException) throw SocketEnds.CannotListen($"unix {path}", failure);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ILink> AcceptAsync(CancellationToken cancellationToken) =>
        new UnixLink(await SocketEnds.AcceptAsync(listening, Address, cancellationToken).ConfigureAwait(false), path);

    /// <summary>Stops listening and removes the socket file.</summary>
    public ValueTask DisposeAsync()
    {
        // The runtime removes the file of a bound socket when it is disposed; the lock goes last, so the path is never shared.
        listening.Dispose();
        pathLock.Dispose();
        return ValueTask.CompletedTask;
    }
}
