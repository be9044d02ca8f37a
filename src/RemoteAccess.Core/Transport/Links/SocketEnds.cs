using System.Net.Sockets;

namespace RemoteAccess.Transport;

/// <summary>What TCP and Unix links share: how a connected socket becomes a link, how one is accepted, and what system errors mean.</summary>
internal static class SocketEnds
{
    /// <param name="socket">Connected; owned from now on.</param>
    /// <param name="hasThread">Read on a thread of its own. Only for a socket that nobody has read, on Linux: elsewhere, and once the system was asked to tell of what arrives, it would not spare anything.</param>
    public static StreamLink ToLink(Socket socket, bool hasThread = false)
    {
        ReadingThread? reading = hasThread && OperatingSystem.IsLinux() ? new ReadingThread(socket) : null;
        return new StreamLink(new NetworkStream(socket, ownsSocket: false), reading is null ? () => Close(socket) : reading.Dispose, () => Shutdown(socket, SocketShutdown.Send), reading);
    }

    /// <summary>Accepts the next socket, passing over those that went away before they were accepted.</summary>
    public static async ValueTask<Socket> AcceptAsync(Socket listening, string address, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await listening.AcceptAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (SocketException failure) when (failure.SocketErrorCode is SocketError.ConnectionAborted or SocketError.ConnectionReset)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }
            catch (SocketException failure) when (failure.SocketErrorCode is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable)
            {
                throw new ChannelException(ChannelError.LimitExceeded, $"No handle is left for another link at {address}. Close some and accept again.", failure);
            }
            catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
            {
                throw new ChannelException(ChannelError.Closed, $"Nothing listens at {address} any more.", failure);
            }
        }
    }

    public static ChannelException Unreachable(string address, Exception failure) =>
        new(ChannelError.Unreachable, $"No link to {address}: {failure.Message.TrimEnd('.')}. Check the address, and that the other side is running.", failure);

    public static ChannelException CannotListen(string address, Exception failure) =>
        new(ChannelError.Unreachable, $"Cannot listen at {address}: {failure.Message.TrimEnd('.')}. Choose another address, or stop what uses it.", failure);

    /// <summary>
    /// Ends both directions and closes. What was written still arrives: closing alone, while somebody reads, would throw it away and reset the connection.
    /// It would not end another thread's wait for the socket either.
    /// </summary>
    public static void Close(Socket socket)
    {
        Shutdown(socket, SocketShutdown.Both);
        socket.Dispose();
    }

    private static void Shutdown(Socket socket, SocketShutdown directions)
    {
        try
        {
            socket.Shutdown(directions);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // Danger: the peer may be gone already; then there is nobody left to tell, and nothing to wait for.
            socket.Dispose();
        }
    }
}
