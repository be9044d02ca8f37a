using System.Diagnostics;
using RemoteAccess.Picture;
using RemoteAccess.Sessions;

namespace RemoteAccess.Tests;

[Collection(OneDesktop.Name)]
public sealed class GdiCaptureTests
{
    [Fact]
    public async Task Position_WhenThePersonMovesTheMouse_ArrivesWithoutDamage()
    {
        using TestWindow window = new(0, 0, 800, 600);
        await using WindowsDesktop desktop = WindowsDesktop.Open(new WindowsOptions { UseDesktopDuplication = false });
        await using IScreenCapture capture = await desktop.OpenCaptureAsync(TestPermit.ForView(), default);
        await XSide.RunAsync("xdotool", "mousemove", "50", "60");
        await FrameWhere(capture, cursor => cursor is { X: 50, Y: 60 });

        await XSide.RunAsync("xdotool", "mousemove", "321", "123");
        PixelRect[] damage = await FrameWhere(capture, cursor => cursor is { X: 321, Y: 123 });

        Assert.Empty(damage);
    }

    [Fact]
    public async Task Shape_OfAnOwnCursor_IsThatPicture()
    {
        using TestWindow window = new(0, 0, 800, 600);
        nint handle = MakeCursor();
        await using WindowsDesktop desktop = WindowsDesktop.Open(new WindowsOptions { UseDesktopDuplication = false });
        await using IScreenCapture capture = await desktop.OpenCaptureAsync(TestPermit.ForView(), default);
        await XSide.RunAsync("xdotool", "mousemove", "200", "150");

        window.ShowCursor(handle);
        CursorShape? shape = null;
        await FrameWhere(capture, cursor => (shape = cursor.Shape) is { HotX: 3, HotY: 5 });

        Assert.Equal(new PixelSize(32, 32), shape!.Size);
        uint[] pixels = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, uint>(shape.Pixels.Span).ToArray();
        // Rows 0–7 black, 8–15 white, 16–23 nothing, 24–31 inverting: black, with white around.
        Assert.Equal([0xff000000, 0xff000000, 0xffffffff, 0xffffffff, 0u, 0u, 0xffffffff, 0xff000000, 0xff000000], new[] { 0, 7, 8, 15, 16, 22, 23, 24, 31 }.Select(row => pixels[(row * 32) + 9]));

        window.ShowCursor(0);
        await FrameWhere(capture, cursor => cursor.Shape is null);
        _ = Win32.DestroyCursor(handle);
    }

    [Fact]
    public async Task Shape_WhileThePointerMoves_IsTheSameInstance()
    {
        using TestWindow window = new(0, 0, 800, 600);
        await using WindowsDesktop desktop = WindowsDesktop.Open(new WindowsOptions { UseDesktopDuplication = false });
        await using IScreenCapture capture = await desktop.OpenCaptureAsync(TestPermit.ForView(), default);
        await XSide.RunAsync("xdotool", "mousemove", "20", "20");
        CursorShape? first = null, second = null;
        await FrameWhere(capture, cursor => cursor is { X: 20, Y: 20 } && (first = cursor.Shape) is not null);
        await XSide.RunAsync("xdotool", "mousemove", "30", "40");
        await FrameWhere(capture, cursor => cursor is { X: 30, Y: 40 } && (second = cursor.Shape) is not null);

        Assert.Same(first, second);
    }

    [Fact]
    public async Task Resolution_ChangedByXrandrWhileCapturing_GivesNewFramesWhollyDamaged()
    {
        await using WindowsDesktop desktop = WindowsDesktop.Open(new WindowsOptions { UseDesktopDuplication = false });
        await using IScreenCapture capture = await desktop.OpenCaptureAsync(TestPermit.ForView(), default);
        using ScreenFrame before = await capture.CaptureAsync(default);
        uint[] pixelsBefore = FramePixels.Copy(before);
        PixelSize old = before.Size;
        string mode = $"small-{Guid.NewGuid():N}";
        await XSide.RunAsync("xrandr", "--newmode", mode, "40", "640", "640", "640", "640", "480", "480", "480", "480");
        await XSide.RunAsync("xrandr", "--addmode", "screen", mode);
        try
        {
            await XSide.RunAsync("xrandr", "--output", "screen", "--mode", mode);
            PixelSize small = new(640, 480);
            bool wholeSeen = false;
            uint[] last = [];
            Task<ScreenFrame> next = capture.CaptureAsync(default).AsTask();
            for (int attempt = 0; ; attempt++)
            {
                Assert.True(attempt < 15, $"No frame equals the screen of the new size; the last one has {last.Length} pixels.");
                await XSide.RunAsync("xsetroot", "-solid", attempt % 2 == 0 ? "#605040" : "#203040");
                uint[] truth = (await XSide.DumpAsync()).Pixels;
                while (await Task.WhenAny(next, Rest()) == next)
                {
                    using ScreenFrame frame = await next;
                    next = capture.CaptureAsync(default).AsTask();
                    Assert.Equal(frame.Size, frame.Layout.Size);
                    last = XSide.PixelsOf(frame);
                    if (frame.Size != small) continue;
                    wholeSeen |= frame.Damage.Contains(new PixelRect(0, 0, 640, 480));
                    Assert.Equal(new PixelRect(0, 0, 640, 480), Assert.Single(frame.Layout.Monitors).Area);
                }

                if (truth.Length == small.Area && last.AsSpan().SequenceEqual(truth)) break;
            }

            Assert.True(wholeSeen, "No frame of the new size was wholly damaged.");
            // A frame that is still lent keeps its pixels, although its buffer left the pool.
            Assert.Equal(old, before.Size);
            Assert.Equal(0, FramePixels.CountDifferences(pixelsBefore, FramePixels.Copy(before)));
        }
        finally
        {
            await XSide.RunAsync("xrandr", "--output", "screen", "--mode", $"{old}");
        }
    }

