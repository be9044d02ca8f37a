using RemoteAccess.Picture;
using RemoteAccess.Sessions;

namespace RemoteAccess.Tests;

public sealed class VirtualScreenCaptureTests
{
    [Fact]
    public async Task CaptureAsync_FirstCall_LendsTheWholeDesktopAtOnce()
    {
        await using var seat = new Seat();
        await using IScreenCapture capture = await seat.OpenCaptureAsync();
        using ScreenFrame frame = await capture.CaptureAsync(Seat.Token);
        Assert.Equal(new PixelSize(1280, 800), frame.Size);
        Assert.Equal([new PixelRect(0, 0, 1280, 800)], frame.Damage.ToArray());
        Assert.True(frame.Pixels.SequenceEqual(seat.Desktop.CopyPixels()));
        Assert.Equal(seat.Time.GetTimestamp(), frame.CapturedAt);
        Assert.Equal("Virtual-1", Assert.Single(frame.Layout.Monitors).Name);
        Assert.NotNull(frame.Cursor.Shape);
        for (int i = 3; i < frame.Pixels.Length; i += 4) Assert.Equal(0, frame.Pixels[i]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task CaptureAsync_TwoThousandRandomActs_DamageAloneKeepsTwoCopiesExact(int seed)
    {
        await using var seat = new Seat(500, 380);
        var random = new Random(seed);
        await using IInputInjector input = await seat.OpenInputAsync();
        await using IScreenCapture eager = await seat.OpenCaptureAsync();
        await using IScreenCapture lazy = await seat.OpenCaptureAsync();
        var eagerCopy = new ShadowCopy();
        var lazyCopy = new ShadowCopy();
        var lent = new Queue<ScreenFrame>();
        for (int act = 0; act < 2000; act++)
        {
            await RandomActs.OneAsync(random, seat, input);
            // A move by nothing makes sure that there is news even after an act that changed nothing.
            CursorState cursor = seat.Desktop.Cursor;
            seat.Desktop.ActAsCustomer(InputEvent.PointerMove(cursor.X == 0 ? 1 : cursor.X - 1, cursor.Y));
            if (random.Next(20) == 0)
            {
                using ScreenFrame frame = await lazy.CaptureAsync(Seat.Token);
                lazyCopy.Apply(frame);
                Assert.True(lazyCopy.Pixels.SequenceEqual(seat.Desktop.CopyPixels()), $"lazy copy, act {act}");
            }

            // The frame before stays lent, so that both pooled frames take turns.
            ScreenFrame newest = await eager.CaptureAsync(Seat.Token);
            lent.Enqueue(newest);
            eagerCopy.Apply(newest);
            if (act % 5 == 0)
            {
                byte[] truth = seat.Desktop.CopyPixels();
                Assert.True(newest.Pixels.SequenceEqual(truth), $"frame, act {act}");
                Assert.True(eagerCopy.Pixels.SequenceEqual(truth), $"eager copy, act {act}");
            }

            if (lent.Count == 2) lent.Dequeue().Dispose();
        }
    }

    [Fact]
    public async Task Captures_OneAfterTheOther_UseTheSamePixelsAndShowWhatIsThereNow()
    {
        await using var seat = new Seat(300, 200);
        long before = 0;
        for (int round = 0; round < 40; round++)
        {
            if (round == 20) before = GC.GetAllocatedBytesForCurrentThread();
            seat.Desktop.TypeAsCustomer("x");
            await using IScreenCapture capture = await seat.OpenCaptureAsync();
            using ScreenFrame frame = await capture.CaptureAsync(Seat.Token);
            if (round is 0 or 39) Assert.True(frame.Pixels.SequenceEqual(seat.Desktop.CopyPixels()));
        }

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 * 300 * 200 * 4);
    }

    [Fact]
    public async Task Frame_LentWhenItsCaptureEnded_IsNobodyElsesUntilItIsGivenBack()
    {
        await using var seat = new Seat(300, 200);
        IScreenCapture ended = await seat.OpenCaptureAsync();
        ScreenFrame lent = await ended.CaptureAsync(Seat.Token);
        byte[] shown = lent.Pixels.ToArray();
        await ended.DisposeAsync();
        await ended.DisposeAsync();

        seat.Desktop.TypeAsCustomer("something else");
        await using IScreenCapture next = await seat.OpenCaptureAsync();
        using ScreenFrame first = await next.CaptureAsync(Seat.Token);
        await using IScreenCapture other = await seat.OpenCaptureAsync();
        using ScreenFrame second = await other.CaptureAsync(Seat.Token);

        Assert.True(lent.Pixels.SequenceEqual(shown));
        Assert.False(first.Pixels.SequenceEqual(shown));
        lent.Dispose();
    }

    [Fact]
    public async Task CaptureAsync_NothingNew_WaitsForNewsAndIsWokenByInput()
    {
        await using var seat = new Seat();
        await using IScreenCapture capture = await seat.OpenCaptureAsync();
        await using IInputInjector input = await seat.OpenInputAsync();
        (await capture.CaptureAsync(Seat.Token)).Dispose();
        ValueTask<ScreenFrame> waiting = capture.CaptureAsync(Seat.Token);
        Assert.False(waiting.IsCompleted);
        await input.InjectAsync(InputEvent.Text(new('x')), Seat.Token);
        using ScreenFrame frame = await waiting;
        PixelRect area = Assert.Single(frame.Damage.ToArray());
        Assert.InRange(area.Width, 1, 16);
        Assert.InRange(area.Height, 1, 20);
    }

    [Fact]
    public async Task CaptureAsync_OnlyPointerMoves_LendsCursorWithoutDamage()
    {
        await using var seat = new Seat();
        await using IScreenCapture capture = await seat.OpenCaptureAsync();
        PixelRect field = seat.Desktop.AreaOf(VirtualPart.TextField);
        using (ScreenFrame first = await capture.CaptureAsync(Seat.Token)) seat.Desktop.ActAsCustomer(InputEvent.PointerMove(3, 4));
        CursorShape? arrow;
        using (ScreenFrame moved = await capture.CaptureAsync(Seat.Token))
        {
            Assert.True(moved.Damage.IsEmpty);
            Assert.Equal((3, 4), (moved.Cursor.X, moved.Cursor.Y));
            arrow = moved.Cursor.Shape;
        }

        seat.Desktop.ActAsCustomer(InputEvent.PointerMove(field.X + 20, field.Y + 20));
        using ScreenFrame overText = await capture.CaptureAsync(Seat.Token);
        Assert.True(overText.Damage.IsEmpty);
        Assert.NotSame(arrow, overText.Cursor.Shape);
    }

    [Fact]
    public async Task CaptureAsync_TwoFramesLent_RefusesAThirdUntilOneIsBack()
    {
        await using var seat = new Seat();
        await using IScreenCapture capture = await seat.OpenCaptureAsync();
        ScreenFrame first = await capture.CaptureAsync(Seat.Token);
        seat.Desktop.TypeAsCustomer("a");
        byte[] afterA = seat.Desktop.CopyPixels();
        using ScreenFrame second = await capture.CaptureAsync(Seat.Token);
        seat.Desktop.TypeAsCustomer("b");
        var error = await Assert.ThrowsAsync<InvalidOperationException>(async () => await capture.CaptureAsync(Seat.Token));
        Assert.Contains("Dispose one", error.Message, StringComparison.Ordinal);
        Assert.True(second.Pixels.SequenceEqual(afterA));
        first.Dispose();
        Assert.Throws<ObjectDisposedException>(() => first.Pixels.Length);
        using ScreenFrame third = await capture.CaptureAsync(Seat.Token);
        Assert.True(third.Pixels.SequenceEqual(seat.Desktop.CopyPixels()));
        Assert.True(second.Pixels.SequenceEqual(afterA));
    }

    [Fact]
    public async Task CaptureAsync_SecondCallerWhileOneWaits_IsRefused()
    {
        await using var seat = new Seat();
        await using IScreenCapture capture = await seat.OpenCaptureAsync();
        (await capture.CaptureAsync(Seat.Token)).Dispose();
        ValueTask<ScreenFrame> waiting = capture.CaptureAsync(Seat.Token);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await capture.CaptureAsync(Seat.Token));
        seat.Desktop.TypeAsCustomer("x");
        (await waiting).Dispose();
    }

