namespace RemoteAccess.Tests;

internal sealed partial class XwdPicture
{
    public static async Task<XwdPicture> TakeAsync(XServer server) => Parse(await server.RunAsync("xwd", "-root", "-silent"));
}