    [Fact]
    public async Task Capture_WhenWithdrawnWhileWaiting_EndsWithin100Milliseconds()
    {
        await using WindowsDesktop desktop = WindowsDesktop.Open(new WindowsOptions { UseDesktopDuplication = false });
        await Promptly.Within(TimeSpan.FromMilliseconds(100), () => WithdrawWhileWaitingAsync(desktop));
    }

    [Fact]
    public async Task Capture_WithTwoFramesLent_RefusesAThirdAndGoesOnAfterOneCameBack()
    {
        using TestWindow window = new(0, 0, 800, 600);
        window.Fill(0, 0, 800, 600, 0);
        await using WindowsDesktop desktop = WindowsDesktop.Open(new WindowsOptions { UseDesktopDuplication = false });
        await using IScreenCapture capture = await desktop.OpenCaptureAsync(TestPermit.ForView(), default);
        ScreenFrame first = await capture.CaptureAsync(default);
        window.Fill(0, 0, 10, 10, 0xff);
        ScreenFrame second = await capture.CaptureAsync(default).AsTask().WaitAsync(Eventually.Limit);
        uint[] secondPixels = FramePixels.Copy(second);
        window.Fill(128, 64, 10, 10, 0xff00);

        await Assert.ThrowsAsync<InvalidOperationException>(() => capture.CaptureAsync(default).AsTask().WaitAsync(Eventually.Limit));
        first.Dispose();
        using ScreenFrame third = await capture.CaptureAsync(default).AsTask().WaitAsync(Eventually.Limit);

        Assert.Contains(third.Damage.ToArray(), rectangle => rectangle.Intersect(new PixelRect(128, 64, 10, 10)).Area == 100);
        Assert.Equal(secondPixels, FramePixels.Copy(second));
        second.Dispose();
    }

