using System.Diagnostics;

namespace RemoteAccess.Tests;

/// <summary>An X server of this test alone, on a display number it chose itself; ended by its process id.</summary>
internal sealed class XServer : IAsyncDisposable
{
    private readonly List<Process> programs = [];
    private readonly Process server;

    private XServer(Process server, string display)
    {
        this.server = server;
        Display = display;
    }

    public string Display { get; }

    public static Task<XServer> StartXvfbAsync(int width = 1280, int height = 800, int depth = 24, params string[] more) =>
        StartAsync("Xvfb", null, ["-screen", "0", $"{width}x{height}x{depth}", "-nolisten", "tcp", "-noreset", .. more]);

    public static async Task<XServer> StartAsync(string program, string? outerDisplay, string[] arguments)
    {
        Programs.Require(program);
        ProcessStartInfo start = new(program, ["-displayfd", "1", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (outerDisplay is not null) start.Environment["DISPLAY"] = outerDisplay;
        Process server = Process.Start(start)!;
        server.ErrorDataReceived += static (_, _) => { };
        server.BeginErrorReadLine();
        string? number = await server.StandardOutput.ReadLineAsync().WaitAsync(Eventually.Limit);
        Assert.False(string.IsNullOrEmpty(number), $"{program} did not start.");
        return new XServer(server, ":" + number);
    }

    /// <summary>Starts a program on this display; it ends with the server.</summary>
    public Process Start(string program, params string[] arguments)
    {
        Process process = Programs.Start(Display, program, arguments);
        programs.Add(process);
        return process;
    }

    /// <summary>Runs a program on this display to its end and gives what it wrote.</summary>
    public Task<byte[]> RunAsync(string program, params string[] arguments) => Programs.RunAsync(Display, program, arguments);

    /// <summary>The whole root window, by xwd, which fails when a window ends meanwhile: then once more.</summary>
    public async Task<XwdPicture> DumpAsync() => XwdPicture.Parse(await RunAsync("sh", "-c", "for again in 1 2 3 4 5 6 7 8; do xwd -root -silent && exit; sleep 0.2; done; exit 1"));

    public async Task<string> RunTextAsync(string program, params string[] arguments) => System.Text.Encoding.UTF8.GetString(await RunAsync(program, arguments));

    /// <summary>It answers nobody until <see cref="GoOn"/>.</summary>
    public void Stop() => Signal("-STOP");

    public void GoOn() => Signal("-CONT");

    private void Signal(string signal)
    {
        using Process kill = Process.Start("kill", [signal, $"{server.Id}"]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    public async Task KillAsync()
    {
        server.Kill();
        await server.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (Process process in programs.Append(server))
        {
            if (!process.HasExited) process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }
}
