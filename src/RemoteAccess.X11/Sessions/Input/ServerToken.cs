using System.Security.Cryptography;
using RemoteAccess.Interop;

namespace RemoteAccess.Sessions;

/// <summary>
/// Tells one run of an X server from any other under the same display name: random bytes in a property of its root window, which ends
/// with the run and so with everything a note could put right.
/// </summary>
internal sealed unsafe class ServerToken
{
    public const int Size = 16;
    private const string PropertyName = "_REMOTEACCESS_SERVER_RUN";

    private readonly byte[] bytes;

    private ServerToken(byte[] bytes) => this.bytes = bytes;

    public ReadOnlySpan<byte> Bytes => bytes;

    public override string ToString() => Convert.ToHexStringLower(bytes);

    public static ServerToken Of(XConnection connection)
    {
        nuint property = LibX11.XInternAtom(connection.Display, PropertyName, 0);
        // Two agents that start at once must agree on one token.
        _ = LibX11.XGrabServer(connection.Display);
        byte[]? token = Read(connection, property);
        if (token is null)
        {
            token = RandomNumberGenerator.GetBytes(Size);
            fixed (byte* data = token)
                _ = LibX11.XChangeProperty(connection.Display, connection.Root, property, LibX11.AtomCardinal, 8, LibX11.PropertyReplace, data, Size);
        }
        _ = LibX11.XUngrabServer(connection.Display);
        _ = connection.Sync();
        return new ServerToken(token);
    }

    private static byte[]? Read(XConnection connection, nuint property)
    {
        byte* data = null;
        _ = LibX11.XGetWindowProperty(connection.Display, connection.Root, property, 0, Size / 4, 0, LibX11.AtomCardinal, out _, out int format, out nuint count, out _, out data);
        connection.ThrowIfLost();
        byte[]? found = data != null && format == 8 && count == Size ? new ReadOnlySpan<byte>(data, Size).ToArray() : null;
        if (data != null) _ = LibX11.XFree(data);
        return found;
    }
}
