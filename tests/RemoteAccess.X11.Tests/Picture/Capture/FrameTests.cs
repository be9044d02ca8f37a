using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

public sealed class FrameTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task FirstFrame_WithRealApplications_EqualsXwd(bool shared)
    {
        Programs.Require("xwd", "xterm", "xlogo", "xeyes", "xsetroot");
        await using XServer server = await XServer.StartXvfbAsync(1920, 1080);
        using XClient client = new(server);
        await server.RunAsync("xsetroot", "-mod", "5", "7", "-fg", "#3366aa", "-bg", "#ddeeff");
        // Before a program can have drawn.
        uint[] empty = client.ReadRoot(new PixelSize(1920, 1080));
        server.Start("xterm", "-geometry", "80x24+40+40", "-e", "sh", "-c", "ls --color=always -la /usr/bin | head -40; cat");
        server.Start("xlogo", "-geometry", "400x300+900+100", "-render");
        server.Start("xeyes", "-geometry", "300x200+900+500");
        await StandsStill(client, empty);
        await using X11Desktop desktop = X11Desktop.Open(new X11Options { Display = server.Display, UseSharedMemory = shared });
        bool stoodStill = false;
        for (int attempt = 0; attempt < 20 && !stoodStill; attempt++)
        {
            await using IScreenCapture capture = await desktop.OpenCaptureAsync(TestPermit.ForView(), default);
            XwdPicture before = await server.DumpAsync();
            using ScreenFrame frame = await capture.CaptureAsync(default);
            XwdPicture after = await server.DumpAsync();

            // A program that still draws says nothing about the frame: only one between two equal dumps counts.
            stoodStill = FramePixels.CountDifferences(before.Pixels, after.Pixels) == 0;
            if (!stoodStill) continue;
            uint[] pixels = FramePixels.Copy(frame);
            Assert.Equal(after.Size, frame.Size);
            Assert.Equal(0, FramePixels.CountDifferences(after.Pixels, pixels));
            Assert.True(FramePixels.CountDifferences(empty, pixels) > 100_000, "The applications are not in the picture.");
            Assert.Equal([new PixelRect(0, 0, 1920, 1080)], frame.Damage.ToArray());
        }

        Assert.True(stoodStill, "The screen never stood still between two dumps.");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Frames_After200RandomChanges_AlwaysEqualAFreshImageAndChangeOnlyInsideDamage(bool shared)
    {
        PixelSize size = new(1280, 800);
        await using XServer server = await XServer.StartXvfbAsync(size.Width, size.Height);
        using XClient client = new(server);
        await using X11Desktop desktop = X11Desktop.Open(new X11Options { Display = server.Display, UseSharedMemory = shared });
        await using IScreenCapture capture = await desktop.OpenCaptureAsync(TestPermit.ForView(), default);
        Random random = new(20260729);
        List<nuint> windows = [];
        uint[] previous = new uint[size.Area];
        ScreenFrame? kept = null;
        long damaged = 0;
        for (int change = 0; change <= 200; change++)
        {
            if (change > 0) Change(client, random, windows, size);
            client.Sync();
            uint[] truth = client.ReadRoot(size);
            uint[] pixels;
            // Some changes draw what is there already, and then there may be no frame; the cursor does not move here.
            if (truth.AsSpan().SequenceEqual(previous) && change > 0) continue;
            do
            {
                ScreenFrame frame = await capture.CaptureAsync(default).AsTask().WaitAsync(Eventually.Limit);
                pixels = FramePixels.Copy(frame);
                Assert.Equal(0, FramePixels.CountOutside(previous, pixels, size.Width, frame.Damage));
                foreach (PixelRect rectangle in frame.Damage) damaged += (long)rectangle.Width * rectangle.Height;
                previous = pixels;
                // Keeps one frame across captures at times, so that both buffers take part.
                kept?.Dispose();
                kept = random.Next(2) == 0 ? frame : null;
                if (kept is null) frame.Dispose();
            }
            while (!pixels.AsSpan().SequenceEqual(truth) && pixels.Length == truth.Length && change == 0);
            Assert.Equal(0, FramePixels.CountDifferences(truth, pixels));
        }
        kept?.Dispose();
        Assert.True(damaged < 200 * size.Area / 3, "The damage is so large that it says nothing.");
    }

    [Fact]
    public async Task Damage_WhileAProgramDrawsAllTheTime_NeverMissesAPixel()
    {
        PixelSize size = new(640, 480);
        await using XServer server = await XServer.StartXvfbAsync(size.Width, size.Height);
        await using X11Desktop desktop = X11Desktop.Open(new X11Options { Display = server.Display });
        await using IScreenCapture capture = await desktop.OpenCaptureAsync(TestPermit.ForView(), default);
        using CancellationTokenSource end = new();
        Task drawing = Task.Run(() => DrawUntil(server, end.Token), end.Token);
        uint[] previous = new uint[size.Area];
        int outside = 0, changed = 0;
        for (int i = 0; i < 300; i++)
        {
            using ScreenFrame frame = await capture.CaptureAsync(default).AsTask().WaitAsync(Eventually.Limit);
            uint[] pixels = FramePixels.Copy(frame);
            outside += FramePixels.CountOutside(previous, pixels, size.Width, frame.Damage);
            if (!pixels.AsSpan().SequenceEqual(previous)) changed++;
            previous = pixels;
        }
        await end.CancelAsync();
        await drawing;

        Assert.Equal(0, outside);
        Assert.True(changed > 100, $"Only {changed} frames of 300 differed.");
    }

    [Fact]
    public async Task Frame_WhenProgramsLeaveTheFourthByteSet_HasItCleared()
    {
        await using XServer server = await XServer.StartXvfbAsync(640, 480);
        using XClient client = new(server);
        client.Fill(10, 10, 300, 200, 0xff123456);
        client.Fill(333, 17, 3, 400, 0x80abcdef);
        client.Sync();
        await using X11Desktop desktop = X11Desktop.Open(new X11Options { Display = server.Display });
        await using IScreenCapture capture = await desktop.OpenCaptureAsync(TestPermit.ForView(), default);
        using ScreenFrame frame = await capture.CaptureAsync(default);

        uint[] pixels = FramePixels.Copy(frame);

        Assert.Equal(0x123456u, pixels[(20 * 640) + 20]);
        Assert.Equal(0xabcdefu, pixels[(20 * 640) + 334]);
        Assert.DoesNotContain(pixels, pixel => pixel > 0xffffff);
    }

    private static void DrawUntil(XServer server, CancellationToken end)
    {
        using XClient client = new(server);
        Random random = new(7);
        while (!end.IsCancellationRequested)
        {
            client.Fill(random.Next(600), random.Next(440), random.Next(1, 60), random.Next(1, 60), (uint)random.Next(0x1000000));
            if (random.Next(8) == 0) client.Sync();
        }
    }

    private static void Change(XClient client, Random random, List<nuint> windows, PixelSize size)
    {
        int x = random.Next(-50, size.Width), y = random.Next(-50, size.Height), width = random.Next(1, 300), height = random.Next(1, 200);
        switch (random.Next(6))
        {
            case 0:
                windows.Add(client.ShowWindow(x, y, width, height, (uint)random.Next(0x1000000)));
                break;
            case 1 or 2 when windows.Count > 0:
                client.Move(windows[random.Next(windows.Count)], x, y);
                break;
            case 3 when windows.Count > 5:
                client.Destroy(windows[0]);
                windows.RemoveAt(0);
                break;
            case 4:
                client.Copy(x, y, width, height, random.Next(size.Width), random.Next(size.Height));
                break;
            default:
                for (int i = random.Next(1, 5); i > 0; i--)
                    client.Fill(random.Next(size.Width), random.Next(size.Height), random.Next(1, 80), random.Next(1, 80), (uint)random.Next(0x1000000));
                break;
        }
    }

    private static async Task StandsStill(XClient client, uint[] empty)
    {
        uint[] last = empty;
        int same = 0;
        await Eventually.Is(
            () =>
            {
                uint[] now = client.ReadRoot(new PixelSize(1920, 1080));
                same = now.AsSpan().SequenceEqual(last) && FramePixels.CountDifferences(empty, now) > 300_000 ? same + 1 : 0;
                last = now;
                return same > 5;
            },
            "the applications have drawn");
    }
}
