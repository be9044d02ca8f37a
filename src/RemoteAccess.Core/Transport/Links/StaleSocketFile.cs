using System.Net.Sockets;

namespace RemoteAccess.Transport;

/// <summary>A socket file whose process is gone. Anything else is not ours to remove.</summary>
internal static class StaleSocketFile
{
    /// <exception cref="IOException">Somebody listens there, or it is not a socket.</exception>
    /// <exception cref="SocketException">It could not be told whether somebody listens.</exception>
    public static void RemoveIfNobodyListens(string path, UnixDomainSocketEndPoint endPoint)
    {
        if (!File.Exists(path)) return;
        using (Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            try
            {
                probe.Connect(endPoint);
                throw new IOException("Somebody listens there.");
            }
            catch (SocketException failure) when (failure.SocketErrorCode == SocketError.ConnectionRefused)
            {
                ThrowUnlessSocket(path);
            }
        }
        File.Delete(path);
    }

    /// <summary>connect(2) refuses a plain file like a dead socket; open(2) tells them apart: a socket cannot be opened (ENXIO).</summary>
    private static void ThrowUnlessSocket(string path)
    {
        try
        {
            using FileStream opened = new(path, FileMode.Open, FileAccess.ReadWrite);
        }
        catch (IOException)
        {
            return;
        }
        throw new IOException("The file there is not a socket.");
    }
}
