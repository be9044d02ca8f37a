using System.Net;
using System.Net.Sockets;

namespace RemoteAccess.Transport;

/// <summary>Listens for TCP links. On <see cref="IPAddress.IPv6Any"/> it takes IPv4 too. Thread-safe.</summary>
public sealed class TcpLinkListener : ILinkListener
{
    /// <summary>Links that may wait to be accepted.</summary>
    private const int Backlog = 512;

    private readonly Socket listening;

    private TcpLinkListener(Socket listening)
    {
        this.listening = listening;
        LocalEndPoint = (IPEndPoint)listening.LocalEndPoint!;
    }

    /// <summary>Where it listens, with the port the system chose when 0 was asked for.</summary>
    public IPEndPoint LocalEndPoint { get; }

    /// <inheritdoc/>
    public string Address => $"tcp {LocalEndPoint}";

    /// <summary>Begins to listen; links may come in from now on.</summary>
    /// <param name="endPoint">Address and port; port 0 lets the system choose.</param>
    /// <exception cref="ChannelException"><see cref="ChannelError.Unreachable"/> when the address is not this computer's or in use.</exception>
    public static TcpLinkListener Listen(IPEndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        Socket socket = new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endPoint.Address.Equals(IPAddress.IPv6Any)) socket.DualMode = true;
            // Danger: without it another account could bind the same port on Windows and take our links; elsewhere it means a quick restart.
            if (OperatingSystem.IsWindows()) socket.ExclusiveAddressUse = true;
            socket.Bind(endPoint);
            socket.Listen(Backlog);
            return new TcpLinkListener(socket);
        }
        catch (SocketException failure)
        {
            socket.Dispose();
            throw SocketEnds.CannotListen($"tcp {endPoint}", failure);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<ILink> AcceptAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Socket socket = await SocketEnds.AcceptAsync(listening, Address, cancellationToken).ConfigureAwait(false);
            try
            {
                // Whoever is called serves a session on it, with a thread's worth of little messages.
                return new TcpLink(socket, hasThread: true);
            }
            catch (SocketException)
            {
                // The peer was gone before its socket could be set up; the next one may not be.
                socket.Dispose();
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        listening.Dispose();
        return ValueTask.CompletedTask;
    }
}