    [Fact]
    public async Task CaptureAsync_PermitWithdrawnWhileWaiting_EndsWithTheReason()
    {
        await using var seat = new Seat();
        await using IScreenCapture capture = await seat.OpenCaptureAsync();
        (await capture.CaptureAsync(Seat.Token)).Dispose();
        Task<ScreenFrame> waiting = capture.CaptureAsync(Seat.Token).AsTask();
        seat.Withdraw();
        var refusal = await Assert.ThrowsAsync<AccessRefusedException>(() => waiting);
        Assert.Equal((RefusalReason.Revoked, Operations.ViewScreen), (refusal.Reason, refusal.Operation));
        seat.Desktop.TypeAsCustomer("x");
        await Assert.ThrowsAsync<AccessRefusedException>(async () => await capture.CaptureAsync(Seat.Token));
        await Assert.ThrowsAsync<AccessRefusedException>(async () => await seat.OpenCaptureAsync());
    }

    [Fact]
    public async Task CaptureAsync_Cancelled_EndsAndCanBeCalledAgain()
    {
        await using var seat = new Seat();
        await using IScreenCapture capture = await seat.OpenCaptureAsync();
        (await capture.CaptureAsync(Seat.Token)).Dispose();
        using var cancellation = new CancellationTokenSource();
        Task<ScreenFrame> waiting = capture.CaptureAsync(cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        seat.Desktop.TypeAsCustomer("x");
        using ScreenFrame frame = await capture.CaptureAsync(Seat.Token);
        Assert.False(frame.Damage.IsEmpty);
    }

    [Fact]
    public async Task CaptureAsync_DesktopOrCaptureDisposedWhileWaiting_Ends()
    {
        await using var seat = new Seat();
        IScreenCapture first = await seat.OpenCaptureAsync();
        await using IScreenCapture second = await seat.OpenCaptureAsync();
        (await first.CaptureAsync(Seat.Token)).Dispose();
        (await second.CaptureAsync(Seat.Token)).Dispose();
        Task<ScreenFrame> onFirst = first.CaptureAsync(Seat.Token).AsTask(), onSecond = second.CaptureAsync(Seat.Token).AsTask();
        await first.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => onFirst);
        Assert.False(onSecond.IsCompleted);
        await seat.Desktop.DisposeAsync();
        Assert.Equal(DesktopError.DisplayLost, (await Assert.ThrowsAsync<DesktopException>(() => onSecond)).Error);
        Assert.Equal(DesktopError.DisplayLost, (await Assert.ThrowsAsync<DesktopException>(async () => await seat.OpenCaptureAsync())).Error);
    }

