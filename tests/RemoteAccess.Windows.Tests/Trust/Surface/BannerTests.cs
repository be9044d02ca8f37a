using RemoteAccess.Interop;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>The strip and the frame: there while somebody is connected, whatever programs do.</summary>
[Collection(OneDesktop.Name)]
public sealed class BannerTests
{
    [Fact]
    public async Task Banner_WhileSomebodyIsConnected_IsSeenAndReportedAndGoes()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync();
        await Eventually.Is(() => scene.Agent.Shown == true, "nothing has to be shown, and that is so");
        Assert.Empty(scene.Look.Banners);
        scene.Agent.Say(ScriptedAgent.Watched);
        await scene.IsSeenAsync();
        Assert.Contains("Grace Hopper", scene.Banner.Words.Headline, StringComparison.Ordinal);
        PixelRect area = scene.Banner.Area;
        _ = await XSide.PictureAsync(screen => Array.TrueForAll([(area.X + 4, area.Y + 4), (1, 400), (screen.Size.Width - 2, 400), (400, 1), (400, screen.Size.Height - 2)], ((int X, int Y) place) => At(screen, place.X, place.Y) == Palette.Normal.Watched),
            "the strip and the four edges have the colour");

        scene.Agent.Say(ScriptedAgent.Idle);
        await Eventually.Is(() => scene.Look.Banners.Count == 0 && ReferenceEquals(scene.Agent.Seen, ScriptedAgent.Idle), "the strip is gone");
        _ = await XSide.PictureAsync(static screen => At(screen, 1, 400) != Palette.Normal.Watched, "nothing of it is left on the screen");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Stop_ClickOfAnybody_EndsEverySession(bool isPerson)
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Watched);
        await scene.IsSeenAsync();
        (int x, int y) = SurfaceScene.Middle(scene.Banner.Stop);
        if (isPerson)
        {
            await SurfaceScene.PersonClicksAsync(scene.Banner.Stop);
        }
        else
        {
            Prank.Move(x, y);
            Prank.Click();
        }

        await scene.DoneAsync<SurfaceAction.StopSessions>();
    }

    [Fact]
    public async Task Details_Click_OpensTheWindow()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Watched);
        await scene.IsSeenAsync();
        await SurfaceScene.PersonClicksAsync(scene.Banner.Details);

        await Eventually.Is(() => scene.Look.Window is { IsMapped: true }, "the window opens");
        Assert.Empty(scene.Agent.Done);
    }

    [Fact]
    public async Task Stop_Chord_EndsEverySession()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Watched, openWindow: true);
        Assert.True(scene.Look.HasKeys);
        await SurfaceScene.PersonAsync("key", "ctrl+alt+shift+End");

        await scene.DoneAsync<SurfaceAction.StopSessions>();
    }

    [Fact]
    public async Task Banner_Dragged_MovesAlongTheTop()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Watched);
        await scene.IsSeenAsync();
        PixelRect area = scene.Banner.Area;
        (int x, int y) = (area.X + 60, area.Y + 4);
        await SurfaceScene.PersonAsync("mousemove", SurfaceScene.Number(x), SurfaceScene.Number(y), "mousedown", "1", "mousemove", SurfaceScene.Number(x - 40), SurfaceScene.Number(y), "mousemove",
            SurfaceScene.Number(x - 80), SurfaceScene.Number(y), "mouseup", "1");

        await Eventually.Is(() => scene.Banner.Area.X < area.X - 30 && scene.Banner.IsSeen, "the strip has moved");
        Assert.Equal(area.Y, scene.Banner.Area.Y);
        Assert.Empty(scene.Agent.Done);
    }

    [Fact]
    public async Task Banner_PostedCloseAndCommands_StaysAndIsNotRenamed()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Watched);
        await scene.IsSeenAsync();
        nint window = (nint)scene.Banner.Window;
        foreach (nint target in scene.Look.Frame.Append(window))
        {
            _ = Prank.PostMessageW(target, Win32.Close, 0, 0);
            _ = Prank.PostMessageW(target, Win32.Destroy, 0, 0);
            _ = Prank.PostMessageW(target, User32Message.SystemCommand, 0xF020, 0);
        }
        long turns = scene.Look.Turns;
        await Eventually.Is(() => scene.Look.Turns > turns + 5, "turns go on");

        await scene.IsSeenAsync();
        Assert.Equal(window, (nint)scene.Banner.Window);
        Assert.Empty(scene.Agent.Done);
    }

    [Theory]
    [InlineData("hide")]
    [InlineData("move")]
    [InlineData("shrink")]
    [InlineData("fade")]
    [InlineData("cut")]
    [InlineData("below")]
    [InlineData("hide frame")]
    [InlineData("move frame")]
    public async Task Banner_ProgramTouchesIt_IsPutRight(string how)
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Watched);
        await scene.IsSeenAsync();
        nint window = (nint)scene.Banner.Window, edge = scene.Look.Frame[2];
        PixelRect area = scene.Banner.Area;
        switch (how)
        {
            case "hide": _ = User32Window.ShowWindow(window, Prank.Hide); break;
            case "move": _ = User32Window.SetWindowPos(window, 0, 4000, 4000, 0, 0, User32Window.NoSize | User32Window.SameOrder | User32Window.NoActivate); break;
            case "shrink": _ = User32Window.SetWindowPos(window, 0, 0, 0, 1, 1, User32Window.NoMove | User32Window.SameOrder | User32Window.NoActivate); break;
            case "fade":
                _ = User32Window.SetWindowLongPtrW(window, User32Window.ExtendedStyleIndex, User32Window.GetWindowLongPtrW(window, User32Window.ExtendedStyleIndex) | (nint)User32Window.Layered);
                _ = Prank.SetLayeredWindowAttributes(window, 0, 0, User32Window.AlphaOfAll);
                break;
            case "cut": _ = User32Window.SetWindowRgn(window, Prank.CreateRectRgn(0, 0, 1, 1), 1); break;
            case "below": _ = User32Window.SetWindowPos(window, -2, 0, 0, 0, 0, User32Window.NoMove | User32Window.NoSize | User32Window.NoActivate); break;
            case "hide frame": _ = User32Window.ShowWindow(edge, Prank.Hide); break;
            case "move frame": _ = User32Window.SetWindowPos(edge, 0, 4000, 4000, 0, 0, User32Window.NoSize | User32Window.SameOrder | User32Window.NoActivate); break;
        }

        await Eventually.Is(() => IsAt(window, area) && Has(window, User32Window.TopMost) && !Has(window, User32Window.Layered) && User32Window.IsWindowVisible(edge) != 0 && IsAt(edge, new PixelRect(0, 4, 4, 792)), "it is put right");
        await scene.IsSeenAsync();
        _ = await XSide.PictureAsync(screen => At(screen, area.X + 4, area.Y + 4) == Palette.Normal.Watched && At(screen, 1, 400) == Palette.Normal.Watched, "it is on the screen");
    }

    [Fact]
    public async Task Banner_CoveredOnce_IsRaised()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Watched);
        await scene.IsSeenAsync();
        PixelRect area = scene.Banner.Area;
        await using OtherWindow other = await OtherWindow.OpenAsync(area);

        await Eventually.Is(() => IsAbove((nint)scene.Banner.Window, other.Handle), "the strip is above it");
        long turns = scene.Look.Turns;
        await Eventually.Is(() => scene.Look.Turns > turns + 5, "it was looked at since");
        await scene.IsSeenAsync();
        // By GDI, as the strip looks itself: under Wine the X server is not told of the strip's pixels again, though of its place.
        using Canvas screen = new(0, 8, 8);
        Assert.True(screen.TakeScreen(area.X, area.Y));
        Assert.Equal(Palette.Normal.Watched, LastPixel(screen));
    }

    /// <summary>Whoever wins the duel: while the person does not see the strip, nobody is told that it is seen.</summary>
    [Fact]
    public async Task Banner_CoveredAgainAndAgain_IsReportedAsNotSeen()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Watched);
        await scene.IsSeenAsync();
        await using (await Rival.StartAsync(scene.Banner.Area))
        {
            await Eventually.Is(() => scene.Agent.Shown == false && scene.Agent.Seen is null, "it is said not to be seen");
        }

        await scene.IsSeenAsync();
    }

    [Fact]
    public async Task Frame_Click_GoesThrough()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Watched);
        await scene.IsSeenAsync();
        Assert.Equal(4, scene.Look.Frame.Count);
        Assert.All(scene.Look.Frame, edge => Assert.True(Has(edge, User32Window.Transparent) && Has(edge, User32Window.Layered) && Has(edge, User32Window.TopMost) && Has(edge, User32Window.NeverActive)));

        Assert.DoesNotContain(User32Window.WindowFromPoint(new Point { X = 1, Y = 400 }), scene.Look.Frame);
        Assert.Equal((nint)scene.Banner.Window, User32Window.WindowFromPoint(new Point { X = scene.Banner.Area.X + 4, Y = scene.Banner.Area.Y + 2 }));
    }

    [Fact]
    public async Task Run_Cancelled_TakesEverythingAwayAndReportsNothingShown()
    {
        Wine.Require();
        ScriptedAgent agent = new();
        agent.Say(ScriptedAgent.Watched);
        using CancellationTokenSource end = new();
        string tour = Path.GetTempFileName();
        Task run = new WindowsSurface(new WindowsSurfaceOptions { TourFile = tour }).RunAsync(agent, end.Token);
        await Eventually.Is(() => agent.Shown == true, "the surface is shown");
        await end.CancelAsync();
        await run.WaitAsync(Eventually.Limit);

        Assert.False(agent.Shown);
        _ = await XSide.PictureAsync(static screen => At(screen, 1, 400) != Palette.Normal.Watched, "nothing of it is left on the screen");
        File.Delete(tour);
    }

    [Fact]
    public void Options_ScaleOutsideItsRange_IsRefused() => Assert.Throws<ArgumentException>(() => new WindowsSurface(new WindowsSurfaceOptions { Scale = 4 }));

    private static uint At(XwdPicture picture, int x, int y) => picture.Pixels[(y * picture.Size.Width) + x] & 0xffffff;

    private static bool Has(nint window, uint style) => ((uint)User32Window.GetWindowLongPtrW(window, User32Window.ExtendedStyleIndex) & style) == style;

    private static unsafe uint LastPixel(Canvas canvas) => ((uint*)canvas.Pixels)[(canvas.Width * canvas.Height) - 1] & 0xffffff;

    private static bool IsAbove(nint window, nint other)
    {
        for (nint above = User32Window.GetWindow(other, User32Window.Above); above != 0; above = User32Window.GetWindow(above, User32Window.Above))
        {
            if (above == window) return true;
        }
        return false;
    }

    private static unsafe bool IsAt(nint window, PixelRect area)
    {
        Rectangle place;
        return User32Window.GetWindowRect(window, &place) != 0 && place.ToPixels() == area;
    }
}
