using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

public sealed class LayoutTests
{
    [Fact]
    public async Task Resolution_ChangedByXrandrWhileCapturing_GivesNewFramesWhollyDamaged()
    {
        Programs.Require("xrandr");
        await using XServer server = await XServer.StartXvfbAsync(1280, 1024);
        using XClient client = new(server);
        client.Fill(100, 100, 300, 300, 0x336699);
        client.Sync();
        await using X11Desktop desktop = X11Desktop.Open(new X11Options { Display = server.Display });
        await using IScreenCapture capture = await desktop.OpenCaptureAsync(TestPermit.ForView(), default);
        using ScreenFrame before = await capture.CaptureAsync(default);
        uint[] pixelsBefore = FramePixels.Copy(before);

        foreach (PixelSize size in (PixelSize[])[new(1024, 768), new(640, 480), new(1280, 1024), new(800, 600)])
        {
            (string width, string height) = ($"{size.Width}", $"{size.Height}");
            if (size.Width < 1280)
            {
                await server.RunAsync("xrandr", "--newmode", $"{size}", "40", width, width, width, width, height, height, height, height);
                await server.RunAsync("xrandr", "--addmode", "screen", $"{size}");
            }
            await server.RunAsync("xrandr", "--output", "screen", "--mode", $"{size}");
            bool wholeSeen = false;
            while (true)
            {
                using ScreenFrame frame = await capture.CaptureAsync(default).AsTask().WaitAsync(Eventually.Limit);
                Assert.Equal(frame.Size, frame.Layout.Size);
                if (frame.Size != size) continue;
                wholeSeen |= frame.Damage.Contains(new PixelRect(0, 0, size.Width, size.Height));
                if (!FramePixels.Copy(frame).AsSpan().SequenceEqual(client.ReadRoot(size))) continue;
                Assert.Contains(frame.Layout.Monitors, monitor => monitor.Area == new PixelRect(0, 0, size.Width, size.Height));
                break;
            }
            Assert.True(wholeSeen, $"No frame of {size} was wholly damaged.");
        }
        // A frame that is still lent keeps its pixels, although its buffer left the pool four sizes ago.
        Assert.Equal(new PixelSize(1280, 1024), before.Size);
        Assert.Equal(0, FramePixels.CountDifferences(pixelsBefore, FramePixels.Copy(before)));
    }

    [Fact]
    public async Task Monitors_SetByXrandr_AreNamedWithThePrimaryFirst()
    {
        Programs.Require("xrandr");
        await using XServer server = await XServer.StartXvfbAsync(1600, 600);
        await using X11Desktop desktop = X11Desktop.Open(new X11Options { Display = server.Display });
        await using IScreenCapture capture = await desktop.OpenCaptureAsync(TestPermit.ForView(), default);
        using (ScreenFrame first = await capture.CaptureAsync(default)) Assert.Single(first.Layout.Monitors);
        await server.RunAsync("xrandr", "--setmonitor", "left", "800/200x600/150+0+0", "screen");
        await server.RunAsync("xrandr", "--setmonitor", "*right", "800/200x600/150+800+0", "none");

        ScreenLayout layout = await LayoutWhere(capture, found => found.Monitors.Count == 2);

        Assert.Equal(new PixelSize(1600, 600), layout.Size);
        Assert.Equal(
            [new MonitorArea("right", new PixelRect(800, 0, 800, 600), true), new MonitorArea("left", new PixelRect(0, 0, 800, 600), false)],
            layout.Monitors);
    }

    private static async Task<ScreenLayout> LayoutWhere(IScreenCapture capture, Predicate<ScreenLayout> condition)
    {
        while (true)
        {
            using ScreenFrame frame = await capture.CaptureAsync(default).AsTask().WaitAsync(Eventually.Limit);
            if (condition(frame.Layout)) return frame.Layout;
        }
    }
}
