using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

/// <summary>Runs beside no other test: what it measures is the process's.</summary>
[CollectionDefinition(nameof(CaptureAllocationTests), DisableParallelization = true)]
[Collection(nameof(CaptureAllocationTests))]
public sealed class CaptureAllocationTests
{
    private const int WarmUp = 500, Frames = 2000;

    [Fact]
    public async Task CaptureAsync_NewsAlreadyThere_AllocatesNothing()
    {
        await using var seat = new Seat();
        await using IScreenCapture capture = await seat.OpenCaptureAsync();
        var picture = new byte[32 * 32 * 4];
        using var cancellation = new CancellationTokenSource();
        long before = 0;
        for (int i = 0; i < WarmUp + Frames; i++)
        {
            if (i == WarmUp) before = GC.GetAllocatedBytesForCurrentThread();
            Draw(seat, picture, i);
            ValueTask<ScreenFrame> frame = capture.CaptureAsync(cancellation.Token);
            if (!frame.IsCompleted) Assert.Fail("There was news.");
            (await frame).Dispose();
        }

        // The rectangle in Draw's one-element collection is on the stack; nothing else is made for a frame.
        Assert.Equal(0, (GC.GetAllocatedBytesForCurrentThread() - before) / Frames);
    }

    [Fact]
    public async Task CaptureAsync_WokenByNews_AllocatesNothing()
    {
        await using var seat = new Seat();
        await using IScreenCapture capture = await seat.OpenCaptureAsync();
        var picture = new byte[32 * 32 * 4];
        using var cancellation = new CancellationTokenSource();
        (await capture.CaptureAsync(cancellation.Token)).Dispose();
        long before = 0;
        for (int i = 0; i < WarmUp + Frames; i++)
        {
            if (i == WarmUp) before = GC.GetTotalAllocatedBytes(precise: true);
            ValueTask<ScreenFrame> waiting = capture.CaptureAsync(cancellation.Token);
            if (waiting.IsCompleted) Assert.Fail("There was no news.");
            Draw(seat, picture, i);
            (await waiting).Dispose();
        }

        long perFrame = (GC.GetTotalAllocatedBytes(precise: true) - before) / Frames;
        TestContext.Current.TestOutputHelper?.WriteLine($"{perFrame} B a frame");
        Assert.Equal(0, perFrame);
    }

    private static void Draw(Seat seat, byte[] picture, int i)
    {
        picture[0] = (byte)i;
        seat.Desktop.Draw(new PixelRect(8 * (i % 32), 40, 32, 32), picture);
    }
}
