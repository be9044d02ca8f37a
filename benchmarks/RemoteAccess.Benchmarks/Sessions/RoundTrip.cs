using System.Diagnostics;
using RemoteAccess.Picture;
using RemoteAccess.Transport;

namespace RemoteAccess.Benchmarks;

/// <summary>
/// A whole session in this process over a link in memory: handshake against the trust store on the disk, then single keystrokes into the
/// drawn desktop, each timed until the viewer has the first picture in which the text field changed.
/// </summary>
internal static class RoundTrip
{
    private const double GoalMilliseconds = 3;

    public static async Task<IReadOnlyList<Figure>> RunAsync(bool quick)
    {
        int keystrokes = quick ? 200 : 2000;
        await using Stage stage = await Stage.SetAsync();
        await using var desktop = new VirtualDesktop();
        (MemoryLink agentEnd, MemoryLink viewerEnd) = MemoryLink.CreatePair();
        using var stop = new CancellationTokenSource();
        Task serving = new RemoteAccessAgent(stage.Trust, desktop).ServeAsync(agentEnd, stop.Token);
        var viewer = new RemoteAccessViewer(stage.Tenant.TechnicianKey, stage.Certificate);
        Samples samples;
        await using (RemoteSession session = await viewer.ConnectAsync(viewerEnd, stage.Grant, stage.Secret, new ConnectOptions { Reason = "Benchmark" }))
            samples = await MeasureAsync(session, desktop, keystrokes);
        await stop.CancelAsync();
        await serving;
        return [new Figure("input to picture, whole session in memory, drawn 1080p desktop", "p50 ≤ 3 ms", samples.ToString(), samples.Median <= GoalMilliseconds * 1000)];
    }

    private static async Task<Samples> MeasureAsync(RemoteSession session, VirtualDesktop desktop, int keystrokes)
    {
        PixelRect field = desktop.AreaOf(VirtualPart.TextField);
        await using IAsyncEnumerator<PictureUpdate> updates = session.Picture.ReadUpdatesAsync().GetAsyncEnumerator();
        await NextAsync(updates);
        await session.Input.ClickAsync(field.X + 20, field.Y + 20);
        await session.PingAsync();
        var samples = new Samples();
        for (int i = -100; i < keystrokes; i++)
        {
            long start = Stopwatch.GetTimestamp();
            if (i % 2 == 0) await session.Input.TypeAsync("x");
            else await session.Input.PressAsync("backspace");
            do await NextAsync(updates);
            while (!updates.Current.Damage.Any(area => !area.Intersect(field).IsEmpty));
            if (i >= 0) samples.AddSince(start);
        }

        return samples;
    }

    private static async ValueTask NextAsync(IAsyncEnumerator<PictureUpdate> updates)
    {
        if (!await updates.MoveNextAsync()) throw new InvalidOperationException("The session ended during the benchmark.");
    }
}