    [Fact]
    public async Task Dispose_WithAFrameStillLent_LeavesItsPixelsReadable()
    {
        await using WindowsDesktop desktop = WindowsDesktop.Open(new WindowsOptions { UseDesktopDuplication = false });
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
    public async Task Capture_WhenCancelled_LosesNoDamage()
    {
        using TestWindow window = new(0, 0, 800, 600);
        await using WindowsDesktop desktop = WindowsDesktop.Open(new WindowsOptions { UseDesktopDuplication = false });
        await using IScreenCapture capture = await desktop.OpenCaptureAsync(TestPermit.ForView(), default);
        uint[] previous;
        using (ScreenFrame frame = await capture.CaptureAsync(default)) previous = FramePixels.Copy(frame);
        for (int i = 0; i < 30; i++)
        {
            using CancellationTokenSource cancel = new();
            ValueTask<ScreenFrame> cancelled = capture.CaptureAsync(cancel.Token);
            window.Fill(i * 12, i * 7, 10, 6, 0xffffff - (uint)i);
            await cancel.CancelAsync();
            ScreenFrame? frame = null;
            try
            {
                frame = await cancelled;
            }
            catch (OperationCanceledException)
            {
                // The usual end of a cancelled call.
                Assert.True(cancel.IsCancellationRequested);
            }

            do
            {
                frame ??= await capture.CaptureAsync(default).AsTask().WaitAsync(Eventually.Limit);
                uint[] pixels = FramePixels.Copy(frame);
                Assert.Equal(0, FramePixels.CountOutside(previous, pixels, frame.Size.Width, frame.Damage));
                previous = pixels;
                frame.Dispose();
                frame = null;
            }
            while (previous[(i * 7 * 1280) + (i * 12)] != 0xffffff - (uint)i);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task OpenAndClose_FiftyTimes_LeavesNoHandleOrGuiObject(bool duplicate)
    {
        for (int i = 0; i < 5; i++) await OpenUseClose(duplicate);
        (int handles, uint gdi, uint user) = Count();
        int highest = HighestBitmap();

        for (int i = 0; i < 50; i++) await OpenUseClose(duplicate);

        (int handlesAfter, uint gdiAfter, uint userAfter) = Count();
        // Threads that have just ended give theirs back a moment later, those of the pool that have nothing more to do within their half minute.
        for (int look = 0; look < 40 && handlesAfter > handles + 20; look++)
        {
            await Task.Delay(1000, TestContext.Current.CancellationToken);
            handlesAfter = Math.Min(handlesAfter, Count().Handles);
        }
        Assert.Equal((gdi, user), (gdiAfter, userAfter));
        // Wine answers 0 to that; there, as on Windows, a bitmap's number tells how many there are.
        Assert.InRange(HighestBitmap(), 0, highest + 20);
        // The runtime opens a few when it likes, fifty of ours would be more.
        Assert.InRange(handlesAfter, 0, handles + 20);
        Assert.Equal(0, Win32.GetAsyncKeyState(0x10) & 0x8000);
    }

    private static async Task OpenUseClose(bool duplicate)
    {
        await using WindowsDesktop desktop = WindowsDesktop.Open(new WindowsOptions { UseDesktopDuplication = duplicate });
        await using IScreenCapture capture = await desktop.OpenCaptureAsync(TestPermit.ForView(), default);
        await using IInputInjector input = await desktop.OpenInputAsync(TestPermit.ForInput(), default);
        await input.InjectAsync(InputEvent.Key(0xffe1, true), default);
        (await capture.CaptureAsync(default)).Dispose();
    }

    /// <summary>Numbers of GDI objects are given out anew when they are free.</summary>
    private static int HighestBitmap()
    {
        PixelMemory[] some = [.. Enumerable.Range(0, 20).Select(_ => new PixelMemory(new PixelSize(1, 1)))];
        int highest = some.Max(memory => (int)memory.Bitmap & 0xffff);
        foreach (PixelMemory memory in some) memory.Dispose();
        return highest;
    }

    /// <summary>Wine counts the places in its table, which doubles, but gives the first free number, of which each is a multiple of 4.</summary>
    private static int HighestHandle()
    {
        EventWaitHandle[] some = [.. Enumerable.Range(0, 20).Select(_ => new EventWaitHandle(false, EventResetMode.ManualReset))];
        int highest = some.Max(made => (int)made.SafeWaitHandle.DangerousGetHandle()) / 4;
        foreach (EventWaitHandle made in some) made.Dispose();
        return highest;
    }

    private static (int Handles, uint Gdi, uint User) Count()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using Process self = Process.GetCurrentProcess();
        nint process = Win32.GetCurrentProcess();
        return (Wine.IsHere ? HighestHandle() : self.HandleCount, Win32.GetGuiResources(process, Win32.GdiObjects), Win32.GetGuiResources(process, Win32.UserObjects));
    }

    /// <summary>Longer than the capture rests between two looks.</summary>
    private static async Task Rest()
    {
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(400));
        await timer.WaitForNextTickAsync();
    }

    private static async Task<TimeSpan> WithdrawWhileWaitingAsync(WindowsDesktop desktop)
    {
        using TestPermit permit = new(Operations.ViewScreen);
        await using IScreenCapture capture = await desktop.OpenCaptureAsync(permit.Permit, default);
        Task<ScreenFrame> waiting = await WaitingAfterRest(capture);

        long start = Stopwatch.GetTimestamp();
        permit.Withdraw();
        AccessRefusedException refusal = await Assert.ThrowsAsync<AccessRefusedException>(() => waiting.WaitAsync(Eventually.Limit));

        TimeSpan took = Stopwatch.GetElapsedTime(start);
        Assert.Equal(RefusalReason.Withdrawn, refusal.Reason);
        await Assert.ThrowsAsync<AccessRefusedException>(async () => await capture.CaptureAsync(default));
        return took;
    }

    /// <summary>A call that is still waiting because nothing changes.</summary>
    private static async Task<Task<ScreenFrame>> WaitingAfterRest(IScreenCapture capture)
    {
        while (true)
        {
            Task<ScreenFrame> waiting = capture.CaptureAsync(default).AsTask();
            if (await Task.WhenAny(waiting, Rest()) != waiting) return waiting;
            (await waiting).Dispose();
        }
    }

    /// <summary>The damage of the first frame whose cursor is so.</summary>
    private static async Task<PixelRect[]> FrameWhere(IScreenCapture capture, Predicate<CursorState> condition)
    {
        while (true)
        {
            using ScreenFrame frame = await capture.CaptureAsync(default).AsTask().WaitAsync(Eventually.Limit);
            if (condition(frame.Cursor)) return frame.Damage.ToArray();
        }
    }

    private static unsafe nint MakeCursor()
    {
        byte* and = stackalloc byte[128], xor = stackalloc byte[128];
        for (int row = 0; row < 32; row++)
        {
            for (int i = 0; i < 4; i++)
            {
                and[(row * 4) + i] = row >= 16 ? (byte)0xff : (byte)0;
                xor[(row * 4) + i] = row is (>= 8 and < 16) or >= 24 ? (byte)0xff : (byte)0;
            }
        }

        nint handle = Win32.CreateCursor(Win32.GetModuleHandleW(0), 3, 5, 32, 32, and, xor);
        Assert.NotEqual(0, handle);
        return handle;
    }
}
