using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>What comes up by itself: notices, the tour, and what is said when the agent is gone.</summary>
public sealed class NoticeAndTourTests
{
    [Fact]
    public async Task Notice_WaitedSinceBefore_IsShownAtTheStartAndDismissedByThePerson()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Idle with { Notices = [ScriptedAgent.Notice] }, withPerson: true);
        await scene.EnterAsync(() => scene.Look.Notice);
        Assert.Equal("n1", scene.Look.Notice!.Name);
        await scene.PersonAsync("key", "Return");
        Assert.Equal("n1", (await scene.DoneAsync<SurfaceAction.Dismiss>()).Id);
        scene.Agent.Say(ScriptedAgent.Idle);

        await Eventually.Is(() => scene.Look.Notice is null, "the notice goes when the agent has it");
    }

    [Fact]
    public async Task Notice_PutOff_IsNotDismissedAndANewOneComesAlone()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Idle with { Notices = [ScriptedAgent.Notice] }, withPerson: true);
        await scene.EnterAsync(() => scene.Look.Notice);
        await scene.PersonAsync("key", "Escape");
        await Eventually.Is(() => scene.Look.Notice is null, "the notice is put off");
        Assert.Empty(scene.Agent.Done);
        Assert.Contains(scene.Window.Controls, control => control.Id == "page/notices" && control.Lines[0] == "Notices (1)");
        scene.Agent.Say(ScriptedAgent.Idle with { Notices = [ScriptedAgent.Notice, ScriptedAgent.GrantNotice] });

        await Eventually.Is(() => scene.Look.Notice?.Name == "n2", "the new one is shown");
    }

    [Fact]
    public async Task Notice_OfAnAgreement_KeepDismissesAndRemoveAsksFirst()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Idle with { Notices = [ScriptedAgent.GrantNotice] }, withPerson: true);
        await scene.EnterAsync(() => scene.Look.Notice);
        Assert.Equal("keep/n2", scene.Look.Notice!.Focus);
        await scene.PersonAsync("key", "Tab", "key", "Return");
        await Eventually.Is(() => scene.Look.Window?.Name == "revoke/confirm", "the wizard asks");
        Assert.Empty(scene.Agent.Done);
        await scene.PersonAsync("key", "shift+Tab", "key", "Return");

        Assert.Equal("n2", (await scene.DoneAsync<SurfaceAction.Dismiss>()).Id);
    }

    [Fact]
    public async Task Notice_ProgramsInput_DismissesNothing()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Idle with { Notices = [ScriptedAgent.Notice] });
        await Eventually.Is(() => scene.Look.Notice is { IsActive: true }, "the notice is there");
        SheetLook notice = scene.Look.Notice!;
        PixelRect button = notice.Controls[0].Area;
        await scene.ProgramAsync(["mousemove", .. SurfaceScene.At(button with { X = button.X + notice.Area.X, Y = button.Y + notice.Area.Y }), "click", "1", "key", "Return", "key", "Escape"]);
        await Eventually.Never(() => scene.Look.Notice is null || !scene.Agent.Done.IsEmpty, "a program answered");
    }

    [Fact]
    public async Task Notice_WhileSomebodyTypes_LeavesTheKeyboardWhereItIs()
    {
        Programs.Require("xterm", "openbox");
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(withPerson: true, windowManager: "openbox");
        scene.Inner.Start("xterm");
        string typing = (await scene.Inner.RunTextAsync("xdotool", "search", "--sync", "--onlyvisible", "--class", "XTerm")).Trim();
        await scene.Inner.RunAsync("xdotool", "windowfocus", "--sync", typing);
        scene.Agent.Say(ScriptedAgent.Idle with { Notices = [ScriptedAgent.Notice] });
        await Eventually.Is(() => scene.Look.Notice is { IsActive: true }, "the notice is there");

        Assert.Equal(typing, (await scene.Inner.RunTextAsync("xdotool", "getwindowfocus")).Trim());
    }

    [Fact]
    public async Task Tour_FirstRun_IsShownOnceStepByStep()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(withPerson: true, withTour: true);
        await scene.EnterAsync(() => scene.Look.Tour);
        string mark = Path.Combine(scene.Folder, "tour", "seen");
        for (int step = 1; step <= 4; step++)
        {
            int now = step;
            await Eventually.Is(() => scene.Look.Tour?.Name == $"tour/{now}", $"step {now}");
            Assert.False(File.Exists(mark));
            await scene.PersonAsync("key", "Return");
        }
        await Eventually.Is(() => scene.Look.Tour is null && File.Exists(mark), "the tour is over and kept as seen");

        await using SurfaceScene second = await SurfaceScene.OpenAsync(options: options => options with { TourFile = mark });
        Assert.Null(second.Look.Tour);
        Assert.NotNull(second.Look.Window);
    }

    [Fact]
    public async Task Tour_BackAndSkip_Work()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(withPerson: true, withTour: true);
        await scene.EnterAsync(() => scene.Look.Tour);
        await scene.PersonAsync("key", "Return");
        await Eventually.Is(() => scene.Look.Tour?.Name == "tour/2", "the second step");
        await scene.PersonAsync("key", "Tab", "key", "Return");
        await Eventually.Is(() => scene.Look.Tour?.Name == "tour/1", "the first step");
        await scene.PersonAsync("key", "Tab", "key", "space");

        await Eventually.Is(() => scene.Look.Tour is null, "skipped");
        Assert.True(File.Exists(Path.Combine(scene.Folder, "tour", "seen")));
    }

    [Fact]
    public async Task Agent_Gone_TakesDownWhatIsNoLongerKnownAndSaysSo()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Watched, withPerson: true);
        await Eventually.Is(() => scene.Agent.Shown == true && scene.Look.Banners.Count == 1, "the strip is seen");
        scene.Agent.Go();
        await scene.EnterAsync(() => scene.Look.Gone);
        Assert.Empty(scene.Look.Banners);
        Assert.Null(scene.Look.Window);
        Assert.False(scene.Ended.IsCompleted);
        await scene.PersonAsync("key", "Return");

        await scene.Ended.WaitAsync(Eventually.Limit);
        Assert.False(scene.Agent.Shown);
    }

    [Fact]
    public async Task Run_Cancelled_TakesEverythingAwayAndReturns()
    {
        Programs.Require("Xvfb");
        await using XServer server = await XServer.StartXvfbAsync();
        using PrankClient eye = new(server);
        ScriptedAgent agent = new();
        agent.Say(ScriptedAgent.Watched);
        using CancellationTokenSource end = new();
        Task run = new X11Surface(new X11SurfaceOptions { Display = server.Display, TourFile = "/proc/self/status" }).RunAsync(agent, end.Token);
        await Eventually.Is(() => agent.Shown == true && eye.Topmost() != 0, "the surface is shown");
        await end.CancelAsync();
        await run.WaitAsync(Eventually.Limit);

        Assert.False(agent.Shown);
        await Eventually.Is(() => eye.Topmost() == 0, "its windows are gone");
    }

    [Fact]
    public async Task Run_DisplayLostOrMissing_Throws()
    {
        Programs.Require("Xvfb");
        ScriptedAgent agent = new();
        await Assert.ThrowsAsync<DesktopException>(() => new X11Surface(new X11SurfaceOptions { Display = ":77777" }).RunAsync(agent, CancellationToken.None));
        await using XServer server = await XServer.StartXvfbAsync();
        Task run = new X11Surface(new X11SurfaceOptions { Display = server.Display, TourFile = "/proc/self/status" }).RunAsync(agent, CancellationToken.None);
        await Eventually.Is(() => agent.Shown == true, "the surface is shown");
        await server.KillAsync();

        DesktopException error = await Assert.ThrowsAsync<DesktopException>(() => run.WaitAsync(Eventually.Limit));
        Assert.Equal(DesktopError.DisplayLost, error.Error);
        Assert.False(agent.Shown);
    }

    [Fact]
    public void Options_ScaleOutsideItsRange_IsRefused() => Assert.Throws<ArgumentException>(() => new X11Surface(new X11SurfaceOptions { Scale = 4 }));
}
