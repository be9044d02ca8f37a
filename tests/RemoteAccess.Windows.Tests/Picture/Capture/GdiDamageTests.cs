using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

[Collection(OneDesktop.Name)]
public sealed class GdiDamageTests
{
    [Fact]
    public async Task Frames_AfterRandomChanges_EqualXwdAndChangeOnlyInsideASmallDamage()
    {
        await XSide.RunAsync("xsetroot", "-solid", "#204060");
        using TestWindow window = new(100, 80, 700, 500);
        await using WindowsDesktop desktop = WindowsDesktop.Open(new WindowsOptions { UseDesktopDuplication = false });
        await using IScreenCapture capture = await desktop.OpenCaptureAsync(TestPermit.ForView(), default);
        Random random = new(20260729);
        uint[] previous = [];
        ScreenFrame? kept = null;
        long damaged = 0, drawn = 0;
        for (int change = 0; change < 24; change++)
        {
            int width = random.Next(1, 200), height = random.Next(1, 120);
            if (change % 8 == 7) window.Move(random.Next(-50, 400), random.Next(-50, 300), 700, 500);
            else window.Fill(random.Next(500), random.Next(380), width, height, (uint)random.Next(0x1000000));
            bool isMove = change % 8 == 7;
            uint[] truth = (await XSide.DumpAsync()).Pixels;
            if (previous.Length > 0 && truth.AsSpan().SequenceEqual(previous)) continue;
            while (previous.Length == 0 || !truth.AsSpan().SequenceEqual(previous))
            {
                ScreenFrame frame = await capture.CaptureAsync(default).AsTask().WaitAsync(Eventually.Limit);
                uint[] pixels = XSide.PixelsOf(frame);
                if (previous.Length > 0)
                {
                    Assert.Equal(0, FramePixels.CountOutside(previous, pixels, frame.Size.Width, frame.Damage));
                    if (!isMove)
                    {
                        foreach (PixelRect rectangle in frame.Damage) damaged += rectangle.Area;
                        drawn += width * height;
                    }
                }

                previous = pixels;
                // Keeps one frame across captures at times, so that all buffers take part.
                kept?.Dispose();
                kept = random.Next(2) == 0 ? frame : null;
                if (kept is null) frame.Dispose();
            }
        }

        kept?.Dispose();
        Assert.InRange(damaged, drawn / 2, (drawn * 3) + 200_000);
    }

    [Fact]
    public async Task Frame_WhenProgramsLeaveTheFourthByteSet_HasItCleared()
    {
        using TestWindow window = new(0, 0, 300, 200);
        window.Fill(0, 0, 300, 200, 0xabcdef);
        await using WindowsDesktop desktop = WindowsDesktop.Open(new WindowsOptions { UseDesktopDuplication = false });
        await using IScreenCapture capture = await desktop.OpenCaptureAsync(TestPermit.ForView(), default);
        uint[] pixels = [];
        while (pixels.Length == 0 || pixels[0] != 0xabcdef)
        {
            using ScreenFrame frame = await capture.CaptureAsync(default).AsTask().WaitAsync(Eventually.Limit);
            pixels = FramePixels.Copy(frame);
            Assert.DoesNotContain(pixels, pixel => pixel > 0xffffff);
        }
    }

    [Fact]
    public async Task Frames_InSteadyState_AllocateNothing()
    {
        using TestWindow window = new(0, 0, 300, 200);
        await using WindowsDesktop desktop = WindowsDesktop.Open(new WindowsOptions { UseDesktopDuplication = false });
        await using IScreenCapture capture = await desktop.OpenCaptureAsync(TestPermit.ForView(), default);
        using ManualResetEventSlim done = new();
        FrameLoop loop = new(capture, window, done);
        loop.Begin();
        Assert.True(done.Wait(Eventually.Limit), "The frames never came.");

        Assert.Equal(FrameLoop.Measured, loop.Allocations.Count(bytes => bytes == 0));
    }

#pragma warning disable CA2012 // awaited by hand, once each: an async method would allocate
    /// <summary>Goes from frame to frame on the capture's own thread, as the pipeline does, and writes down what that thread allocated in between.</summary>
    private sealed class FrameLoop(IScreenCapture capture, TestWindow window, ManualResetEventSlim done)
    {
        public const int Measured = 50;
        private const int WarmUp = 20;

        private int count;
        private long before;
        private System.Runtime.CompilerServices.ValueTaskAwaiter<ScreenFrame> awaiter;
        private Action? next;

        public long[] Allocations { get; } = new long[Measured];

        public void Begin()
        {
            next = Next;
            awaiter = capture.CaptureAsync(default).GetAwaiter();
            awaiter.UnsafeOnCompleted(next);
        }

        private void Next()
        {
            awaiter.GetResult().Dispose();
            long now = GC.GetAllocatedBytesForCurrentThread();
            if (count > WarmUp) Allocations[count - WarmUp - 1] = now - before;
            if (++count > WarmUp + Measured)
            {
                done.Set();
                return;
            }

            window.Fill(10, 10, 80, 40, (uint)count * 0x010203);
            before = GC.GetAllocatedBytesForCurrentThread();
            awaiter = capture.CaptureAsync(default).GetAwaiter();
            awaiter.UnsafeOnCompleted(next!);
        }
    }
#pragma warning restore CA2012
}
