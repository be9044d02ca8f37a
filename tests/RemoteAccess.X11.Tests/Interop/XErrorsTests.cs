using RemoteAccess.Interop;

namespace RemoteAccess.Tests;

public sealed class XErrorsTests
{
    /// <summary>More than Xlib's buffer holds (16 KiB), so that it is found full.</summary>
    private const int Requests = 10_000;

    [Fact]
    public async Task Drawing_ServerIsGone_IsAnErrorAndNoCrash()
    {
        await using XServer server = await XServer.StartXvfbAsync();
        using XConnection connection = XConnection.Open(server.Display);
        nuint window = connection.Root;
        nint graphics = CreateGraphics(connection, window);
        Assert.Equal(0, connection.Sync());
        await server.KillAsync();

        // Each is a new colour and a rectangle, sent when the buffer has no room for the next one.
        for (int i = 0; i < Requests; i++)
        {
            _ = LibX11Window.XSetForeground(connection.Display, graphics, (nuint)i);
            _ = LibX11Window.XFillRectangle(connection.Display, window, graphics, i % 100, i / 100, 1, 1);
        }

        Assert.True(connection.IsLost);
        Assert.Equal(DesktopError.DisplayLost, Assert.Throws<DesktopException>(() => connection.Sync()).Error);
        _ = LibX11Window.XFreeGC(connection.Display, graphics);
    }

    private static unsafe nint CreateGraphics(XConnection connection, nuint drawable) => LibX11Window.XCreateGC(connection.Display, drawable, 0, null);
}
