using System.Diagnostics;
using System.Globalization;
using RemoteAccess.Picture;
using RemoteAccess.Trust;

namespace RemoteAccess.Benchmarks;

/// <summary>
/// How long <see cref="IScreenCapture.CaptureAsync"/> takes when the X server has said that something changed. As in the pipeline, one
/// frame is kept while the next is captured, so both buffers are in use in turn. Hot: as soon as the event can have come, as when the
/// pipeline waits for it. Rested: 5 ms later, when both processes have gone to sleep. Cold: rested, and 64 MiB of other memory written.
/// </summary>
internal static class CaptureTime
{
    private static readonly PixelRect Whole = new(0, 0, 1920, 1080);
    private static readonly TimeSpan Arrival = TimeSpan.FromMilliseconds(0.3);
    private static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(5);

    private enum State
    {
        Hot,
        Rested,
        Cold,
    }

    public static async Task<IReadOnlyList<Figure>> RunAsync(bool quick)
    {
        int rounds = quick ? 60 : 300;
        using XvfbServer server = await XvfbServer.StartAsync();
        await using X11Desktop desktop = X11Desktop.Open(new X11Options { Display = server.Display });
        var permit = new OperationPermit(Operations.ViewScreen, () => RefusalReason.Withdrawn, CancellationToken.None);
        await using IScreenCapture capture = await desktop.OpenCaptureAsync(permit, CancellationToken.None);
        using var painter = new XPainter(server.Display);

        Samples copy = MeasureCopy(rounds);
        Samples hot = await MeasureAsync(capture, painter, Whole, rounds, State.Hot);
        Samples rested = await MeasureAsync(capture, painter, Whole, rounds, State.Rested);
        Samples cold = await MeasureAsync(capture, painter, Whole, rounds, State.Cold);
        Samples small = await MeasureAsync(capture, painter, new PixelRect(900, 500, 64, 64), rounds, State.Hot);
        Samples medium = await MeasureAsync(capture, painter, new PixelRect(700, 300, 400, 300), rounds, State.Hot);
        return
        [
            new Figure("X11 capture, 1080p all damaged, hot", "≤ 1 ms median", string.Create(CultureInfo.InvariantCulture, $"{hot}; {hot.Median / copy.Median:0.0}× a copy in memory"), hot.Median <= 1000),
            new Figure("X11 capture, 1080p all damaged, rested", "", rested.ToString(), null),
            new Figure("X11 capture, 1080p all damaged, cold", "", string.Create(CultureInfo.InvariantCulture, $"{cold}; {cold.Median / copy.Median:0.0}× a copy in memory"), null),
            new Figure("X11 capture, 64×64 damaged, hot", "", small.ToString(), null),
            new Figure("X11 capture, 400×300 damaged, hot", "", medium.ToString(), null),
            new Figure("a copy of the same 7.9 MiB in memory, for comparison", "", copy.ToString(), null),
        ];
    }

    private static async Task<Samples> MeasureAsync(IScreenCapture capture, XPainter painter, PixelRect area, int rounds, State state)
    {
        var samples = new Samples();
        byte[] others = new byte[state == State.Cold ? 64 << 20 : 0];
        painter.Fill(Whole);
        ScreenFrame kept = await capture.CaptureAsync(CancellationToken.None);
        for (int round = -10; round < rounds; round++)
        {
            painter.Fill(area);
            others.AsSpan().Fill((byte)round);
            // The event is on its way to the capture's own connection.
            long drawn = Stopwatch.GetTimestamp();
            if (state != State.Hot) await Task.Delay(Rest);
            while (Stopwatch.GetElapsedTime(drawn) < Arrival) Thread.SpinWait(20);
            long start = Stopwatch.GetTimestamp();
            ScreenFrame frame = await capture.CaptureAsync(CancellationToken.None);
            if (round >= 0) samples.AddSince(start);
            if (frame.Damage.Length == 0 || frame.Damage[0].Intersect(area) != area) throw new InvalidOperationException("The capture did not see what was drawn.");
            kept.Dispose();
            kept = frame;
        }

        kept.Dispose();
        return samples;
    }

    private static Samples MeasureCopy(int rounds)
    {
        byte[] from = new byte[1920 * 1080 * 4], to = new byte[from.Length];
        var samples = new Samples();
        for (int round = -10; round < rounds; round++)
        {
            from.AsSpan(0, 4096).Fill((byte)round);
            long start = Stopwatch.GetTimestamp();
            from.CopyTo(to, 0);
            if (round >= 0) samples.AddSince(start);
        }

        return samples;
    }
}
