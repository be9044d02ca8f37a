using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

public sealed class CursorTests
{
    private const uint Crosshair = 34, Hand = 60;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Position_WhenThePointerMoves_ArrivesWithoutDamage(bool byInput)
    {
        Programs.Require("xdotool");
        await using XServer server = await XServer.StartXvfbAsync();
        using XClient client = new(server);
        await using X11Desktop desktop = X11Desktop.Open(new X11Options { Display = server.Display });
        await using IScreenCapture capture = await desktop.OpenCaptureAsync(TestPermit.ForView(), default);
        (await capture.CaptureAsync(default)).Dispose();
        (await CursorWhere(capture, _ => true, () => client.WarpPointer(5, 5))).Frame.Dispose();

        (ScreenFrame frame, CursorState cursor) = await CursorWhere(capture, found => found is { X: 321, Y: 123 }, () =>
        {
            if (byInput) server.Start("xdotool", "mousemove", "321", "123");
            else client.WarpPointer(321, 123);
        });

        Assert.Equal((321, 123), (cursor.X, cursor.Y));
        Assert.True(frame.Damage.IsEmpty);
        frame.Dispose();
    }

    [Fact]
    public async Task Shape_WhenItChanges_IsTheOneTheServerShows()
    {
        await using XServer server = await XServer.StartXvfbAsync();
        using XClient client = new(server);
        client.SetRootCursor(Crosshair);
        await using X11Desktop desktop = X11Desktop.Open(new X11Options { Display = server.Display });
        await using IScreenCapture capture = await desktop.OpenCaptureAsync(TestPermit.ForView(), default);
        CursorShape? crosshair;
        using (ScreenFrame frame = await capture.CaptureAsync(default)) crosshair = frame.Cursor.Shape;
        Assert.NotNull(crosshair);

        (ScreenFrame moved, CursorState same) = await CursorWhere(capture, _ => true, () => client.WarpPointer(7, 7));
        moved.Dispose();
        (ScreenFrame changed, CursorState hand) = await CursorWhere(capture, found => !ReferenceEquals(found.Shape, crosshair), () => client.SetRootCursor(Hand));
        changed.Dispose();

        Assert.Same(crosshair, same.Shape);
        Assert.NotNull(hand.Shape);
        Assert.Equal(hand.Shape.Size.Area * 4, hand.Shape.Pixels.Length);
        Assert.InRange(hand.Shape.HotX, 0, hand.Shape.Size.Width - 1);
        Assert.False(hand.Shape.Pixels.Span.SequenceEqual(crosshair.Pixels.Span));
        AssertPremultiplied(hand.Shape);
    }

    private static void AssertPremultiplied(CursorShape shape)
    {
        ReadOnlySpan<byte> pixels = shape.Pixels.Span;
        int opaque = 0;
        for (int i = 0; i < pixels.Length; i += 4)
        {
            Assert.True(pixels[i] <= pixels[i + 3] && pixels[i + 1] <= pixels[i + 3] && pixels[i + 2] <= pixels[i + 3], "A colour is larger than its alpha.");
            if (pixels[i + 3] == 255) opaque++;
        }
        Assert.InRange(opaque, 10, (pixels.Length / 4) - 10);
    }

    private static async Task<(ScreenFrame Frame, CursorState Cursor)> CursorWhere(IScreenCapture capture, Predicate<CursorState> condition, Action cause)
    {
        ValueTask<ScreenFrame> waiting = capture.CaptureAsync(default);
        cause();
        while (true)
        {
            ScreenFrame frame = await waiting.AsTask().WaitAsync(Eventually.Limit);
            if (condition(frame.Cursor)) return (frame, frame.Cursor);
            frame.Dispose();
            waiting = capture.CaptureAsync(default);
        }
    }
}
