namespace RemoteAccess.Tests;

/// <summary>An X server with a client of the test's own and, if wanted, an xterm at the top left that the pointer stands on, so that it has the keyboard.</summary>
internal sealed class Desk : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("ra-desk-").FullName;

    private Desk(XServer server)
    {
        Server = server;
        Client = new XClient(server);
    }

    public XServer Server { get; }

    public XClient Client { get; }

    public string Display => Server.Display;

    public static async Task<Desk> OpenAsync(int width = 800, int height = 600)
    {
        Programs.Require("Xvfb", "xterm", "xwd");
        return new Desk(await XServer.StartXvfbAsync(width, height));
    }

    public string PathOf(string name) => Path.Combine(folder, name);

    /// <summary>Starts a shell command in an xterm and waits until both can be seen; <paramref name="ready"/> is made by the command.</summary>
    public async Task ShowTerminalAsync(string command, string ready)
    {
        PixelSize size = new(300, 200);
        uint[] empty = Client.ReadRoot(size);
        Server.Start("xterm", "-u8", "-geometry", "80x30+0+0", "-e", "sh", "-c", command);
        Client.WarpPointer(150, 100);
        Client.Sync();
        await Eventually.Is(() => File.Exists(PathOf(ready)) && !Client.ReadRoot(size).AsSpan().SequenceEqual(empty), "xterm runs");
    }

    /// <summary>What xwd sees when it sees the same twice.</summary>
    public async Task<XwdPicture> StillPictureAsync()
    {
        XwdPicture before = await Server.DumpAsync();
        while (true)
        {
            XwdPicture now = await Server.DumpAsync();
            if (now.Pixels.AsSpan().SequenceEqual(before.Pixels)) return now;
            Helpdesk.Limit().ThrowIfCancellationRequested();
            before = now;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
