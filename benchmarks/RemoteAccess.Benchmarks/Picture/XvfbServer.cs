using System.Diagnostics;

namespace RemoteAccess.Benchmarks;

/// <summary>An X server without a screen, 1920×1080×24, on a display number it chose itself.</summary>
internal sealed class XvfbServer : IDisposable
{
    private readonly Process server;

    private XvfbServer(Process server, string display)
    {
        this.server = server;
        Display = display;
    }

    public string Display { get; }

    public static async Task<XvfbServer> StartAsync()
    {
        var start = new ProcessStartInfo("Xvfb", ["-displayfd", "1", "-screen", "0", "1920x1080x24", "-nolisten", "tcp", "-noreset"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Process server = Process.Start(start) ?? throw new InvalidOperationException("Xvfb did not start.");
        server.ErrorDataReceived += static (_, _) => { };
        server.BeginErrorReadLine();
        string number = await server.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("Xvfb ended before it had a display.");
        return new XvfbServer(server, ":" + number);
    }

    public void Dispose()
    {
        if (!server.HasExited) server.Kill();
        server.WaitForExit();
        server.Dispose();
    }
}
