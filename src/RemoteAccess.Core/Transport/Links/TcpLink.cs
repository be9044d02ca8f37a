using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;

namespace RemoteAccess.Transport;

/// <summary>
/// A link over TCP. Nagle's delay is off, a silent peer is noticed within a minute, and little is queued in the system ahead of the
/// network, so that an urgent record is not stuck behind bulk already handed over.
/// </summary>
public sealed class TcpLink : ILink
{
    /// <summary>Bytes the system may hold that have not left the computer. Two records: enough to keep the network busy, 26 ms at 10 Mbit/s.</summary>
    private const int UnsentBytes = 32 * 1024;

    private readonly StreamLink link;

    internal TcpLink(Socket socket, bool hasThread = false)
    {
        Tune(socket);
        Peer = $"tcp {Describe(socket.RemoteEndPoint)}";
        link = SocketEnds.ToLink(socket, hasThread);
    }

    /// <inheritdoc/>
    public string Peer { get; }

    /// <inheritdoc/>
    public PipeReader Input => link.Input;

    /// <inheritdoc/>
    public PipeWriter Output => link.Output;

    /// <summary>Connects to a host name or address; each of a name's addresses is tried, IPv6 and IPv4.</summary>
    /// <exception cref="ChannelException"><see cref="ChannelError.Unreachable"/>, naming host and port.</exception>
    public static ValueTask<TcpLink> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(host);
        return IPAddress.TryParse(host, out IPAddress? address)
            ? ConnectAsync(new IPEndPoint(address, port), cancellationToken)
            : ConnectAsync(new DnsEndPoint(host, port), cancellationToken);
    }

    /// <summary>Connects to an IP end point or a DNS name.</summary>
    /// <exception cref="ChannelException"><see cref="ChannelError.Unreachable"/>, naming host and port.</exception>
    public static async ValueTask<TcpLink> ConnectAsync(EndPoint endPoint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        Socket socket = endPoint is IPEndPoint ip
            ? new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
            return new TcpLink(socket);
        }
        catch (Exception failure)
        {
            socket.Dispose();
            if (failure is SocketException) throw SocketEnds.Unreachable(Describe(endPoint), failure);
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => link.DisposeAsync();

    internal static string Describe(EndPoint? endPoint) => endPoint switch
    {
        IPEndPoint { Address.IsIPv4MappedToIPv6: true } mapped => new IPEndPoint(mapped.Address.MapToIPv4(), mapped.Port).ToString(),
        DnsEndPoint dns => $"{dns.Host}:{dns.Port}",
        null => "unknown",
        _ => endPoint.ToString() ?? "unknown",
    };

    private static void Tune(Socket socket)
    {
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 30);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 10);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
        LimitUnsent(socket);
    }

    /// <summary>TCP_NOTSENT_LOWAT, tcp(7) and RFC 9293 §3.8's send buffer: option 25 of level 6 on Linux, 0x201 on macOS; Windows has none.</summary>
    private static void LimitUnsent(Socket socket)
    {
        int option = OperatingSystem.IsLinux() ? 25 : OperatingSystem.IsMacOS() ? 0x201 : 0;
        if (option == 0) return;
        Span<byte> value = stackalloc byte[sizeof(int)];
        BitConverter.TryWriteBytes(value, UnsentBytes);
        socket.SetRawSocketOption(6, option, value);
    }
}
