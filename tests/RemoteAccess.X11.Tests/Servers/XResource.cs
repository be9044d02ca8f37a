using System.Text;
using RemoteAccess.Interop;

namespace RemoteAccess.Tests;

/// <summary>The desktop's settings as xrdb would load them.</summary>
internal static unsafe class XResource
{
    public static void Set(XServer server, string resources)
    {
        using XConnection connection = XConnection.Open(server.Display);
        byte[] text = Encoding.UTF8.GetBytes(resources);
        nuint property = LibX11.XInternAtom(connection.Display, "RESOURCE_MANAGER", 0);
        fixed (byte* data = text) _ = LibX11.XChangeProperty(connection.Display, connection.Root, property, LibX11Window.AtomString, 8, LibX11.PropertyReplace, data, text.Length);
        Assert.Equal(0, connection.Sync());
    }
}
