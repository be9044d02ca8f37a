using System.Diagnostics;
using System.Text;
using RemoteAccess.Sessions;

namespace RemoteAccess.Tests;

/// <summary>A display, the agent's use of its clipboard, and programs that copy and paste.</summary>
internal sealed class Scene : IAsyncDisposable
{
    private readonly bool ownsServer;

    private Scene(XServer server, bool ownsServer, X11Desktop desktop, TestPermit permit, IClipboardAccess access)
    {
        (Server, Desktop, Permit, Access) = (server, desktop, permit, access);
        this.ownsServer = ownsServer;
    }

    public XServer Server { get; }

    public X11Desktop Desktop { get; }

    public TestPermit Permit { get; }

    public IClipboardAccess Access { get; }

    public static CancellationToken Limit() => new CancellationTokenSource(Eventually.Limit, TimeProvider.System).Token;

    public static async Task<Scene> OpenAsync(XServer? on = null)
    {
        XServer server = on ?? await XServer.StartXvfbAsync(320, 200);
        X11Desktop desktop = X11Desktop.Open(new X11Options { Display = server.Display });
        TestPermit permit = new(Operations.Clipboard);
        return new Scene(server, on is null, desktop, permit, await desktop.Clipboard.OpenAsync(permit.Permit, Limit()));
    }

    /// <summary>Copies with a real program, which stays to give it.</summary>
    public async Task CopyAsync(string program, string text)
    {
        Process copying = program == "xclip" ? Server.Start("xclip", "-quiet", "-selection", "clipboard", "-in") : Server.Start("xsel", "--clipboard", "--input", "--nodetach");
        await copying.StandardInput.BaseStream.WriteAsync(Encoding.UTF8.GetBytes(text), Limit());
        copying.StandardInput.Close();
    }

    /// <summary>Pastes with a real program.</summary>
    public async Task<string> PasteAsync(string program, string? kind = null) => Encoding.UTF8.GetString(await PasteBytesAsync(program, kind));

    public Task<byte[]> PasteBytesAsync(string program, string? kind = null) => program == "xclip"
        ? Server.RunAsync("xclip", ["-selection", "clipboard", "-out", .. kind is null ? Array.Empty<string>() : ["-target", kind]])
        : Server.RunAsync("xsel", "--clipboard", "--output");

    public async ValueTask DisposeAsync()
    {
        await Access.DisposeAsync();
        await Desktop.DisposeAsync();
        Permit.Dispose();
        if (ownsServer) await Server.DisposeAsync();
    }
}
