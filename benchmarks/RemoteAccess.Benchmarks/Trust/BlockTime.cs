using System.Diagnostics;
using RemoteAccess.Picture;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Benchmarks;

/// <summary>
/// From "block" to the last picture that the technician's side still gets: from a person's click on the surface's window (<see cref="BlockClick"/>), and, without window and display, from the surface's
/// call over its socket and the disk, of a drawn desktop that never stands still. There the surface's process, the agent's and the technician's are one; the socket, the disk and the channel are real.
/// </summary>
internal static class BlockTime
{
    private const double GoalMilliseconds = 100;

    /// <summary>Noise all over the desktop would take seconds to send at each connection: pixels.</summary>
    private const int Corner = 256;

    private static readonly TimeSpan FramePeriod = TimeSpan.FromMilliseconds(5), HeartbeatPeriod = TimeSpan.FromMilliseconds(50);

    public static async Task<IReadOnlyList<Figure>> RunAsync(bool quick)
    {
        if (!OperatingSystem.IsLinux()) return [];
        int clicks = quick ? 30 : 300;
        Samples clicked = await BlockClick.MeasureAsync(clicks);
        await using Stage stage = await Stage.SetAsync(new SurfaceRequirement());
        await using SurfaceConnection surface = await SurfaceConnection.OpenAsync(Path.Combine(stage.Folder, "state"));
        await using var desktop = new VirtualDesktop(new VirtualDesktopOptions { IsBlank = true });
        using var stop = new CancellationTokenSource();
        Task drawing = DrawAsync(desktop, stop.Token), showing = ShowAsync(surface, stop.Token);
        var agent = new RemoteAccessAgent(stage.Trust, desktop);
        var viewer = new RemoteAccessViewer(stage.Tenant.TechnicianKey, stage.Certificate);
        Samples last = new(), done = new();
        for (int i = -5; i < clicks; i++)
        {
            (double lastFrame, double inForce) = await CallAsync(stage, agent, viewer, surface);
            await surface.DoAsync(new SurfaceAction.Unblock(), CancellationToken.None);
            if (i < 0) continue;
            last.Add(lastFrame);
            done.Add(inForce);
        }

        await stop.CancelAsync();
        await Task.WhenAll(drawing, showing);
        return
        [
            new Figure("block, from click to the last picture the technician gets", "p99 ≤ 100 ms", $"p99 {clicked.At(0.99) / 1000:0.00}; {clicked}", clicked.At(0.99) <= GoalMilliseconds * 1000),
            new Figure("block, from the surface's call to the last picture", "", $"p99 {last.At(0.99) / 1000:0.00}; {last}", null),
            new Figure("the same, until the surface says that it is in force and recorded", "", $"p99 {done.At(0.99) / 1000:0.00}; {done}", null),
        ];
    }

    /// <returns>Microseconds from the call to the last picture, 0 when none came after it, and to the surface's answer.</returns>
    private static async Task<(double LastFrame, double InForce)> CallAsync(Stage stage, RemoteAccessAgent agent, RemoteAccessViewer viewer, SurfaceConnection surface)
    {
        (MemoryLink agentEnd, MemoryLink viewerEnd) = MemoryLink.CreatePair();
        Task serving = agent.ServeAsync(agentEnd);
        await using RemoteSession session = await viewer.ConnectAsync(viewerEnd, stage.Grant, stage.Secret, new ConnectOptions { Operations = Operations.ViewScreen, Reason = "Benchmark" });
        long seen = 0, frames = 0;
        Task watching = Task.Run(async () =>
        {
            try
            {
                await foreach (PictureUpdate update in session.Picture.ReadUpdatesAsync())
                {
                    if (update.Damage.Count == 0) continue;
                    Volatile.Write(ref seen, Stopwatch.GetTimestamp());
                    Interlocked.Increment(ref frames);
                }
            }
            catch (AccessRefusedException refusal) when (refusal.Reason == RefusalReason.Blocked)
            {
                return;
            }
        });
        while (Interlocked.Read(ref frames) < 3 && !watching.IsCompleted) await Task.Delay(1);
        if (watching.IsCompleted) await watching;
        long call = Stopwatch.GetTimestamp();
        await surface.DoAsync(new SurfaceAction.Block(null), CancellationToken.None);
        double inForce = Stopwatch.GetElapsedTime(call).TotalMicroseconds;
        await session.Completion;
        await watching;
        await serving;
        return (Math.Max(0, Stopwatch.GetElapsedTime(call, Volatile.Read(ref seen)).TotalMicroseconds), inForce);
    }

    private static async Task DrawAsync(VirtualDesktop desktop, CancellationToken stop)
    {
        var random = new Random(1);
        byte[] pixels = new byte[64 * 64 * 4];
        using var clock = new PeriodicTimer(FramePeriod);
        try
        {
            while (await clock.WaitForNextTickAsync(stop))
            {
                random.NextBytes(pixels);
                desktop.Draw(new PixelRect(random.Next(Corner - 64), random.Next(Corner - 64), 64, 64), pixels);
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }

    private static async Task ShowAsync(SurfaceConnection surface, CancellationToken stop)
    {
        using var clock = new PeriodicTimer(HeartbeatPeriod);
        try
        {
            do surface.ReportShown(surface.Status);
            while (await clock.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }
}
