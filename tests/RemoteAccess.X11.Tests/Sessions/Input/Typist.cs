using System.Text;
using RemoteAccess.Sessions;

namespace RemoteAccess.Tests;

/// <summary>An xterm in which `cat` writes what it gets into a file, with the pointer over it, which gives it the keyboard.</summary>
internal sealed class Typist : IAsyncDisposable
{
    private readonly string folder;
    private readonly string file;

    private Typist(string folder, X11Desktop desktop, IInputInjector input)
    {
        this.folder = folder;
        file = Path.Combine(folder, "typed");
        Desktop = desktop;
        Input = input;
    }

    public X11Desktop Desktop { get; }

    public IInputInjector Input { get; }

    public string Typed => File.ReadAllText(file);

    public static async Task<Typist> StartAsync(XServer server, TestPermit? permit = null)
    {
        Programs.Require("xterm");
        string folder = Directory.CreateTempSubdirectory("remoteaccess-x11-").FullName;
        X11Desktop desktop = X11Desktop.Open(new X11Options { Display = server.Display });
        Typist typist = new(folder, desktop, await desktop.OpenInputAsync(permit?.Permit ?? TestPermit.ForInput(), default));
        using (XClient client = new(server))
        {
            PixelSize size = new(200, 200);
            uint[] empty = client.ReadRoot(size);
            server.Start("xterm", "-u8", "-geometry", "100x40+0+0", "-e", "sh", "-c", $"trap 'echo interrupted >> {typist.file}' INT; cat > {typist.file}; cat >> {typist.file}");
            await typist.Input.InjectAsync(InputEvent.PointerMove(100, 100), default);
            await Eventually.Is(() => File.Exists(typist.file) && !client.ReadRoot(size).AsSpan().SequenceEqual(empty), "xterm runs");
        }
        return typist;
    }

    public async Task TypeAsync(string text)
    {
        foreach (Rune character in text.EnumerateRunes()) await Input.InjectAsync(InputEvent.Text(character), default);
    }

    public Task HasTypedAsync(string expected) => Eventually.Is(() => Typed.Length >= expected.Length, $"cat has got {expected.Length} characters");

    public async ValueTask DisposeAsync()
    {
        await Input.DisposeAsync();
        await Desktop.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
