using System.Globalization;
using System.Security.Cryptography;

namespace RemoteAccess.Benchmarks;

/// <summary>
/// <c>--screen-cost FOLDER [--quick]</c>: CPU time a frame of capture, and of plan and encode, by X11 in a process of this system's and by GDI under Wine (FOLDER has this program for win-x64), on one Xvfb. Each frame is drawn
/// once; then one captures and encodes it, then the other, the first one last the next time. benchmarks/screen-cost.sh runs it.
/// </summary>
internal static class ScreenCostRun
{
    /// <summary>Each sequence has begun anew several times when this many are over.</summary>
    private const int WarmUpFrames = 120;

    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(2);
    private static readonly string[] Contents = [ScreenContent.Scroll, "web", "desktop", "video"];

    public static async Task<int> RunAsync(string folder, bool quick)
    {
        using XvfbServer server = await XvfbServer.StartAsync();
        using var painter = new XPainter(server.Display);
        using SideProcess native = await SideProcess.StartAsync("X11", server, Environment.ProcessPath!, []);
        using SideProcess wine = await SideProcess.StartAsync("GDI under Wine", server, "eng/wine.sh", ["run", folder, Path.GetFileName(Environment.ProcessPath) + ".exe"]);
        SideProcess[] sides = [native, wine];

        // What has been shown once does not come again: tiles that the encoder has in its cache cost next to nothing.
        (string Name, ScreenContent Content)[] contents = [.. Contents.Select(static name => (name, new ScreenContent(name)))];
        foreach ((_, ScreenContent content) in contents) Show(content, painter, sides, quick ? WarmUpFrames / 2 : WarmUpFrames);
        await Task.Delay(Settling);

        Console.WriteLine($"{MachineFacts.Describe()}; load average {MachineFacts.Load()}");
        Console.WriteLine();
        Console.WriteLine("| content, frames | way | capture | X server meanwhile | Wine's server meanwhile | plan and encode | bytes a frame |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        foreach ((string name, ScreenContent content) in contents)
        {
            int frames = quick ? 60 : 300;
            Tally[] tallies = Show(content, painter, sides, frames);
            for (int i = 0; i < sides.Length; i++) Console.WriteLine(tallies[i].Row($"{name}, {frames}", sides[i].Name, frames));
        }

        foreach (SideProcess side in sides) Console.WriteLine(AskOnly(side));
        foreach (SideProcess side in sides) Console.WriteLine(await StillAsync(side, quick ? 3 : 10));
        Console.WriteLine();
        Console.WriteLine($"Load average at the end {MachineFacts.Load()}.");
        return 0;
    }

    private static Tally[] Show(ScreenContent content, XPainter painter, SideProcess[] sides, int frames)
    {
        Tally[] tallies = [new Tally(), new Tally()];
        // The change from what was there before counts for nobody.
        for (int i = -1; i < frames; i++)
        {
            Costs[] before = [sides[0].Now, sides[1].Now];
            PixelRect[] changed = i < 0 ? [new PixelRect(0, 0, 1920, 1080)] : content.Advance();
            painter.Put(content.Picture, 1920 * 4, changed);
            for (int turn = 0; turn < sides.Length; turn++)
            {
                int index = (i & 1) ^ turn;
                SideProcess side = sides[index];
                Costs asked = side.Now;
                _ = side.Do(CostSide.Capture);
                Costs captured = side.Now;
                int bytes = side.Do(CostSide.Encode);
                Costs encoded = side.Now;
                // Its own time from before the drawing on: events of the X server come, and are handled, as soon as something is drawn.
                if (i >= 0) tallies[index].Add(new Costs(captured.Own - before[index].Own, captured.XServer - asked.XServer, captured.WineServer - asked.WineServer), encoded.Own - captured.Own, bytes);
            }
        }

        byte[] expected = SHA256.HashData(content.Picture);
        foreach (SideProcess side in sides)
        {
            if (!side.PictureHash().AsSpan().SequenceEqual(expected)) throw new InvalidOperationException($"{side.Name}: the last frame is not what is on the screen.");
        }

        return tallies;
    }

    /// <summary>What being told and answering costs, which is in each figure once.</summary>
    private static string AskOnly(SideProcess side)
    {
        const int times = 1000;
        Costs before = side.Now;
        for (int i = 0; i < times; i++) _ = side.Do(CostSide.Rest);
        Costs spent = side.Now - before;
        return string.Create(CultureInfo.InvariantCulture, $"| being told, and answering (in each of the figures above) | {side.Name} | {spent.Own.TotalMilliseconds / times:0.000} ms | | {spent.WineServer.TotalMilliseconds / times:0.000} ms | | |");
    }

    /// <summary>Somebody waits for a frame, and nothing changes. The call stays open.</summary>
    private static async Task<string> StillAsync(SideProcess side, int seconds)
    {
        // What is left over from before, the pointer's picture for one, comes first.
        do
        {
            _ = side.Do(CostSide.Await);
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
        while (side.Do(CostSide.Await) != 0);

        Costs before = side.Now;
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        Costs spent = side.Now - before;
        if (side.Do(CostSide.Await) != 0) throw new InvalidOperationException($"{side.Name}: a frame came, and nothing had changed.");
        return string.Create(CultureInfo.InvariantCulture,
            $"| nothing changes, somebody waits; in a second | {side.Name} | {spent.Own.TotalMilliseconds / seconds:0.0} ms | {spent.XServer.TotalMilliseconds / seconds:0.0} ms | {spent.WineServer.TotalMilliseconds / seconds:0.0} ms | | |");
    }

    private sealed class Tally
    {
        private Costs capture;
        private TimeSpan encode;
        private long bytes;

        public void Add(Costs capturing, TimeSpan encoding, int sent)
        {
            capture += capturing;
            encode += encoding;
            bytes += sent;
        }

        public string Row(string content, string way, int frames) => string.Create(CultureInfo.InvariantCulture,
            $"| {content} | {way} | {capture.Own.TotalMilliseconds / frames:0.00} ms | {capture.XServer.TotalMilliseconds / frames:0.00} ms | {capture.WineServer.TotalMilliseconds / frames:0.00} ms | {encode.TotalMilliseconds / frames:0.00} ms | {bytes / frames} |");
    }
}
