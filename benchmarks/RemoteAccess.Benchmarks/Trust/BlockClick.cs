using System.Diagnostics;
using RemoteAccess.Picture;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Benchmarks;

/// <summary>
/// From a person's click on "Until I unblock" in the surface's window to the last picture that the technician's side still gets of the very display that the window is on, where something is always
/// moving. The click is what counts at the window: the button of the mouse let go. Nothing is asked after it. The surface is a process of its own; agent and viewer are this one.
/// </summary>
internal static class BlockClick
{
    private const string Tab = "page/block", Block = "block/forever", Unblock = "unblock";
    private static readonly TimeSpan FramePeriod = TimeSpan.FromMilliseconds(5), Patience = TimeSpan.FromSeconds(10), Moment = TimeSpan.FromMilliseconds(50);

    public static async Task<Samples> MeasureAsync(int clicks)
    {
        using XvfbServer outer = await XvfbServer.StartAsync(), inner = await XvfbServer.StartInsideAsync(outer);
        await using Stage stage = await Stage.SetAsync(new SurfaceRequirement());
        string state = Path.Combine(stage.Folder, "state");
        using SurfaceProgram surface = SurfaceProgram.Start(inner.Display, state);
        await using SurfaceConnection customer = await SurfaceConnection.OpenAsync(state);
        await using X11Desktop desktop = X11Desktop.Open(new X11Options { Display = inner.Display });
        using var person = new XPerson(outer.Display);
        using var stop = new CancellationTokenSource();
        Task painting = Task.Run(() => PaintAsync(inner.Display, stop.Token));
        var agent = new RemoteAccessAgent(stage.Trust, desktop);
        var viewer = new RemoteAccessViewer(stage.Tenant.TechnicianKey, stage.Certificate);
        await person.MoveAsync(await FindAsync(surface, Tab));
        await person.ClickAsync();
        var samples = new Samples();
        for (int i = -5; i < clicks; i++)
        {
            double lastFrame = await ClickAsync(stage, agent, viewer, surface, person);
            await stage.Trust.UnblockAsync("Benchmark", CancellationToken.None);
            foreach (SurfaceNotice notice in customer.Status.Notices) await customer.DoAsync(new SurfaceAction.Dismiss(notice.Id), CancellationToken.None);
            if (i >= 0) samples.Add(lastFrame);
        }
        await stop.CancelAsync();
        await painting;
        return samples;
    }

    /// <returns>Microseconds from the click to the last picture, 0 when none came after it.</returns>
    private static async Task<double> ClickAsync(Stage stage, RemoteAccessAgent agent, RemoteAccessViewer viewer, SurfaceProgram surface, XPerson person)
    {
        (MemoryLink agentEnd, MemoryLink viewerEnd) = MemoryLink.CreatePair();
        (int X, int Y) place = await FindAsync(surface, Block);
        Task serving = agent.ServeAsync(agentEnd);
        await using RemoteSession session = await viewer.ConnectAsync(viewerEnd, stage.Grant, stage.Secret, new ConnectOptions { Operations = Operations.ViewScreen, Reason = "Benchmark" });
        long seen = 0, frames = 0;
        Task<bool> watching = Task.Run(async () =>
        {
            try
            {
                await foreach (PictureUpdate update in session.Picture.ReadUpdatesAsync())
                {
                    if (update.Damage.Count == 0) continue;
                    Volatile.Write(ref seen, Stopwatch.GetTimestamp());
                    Interlocked.Increment(ref frames);
                }
                return false;
            }
            catch (AccessRefusedException refusal) when (refusal.Reason == RefusalReason.Blocked)
            {
                return true;
            }
        });
        await person.MoveAsync(place);
        while (Interlocked.Read(ref frames) < 3 && !watching.IsCompleted) await Task.Delay(1);
        long before = Interlocked.Read(ref frames), click = await person.ClickAsync();
        if (!await watching.WaitAsync(Patience)) throw new InvalidOperationException("The click did not block.");
        await session.Completion;
        await serving;
        if (Interlocked.Read(ref frames) < before + 3) throw new InvalidOperationException("The picture stood still.");
        return Math.Max(0, Stopwatch.GetElapsedTime(click, Volatile.Read(ref seen)).TotalMicroseconds);
    }

    /// <summary>Where a control is, once the window shows that nobody is kept out and has come to rest.</summary>
    private static async Task<(int X, int Y)> FindAsync(SurfaceProgram surface, string control)
    {
        (int X, int Y)? last = null;
        for (long begin = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begin) < Patience;)
        {
            (int X, int Y)? now = await surface.FindAsync(control);
            if (now is { } place && now == last && await surface.FindAsync(Unblock) is null) return place;
            last = now;
            await Task.Delay(Moment);
        }
        throw new InvalidOperationException($"The surface's window does not show '{control}'.");
    }

    private static async Task PaintAsync(string display, CancellationToken stop)
    {
        using var painter = new XPainter(display);
        var random = new Random(1);
        using var clock = new PeriodicTimer(FramePeriod);
        try
        {
            while (await clock.WaitForNextTickAsync(stop)) painter.Fill(new PixelRect(random.Next(192), 300 + random.Next(192), 64, 64));
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }
}
