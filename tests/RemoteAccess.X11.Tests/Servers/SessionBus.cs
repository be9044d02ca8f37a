using System.Diagnostics;

namespace RemoteAccess.Tests;

/// <summary>A session bus of this test alone: Debian's <c>dbus-daemon</c>, ended by its process id.</summary>
internal sealed class SessionBus : IAsyncDisposable
{
    private readonly Process daemon;
    private readonly string folder;

    private SessionBus(Process daemon, string address, string folder)
    {
        this.daemon = daemon;
        Address = address;
        this.folder = folder;
    }

    public string Address { get; }

    public static async Task<SessionBus> StartAsync()
    {
        Programs.Require("dbus-daemon");
        string folder = Directory.CreateTempSubdirectory("ra-bus-").FullName;
        ProcessStartInfo start = new("dbus-daemon", ["--session", "--nofork", "--nosyslog", "--print-address=1", $"--address=unix:path={folder}/bus"]) { RedirectStandardOutput = true, RedirectStandardError = true };
        Process daemon = Process.Start(start)!;
        daemon.ErrorDataReceived += static (_, _) => { };
        daemon.BeginErrorReadLine();
        string? address = await daemon.StandardOutput.ReadLineAsync().WaitAsync(Eventually.Limit);
        Assert.False(string.IsNullOrEmpty(address), "dbus-daemon did not start.");
        return new SessionBus(daemon, address, folder);
    }

    public async Task KillAsync()
    {
        daemon.Kill();
        await daemon.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!daemon.HasExited) daemon.Kill();
        await daemon.WaitForExitAsync();
        daemon.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