    [Fact]
    public async Task OpenAsync_PermitForSomethingElse_IsRefused()
    {
        await using var seat = new Seat();
        var viewing = await Assert.ThrowsAsync<AccessRefusedException>(async () => await seat.Desktop.OpenCaptureAsync(seat.Control, Seat.Token));
        var control = await Assert.ThrowsAsync<AccessRefusedException>(async () => await seat.Desktop.OpenInputAsync(seat.View, Seat.Token));
        Assert.Equal((RefusalReason.OperationNotGranted, Operations.ViewScreen), (viewing.Reason, viewing.Operation));
        Assert.Equal((RefusalReason.OperationNotGranted, Operations.ControlInput), (control.Reason, control.Operation));
    }

    [Fact]
    public async Task CaptureAsync_ResolutionAndMonitorsChange_FramesFollowWholly()
    {
        await using var seat = new Seat(640, 480);
        await using IScreenCapture capture = await seat.OpenCaptureAsync();
        using ScreenFrame before = await capture.CaptureAsync(Seat.Token);
        seat.Desktop.SetSize(new PixelSize(800, 600));
        seat.Desktop.AddMonitor(new PixelSize(320, 700));
        using ScreenFrame after = await capture.CaptureAsync(Seat.Token);
        Assert.Equal(new PixelSize(640, 480), before.Size);
        Assert.Equal(640 * 480 * 4, before.Pixels.Length);
        Assert.Equal(new PixelSize(1120, 700), after.Size);
        Assert.Equal([new PixelRect(0, 0, 1120, 700)], after.Damage.ToArray());
        Assert.Equal([new PixelRect(0, 0, 800, 600), new PixelRect(800, 0, 320, 700)], after.Layout.Monitors.Select(monitor => monitor.Area));
        Assert.Equal([true, false], after.Layout.Monitors.Select(monitor => monitor.IsPrimary));
        Assert.True(after.Pixels.SequenceEqual(seat.Desktop.CopyPixels()));
        before.Dispose();
        seat.Desktop.RemoveMonitor();
        using ScreenFrame last = await capture.CaptureAsync(Seat.Token);
        Assert.Equal(new PixelSize(800, 600), last.Size);
        Assert.Throws<InvalidOperationException>(seat.Desktop.RemoveMonitor);
    }

    [Fact]
    public async Task CaptureAsync_TwoCapturesWhileInputPours_BothEndWithTheExactPicture()
    {
        await using var seat = new Seat(500, 380);
        await using IInputInjector input = await seat.OpenInputAsync();
        await using IScreenCapture first = await seat.OpenCaptureAsync();
        await using IScreenCapture second = await seat.OpenCaptureAsync();
        Task<ShadowCopy> onFirst = Task.Run(() => FollowAsync(first)), onSecond = Task.Run(() => FollowAsync(second));
        var random = new Random(9);
        for (int act = 0; act < 1500; act++) await RandomActs.OneAsync(random, seat, input);
        // Nothing else puts the pointer here, so it is the sign that all has been said.
        seat.Desktop.SetSize(new PixelSize(640, 480));
        seat.Desktop.ActAsCustomer(InputEvent.PointerMove(0, 479));
        byte[] truth = seat.Desktop.CopyPixels();
        Assert.True((await onFirst).Pixels.SequenceEqual(truth));
        Assert.True((await onSecond).Pixels.SequenceEqual(truth));
    }

    private static async Task<ShadowCopy> FollowAsync(IScreenCapture capture)
    {
        var copy = new ShadowCopy();
        while (true)
        {
            using ScreenFrame frame = await capture.CaptureAsync(Seat.Token);
            copy.Apply(frame);
            if (frame.Layout.Monitors[0].Area == new PixelRect(0, 0, 640, 480) && (frame.Cursor.X, frame.Cursor.Y) == (0, 479)) return copy;
        }
    }
}
