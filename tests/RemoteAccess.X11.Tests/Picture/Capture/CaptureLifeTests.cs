using System.Diagnostics;
using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

public sealed class CaptureLifeTests
{
    [Fact]
    public async Task Capture_WhenNothingChanges_WaitsUntilSomethingDoes()
    {
        await using XServer server = await XServer.StartXvfbAsync();
        using XClient client = new(server);
        await using X11Desktop desktop = X11Desktop.Open(new X11Options { Display = server.Display });
        await using IScreenCapture capture = await desktop.OpenCaptureAsync(TestPermit.ForView(), default);
        (await capture.CaptureAsync(default)).Dispose();
        Task<ScreenFrame> waiting = await WaitingAfterRest(capture);
        client.Fill(40, 50, 64, 32, 0xff0000);
        client.Sync();

        using ScreenFrame frame = await waiting.WaitAsync(Eventually.Limit);

        Assert.Equal([new PixelRect(40, 50, 64, 32)], frame.Damage.ToArray());
    }

    [Fact]
    public async Task Capture_WhenWithdrawnWhileWaiting_EndsWithin100Milliseconds()
    {
        await using XServer server = await XServer.StartXvfbAsync();
        await using X11Desktop desktop = X11Desktop.Open(new X11Options { Display = server.Display });
        await Promptly.Within(TimeSpan.FromMilliseconds(100), () => WithdrawWhileWaitingAsync(desktop));
    }

    private static async Task<TimeSpan> WithdrawWhileWaitingAsync(X11Desktop desktop)
    {
        using TestPermit permit = new(Operations.ViewScreen);
        await using IScreenCapture capture = await desktop.OpenCaptureAsync(permit.Permit, default);
        (await capture.CaptureAsync(default)).Dispose();
        Task<ScreenFrame> waiting = await WaitingAfterRest(capture);

        long start = Stopwatch.GetTimestamp();
        permit.Withdraw();
        AccessRefusedException refusal = await Assert.ThrowsAsync<AccessRefusedException>(() => waiting.WaitAsync(Eventually.Limit));

        TimeSpan took = Stopwatch.GetElapsedTime(start);
        Assert.Equal(RefusalReason.Withdrawn, refusal.Reason);
        await Assert.ThrowsAsync<AccessRefusedException>(async () => await capture.CaptureAsync(default));
        return took;
    }

    [Fact]
    public async Task Capture_WhenCancelled_LosesNoDamage()
    {
        await using XServer server = await XServer.StartXvfbAsync();
        using XClient client = new(server);
        await using X11Desktop desktop = X11Desktop.Open(new X11Options { Display = server.Display });
        await using IScreenCapture capture = await desktop.OpenCaptureAsync(TestPermit.ForView(), default);
        (await capture.CaptureAsync(default)).Dispose();
        uint[] previous = new uint[1280 * 800];
        for (int i = 0; i < 100; i++)
        {
            using CancellationTokenSource cancel = new();
            ValueTask<ScreenFrame> cancelled = capture.CaptureAsync(cancel.Token);
            client.Fill(i * 12, i * 7, 10, 6, 0xffffff);
            client.Sync();
            await cancel.CancelAsync();
            List<PixelRect> damage = [];
            uint[] pixels = previous;
            try
            {
                using ScreenFrame early = await cancelled;
                damage.AddRange(early.Damage);
                pixels = FramePixels.Copy(early);
            }
            catch (OperationCanceledException)
            {
                using ScreenFrame frame = await capture.CaptureAsync(default).AsTask().WaitAsync(Eventually.Limit);
                damage.AddRange(frame.Damage);
                pixels = FramePixels.Copy(frame);
            }
            Assert.Equal(0, FramePixels.CountOutside(previous, pixels, 1280, damage.ToArray()));
            Assert.Equal(0xffffffu, pixels[(i * 7 * 1280) + (i * 12)]);
            previous = pixels;
        }
    }

    [Fact]
    public async Task Capture_WithTwoFramesLent_RefusesAThirdAndGoesOnAfterOneCameBack()
    {
        await using XServer server = await XServer.StartXvfbAsync();
        using XClient client = new(server);
        await using X11Desktop desktop = X11Desktop.Open(new X11Options { Display = server.Display });
        await using IScreenCapture capture = await desktop.OpenCaptureAsync(TestPermit.ForView(), default);
        ScreenFrame first = await capture.CaptureAsync(default);
        client.Fill(0, 0, 10, 10, 0xff);
        client.Sync();
        ScreenFrame second = await capture.CaptureAsync(default);
        client.Fill(20, 20, 10, 10, 0xff00);
        client.Sync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => capture.CaptureAsync(default).AsTask().WaitAsync(Eventually.Limit));
        first.Dispose();
        using ScreenFrame third = await capture.CaptureAsync(default).AsTask().WaitAsync(Eventually.Limit);

