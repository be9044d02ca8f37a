using System.Diagnostics;
using System.Globalization;
using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

/// <summary>Measurements for docs/x11.md. Run by hand from a Release build: <c>-explicit only -class "*CaptureFigures" -showLiveOutput</c>.</summary>
public sealed class CaptureFigures
{
    private const int Rounds = 300;

    [Fact(Explicit = true)]
    public async Task Figures()
    {
        await using XServer server = await XServer.StartXvfbAsync(1920, 1080);
        using XClient client = new(server);
        await using X11Desktop desktop = X11Desktop.Open(new X11Options { Display = server.Display });
        await using IScreenCapture capture = await desktop.OpenCaptureAsync(TestPermit.ForView(), default);
        (await capture.CaptureAsync(default)).Dispose();
        byte[] elsewhere = new byte[256 << 20];
        await KnownDamage("1080p, cache hot", client, capture, 1920, 1080, () => { });
        await KnownDamage("1080p, cache cold", client, capture, 1920, 1080, () => elsewhere.AsSpan().Fill((byte)Environment.TickCount));
        await KnownDamage("400x300", client, capture, 400, 300, () => { });
        await KnownDamage("64x64", client, capture, 64, 64, () => { });
        await Latency(client, capture);
        await Idle(capture);
        await using X11Desktop bySocket = X11Desktop.Open(new X11Options { Display = server.Display, UseSharedMemory = false });
        await using IScreenCapture socket = await bySocket.OpenCaptureAsync(TestPermit.ForView(), default);
        await KnownDamage("1080p without shared memory", client, socket, 1920, 1080, () => { });
    }

    private static async Task KnownDamage(string name, XClient client, IScreenCapture capture, int width, int height, Action before)
    {
        List<double> times = new(Rounds);
        long allocated = 0;
        for (int i = -50; i < Rounds; i++)
        {
            client.Fill(0, 0, width, height, (uint)(i + 51) * 0x010203);
            client.Sync();
            if (i >= 0) before();
            long bytes = GC.GetTotalAllocatedBytes(true), start = Stopwatch.GetTimestamp();
            ScreenFrame frame = await capture.CaptureAsync(default).ConfigureAwait(false);
            if (i >= 0)
            {
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                allocated += GC.GetTotalAllocatedBytes(true) - bytes;
            }
            frame.Dispose();
        }
        Report(name, times, $"{allocated / Rounds} bytes allocated per frame");
    }

    private static async Task Latency(XClient client, IScreenCapture capture)
    {
        List<double> times = [];
        for (int i = 0; i < Rounds; i++)
        {
            Task<ScreenFrame> waiting = capture.CaptureAsync(default).AsTask();
            while (await Task.WhenAny(waiting, Task.Delay(2)) == waiting)
            {
                (await waiting).Dispose();
                waiting = capture.CaptureAsync(default).AsTask();
            }
            long start = Stopwatch.GetTimestamp();
            client.Fill(100, 100, 64, 64, (uint)(i + 1) * 0x010203);
            client.Sync();
            using ScreenFrame frame = await waiting;
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        Report("draw 64x64 to frame in hand, waiting", times, "");
    }

    private static async Task Idle(IScreenCapture capture)
    {
        using CancellationTokenSource end = new(TimeSpan.FromSeconds(5));
        using Process self = Process.GetCurrentProcess();
        TimeSpan before = self.TotalProcessorTime;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            while (true) (await capture.CaptureAsync(end.Token)).Dispose();
        });
        self.Refresh();
        double share = (self.TotalProcessorTime - before).TotalSeconds / 5;
        TestContext.Current.TestOutputHelper!.WriteLine($"idle, waiting: {share.ToString("P2", CultureInfo.InvariantCulture)} of one core");
    }

    private static void Report(string name, List<double> milliseconds, string more)
    {
        milliseconds.Sort();
        TestContext.Current.TestOutputHelper!.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name}: median {milliseconds[milliseconds.Count / 2]:F3} ms, 95 % {milliseconds[milliseconds.Count * 95 / 100]:F3} ms, least {milliseconds[0]:F3} ms; {more}"));
    }
}
