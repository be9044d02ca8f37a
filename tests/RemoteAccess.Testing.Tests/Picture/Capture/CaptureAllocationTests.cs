using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

/// <summary>Runs beside no other test: what it measures is the process's.</summary>
[CollectionDefinition(nameof(CaptureAllocationTests), DisableParallelization = true)]
[Collection(nameof(CaptureAllocationTests))]
public sealed class CaptureAllocationTests
{
    private const int WarmUp = 500, Frames = 2000, Batches = 20, Batch = Frames / Batches;

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

    /// <summary>
    /// The frame is drawn on one thread and awaited on another, so the whole process is counted, and with it what the test runner writes
    /// about the test before. That falls into some batches; what a frame allocates falls into each.
    /// </summary>
    [Fact]
    public async Task CaptureAsync_WokenByNews_AllocatesNothing()
    {
        await using var seat = new Seat();
        await using IScreenCapture capture = await seat.OpenCaptureAsync();
        var picture = new byte[32 * 32 * 4];
        using var cancellation = new CancellationTokenSource();
        (await capture.CaptureAsync(cancellation.Token)).Dispose();
        var allocated = new long[Batches];
        long before = 0;
        for (int i = -WarmUp; i < Batches * Batch; i++)
        {
            if (i >= 0 && i % Batch == 0) before = GC.GetTotalAllocatedBytes(precise: true);
            ValueTask<ScreenFrame> waiting = capture.CaptureAsync(cancellation.Token);
            if (waiting.IsCompleted) Assert.Fail("There was no news.");
            Draw(seat, picture, i);
            (await waiting).Dispose();
            if (i >= 0 && i % Batch == Batch - 1) allocated[i / Batch] = GC.GetTotalAllocatedBytes(precise: true) - before;
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"bytes in batches of {Batch} frames: {string.Join(' ', allocated)}");
        Array.Sort(allocated);
        Assert.Equal(0, allocated[Batches / 2]);
    }

    private static void Draw(Seat seat, byte[] picture, int i)
    {
        picture[0] = (byte)i;
        seat.Desktop.Draw(new PixelRect(8 * (i & 31), 40, 32, 32), picture);
    }
}