        Assert.Equal([new PixelRect(20, 20, 10, 10)], third.Damage.ToArray());
        Assert.Equal(0u, FramePixels.Copy(second)[(25 * 1280) + 25]);
        second.Dispose();
    }

    [Fact]
    public async Task Dispose_WithAFrameStillLent_LeavesItsPixelsReadable()
    {
        await using XServer server = await XServer.StartXvfbAsync();
        await using X11Desktop desktop = X11Desktop.Open(new X11Options { Display = server.Display });
        IScreenCapture capture = await desktop.OpenCaptureAsync(TestPermit.ForView(), default);
        ScreenFrame frame = await capture.CaptureAsync(default);
        uint[] before = FramePixels.Copy(frame);

        await capture.DisposeAsync();

        Assert.Equal(before, FramePixels.Copy(frame));
        frame.Dispose();
        Assert.Throws<ObjectDisposedException>(() => frame.Pixels.Length);
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await capture.CaptureAsync(default));
    }

    [Fact]
    public async Task Capture_WhenTheServerIsKilled_EndsWithDisplayLostAndTheProcessGoesOn()
    {
        await using XServer server = await XServer.StartXvfbAsync();
        await using X11Desktop desktop = X11Desktop.Open(new X11Options { Display = server.Display });
        await using IScreenCapture capture = await desktop.OpenCaptureAsync(TestPermit.ForView(), default);
        await using RemoteAccess.Sessions.IInputInjector input = await desktop.OpenInputAsync(TestPermit.ForInput(), default);
        (await capture.CaptureAsync(default)).Dispose();
        Task<ScreenFrame> waiting = await WaitingAfterRest(capture);

        await server.KillAsync();

        DesktopException lost = await Assert.ThrowsAsync<DesktopException>(() => waiting.WaitAsync(Eventually.Limit));
        Assert.Equal(DesktopError.DisplayLost, lost.Error);
        Assert.Equal(DesktopError.DisplayLost, (await Assert.ThrowsAsync<DesktopException>(async () => await capture.CaptureAsync(default))).Error);
        Assert.Equal(DesktopError.DisplayLost, (await Assert.ThrowsAsync<DesktopException>(async () => await input.InjectAsync(RemoteAccess.Sessions.InputEvent.PointerMove(1, 1), default))).Error);
        // The watch of a person's input has a connection of its own, and finds out by itself.
        await Eventually.Is(() => desktop.PhysicalIdleTime == TimeSpan.Zero, "a time nobody can tell is zero");
    }

    [Fact]
    public async Task Dispose_WhenTheServerDoesNotAnswer_Returns()
    {
        await using XServer server = await XServer.StartXvfbAsync();
        using XClient client = new(server);
        await using X11Desktop desktop = X11Desktop.Open(new X11Options { Display = server.Display });
        IScreenCapture capture = await desktop.OpenCaptureAsync(TestPermit.ForView(), default);
        (await capture.CaptureAsync(default)).Dispose();
        _ = RemoteAccess.Interop.LibX11.XGrabServer(client.Display);
        client.Sync();
        using CancellationTokenSource cancel = new();
        Task<ScreenFrame> waiting = capture.CaptureAsync(cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Eventually.Limit));

        await capture.DisposeAsync().AsTask().WaitAsync(Eventually.Limit);

        _ = RemoteAccess.Interop.LibX11.XUngrabServer(client.Display);
        client.Sync();
    }

    /// <summary>A call that is still waiting after the events of the previous frame have come to rest.</summary>
    private static async Task<Task<ScreenFrame>> WaitingAfterRest(IScreenCapture capture)
    {
        while (true)
        {
            Task<ScreenFrame> waiting = capture.CaptureAsync(default).AsTask();
            if (await Task.WhenAny(waiting, Rest()) != waiting) return waiting;
            (await waiting).Dispose();
        }

        static async Task Rest()
        {
            using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(300));
            await timer.WaitForNextTickAsync();
        }
    }
}
