using System.Diagnostics;

namespace RemoteAccess.Benchmarks;

/// <summary>An X server without a screen, 1920×1080×24, on a display number it chose itself; or one in a window on such a server, for which what happens on that one is done by devices.</summary>
internal sealed class XvfbServer : IDisposable
{
    private readonly Process server;

    private XvfbServer(Process server, string display)
    {
        this.server = server;
        Display = display;
    }

    public string Display { get; }

    public int ProcessId => server.Id;

    public static Task<XvfbServer> StartAsync() => StartAsync("Xvfb", null, ["-screen", "0", "1920x1080x24"]);

    /// <summary>Xephyr, over the whole of another.</summary>
    public static Task<XvfbServer> StartInsideAsync(XvfbServer outer) => StartAsync("Xephyr", outer.Display, ["-screen", "1920x1080"]);

    private static async Task<XvfbServer> StartAsync(string program, string? display, string[] screen)
    {
        var start = new ProcessStartInfo(program, ["-displayfd", "1", .. screen, "-nolisten", "tcp", "-noreset"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (display is not null) start.Environment["DISPLAY"] = display;
        Process server = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        server.ErrorDataReceived += static (_, _) => { };
        server.BeginErrorReadLine();
        string number = await server.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"{program} ended before it had a display.");
        return new XvfbServer(server, ":" + number);
    }

    public void Dispose()
    {
        if (!server.HasExited) server.Kill();
        server.WaitForExit();
        server.Dispose();
    }
}
