using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>The strip: there whenever somebody is connected, above what programs do, and honest about it.</summary>
public sealed class BannerTests
{
    [Fact]
    public async Task Banner_SomebodyConnects_IsSeenOnTopAndReported()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync();
        Assert.Empty(scene.Look.Banners);
        await Eventually.Is(() => scene.Agent.Shown == true, "able to show");
        scene.Agent.Say(ScriptedAgent.Watched);
        await IsSeen(scene);
        using PrankClient eye = new(scene.Inner);

        Assert.Equal(scene.Banner.Window, eye.Topmost());
        Assert.Equal(0, scene.Banner.Area.Y);
        Assert.Equal("Grace Hopper is connected and can see and control this computer", scene.Banner.Words.Headline);
        Assert.Contains("14:05", scene.Banner.Words.Note, StringComparison.Ordinal);
        int reports = scene.Agent.Reports;
        await Eventually.Is(() => scene.Agent.Reports > reports + 5, "the reports go on");

        scene.Agent.Say(ScriptedAgent.Idle);
        await Eventually.Is(() => scene.Look.Banners.Count == 0, "the strip goes when nobody is connected");
        await Eventually.Is(() => scene.Agent.Shown == true, "able to show");
    }

    [Fact]
    public async Task Banner_NewSession_IsNotReportedBeforeItIsSeen()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync();
        using PrankClient prank = new(scene.Inner);
        nuint cover = prank.Cover(0, 0, 1100, 200);
        await Duel(prank, () => Show(prank, cover), async () =>
        {
            scene.Agent.Say(ScriptedAgent.Watched);
            await Eventually.Is(() => scene.Agent.Shown == false, "what cannot be seen is not reported as seen");
        });
        await IsSeen(scene);
    }

    [Theory]
    [InlineData(Operations.ControlInput, true, "can see the screen")]
    [InlineData(Operations.ViewScreen | Operations.ControlInput, false, "cannot see the screen")]
    public async Task Banner_WithdrawnOperations_SaysWhatIsLeft(Operations withdrawn, bool isWatching, string words)
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Idle with { Sessions = [ScriptedAgent.Session with { Withdrawn = withdrawn, IsWatching = isWatching }] });
        await IsSeen(scene);

        Assert.Contains(words, scene.Banner.Words.Headline, StringComparison.Ordinal);
        Assert.Equal(isWatching, scene.Banner.Words.IsWatched);
        Assert.Equal(!isWatching, scene.Banner.Words.Note.Contains("nobody is looking", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("en-GB", "● This session is being recorded")]
    [InlineData("de-DE", "● Diese Sitzung wird aufgezeichnet")]
    [InlineData("ja-JP", "● このセッションは録画されています")]
    public async Task Banner_Recorded_SaysSoAndNoLongerThanItIs(string language, string words)
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Watched, options: options => options with { Culture = System.Globalization.CultureInfo.GetCultureInfo(language) });
        await IsSeen(scene);
        Assert.DoesNotContain("●", scene.Banner.Words.Note, StringComparison.Ordinal);

        scene.Agent.Say(ScriptedAgent.Watched with { Sessions = [ScriptedAgent.Session with { IsRecording = true }] });
        await Eventually.Is(() => scene.Banner.Words.Note.StartsWith(words, StringComparison.Ordinal) && scene.Banner.IsSeen, "the strip says that it is recorded");
        scene.Agent.Say(ScriptedAgent.Watched);
        await Eventually.Is(() => !scene.Banner.Words.Note.Contains('●') && scene.Banner.IsSeen, "the mark goes");
    }

    [Fact]
    public async Task Banner_Colour_TellsWatchedFromUnwatched()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Watched);
        await IsSeen(scene);
        Assert.Equal(Palette.Normal.Watched, await Corner(scene));
        scene.Agent.Say(ScriptedAgent.Idle with { Sessions = [ScriptedAgent.Session with { IsWatching = false }] });
        await Eventually.Is(() => !scene.Banner.Words.IsWatched && scene.Banner.IsSeen, "the strip says so");

        Assert.Equal(Palette.Normal.Unwatched, await Corner(scene));
    }

    [Fact]
    public async Task Banner_CoveredOnce_ComesBackOnTop()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Watched);
        await IsSeen(scene);
        using PrankClient prank = new(scene.Inner);
        nuint window = scene.Banner.Window;
        prank.Cover(0, 0, 1100, 300);

        await Eventually.Is(() => prank.Topmost() == window, "the strip is on top again");
        await IsSeen(scene);
    }

    [Theory]
    [InlineData(1100, 200)]
    [InlineData(1100, 40)]
    public async Task Banner_KeptCovered_IsReportedAsNotShown(int width, int height)
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Watched);
        await IsSeen(scene);
        using PrankClient prank = new(scene.Inner);
        nuint cover = prank.Cover(0, 0, width, height);

        await Duel(prank, () => Show(prank, cover), () => Eventually.Is(() => scene.Agent.Shown == false, "covered is not shown"));
        await IsSeen(scene);
    }

    [Theory]
    [InlineData("unmap")]
    [InlineData("move")]
    [InlineData("destroy")]
    [InlineData("reparent")]
    [InlineData("cut away")]
    [InlineData("paint over")]
    public async Task Banner_TakenAwayByAProgram_IsBackAndWasReported(string how)
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Watched);
        await IsSeen(scene);
        using PrankClient prank = new(scene.Inner);
        nuint cover = how == "reparent" ? prank.Cover(-500, -500, 20, 20) : 0;
        Action act = () =>
        {
            nuint window = scene.Banner.Window;
            switch (how)
            {
                case "unmap": prank.Unmap(window); break;
                case "move": prank.Move(window, -3000, -3000); break;
                case "destroy": prank.Destroy(window); break;
                case "reparent": prank.Reparent(window, cover); break;
                case "cut away": prank.CutAway(window); break;
                case "paint over": prank.Paint(window, 0x008080, 2000, 200); break;
            }
        };
        await Duel(prank, act, () => Eventually.Is(() => scene.Agent.Shown == false, "away is not shown"));

        await IsSeen(scene);
        Assert.Equal(0, scene.Banner.Area.Y);
        Assert.Equal(scene.Banner.Window, prank.Topmost());
        Assert.Equal(Palette.Normal.Watched, await Corner(scene));
    }

    [Fact]
    public async Task Banner_ClickOnStop_StopsAndNothingElseDoes()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Watched);
        await IsSeen(scene);
        PixelRect area = scene.Banner.Area;
        await scene.ProgramAsync(["mousemove", .. SurfaceScene.At(area with { Width = 200 }), "click", "1", "click", "3"]);
        await scene.ProgramAsync(["mousemove", .. SurfaceScene.At(scene.Banner.Stop), "click", "3"]);
        await scene.ProgramAsync(["mousemove", .. SurfaceScene.At(scene.Banner.Stop), "mousedown", "1", "mousemove", "5", "500", "mouseup", "1"]);
        Assert.Empty(scene.Agent.Done);
        await scene.ProgramAsync(["mousemove", .. SurfaceScene.At(scene.Banner.Stop), "click", "1"]);

        await scene.DoneAsync<SurfaceAction.StopSessions>();
        Assert.Single(scene.Agent.Done);
    }

    [Fact]
    public async Task Banner_KeyChord_StopsWhereverTheKeyboardIs()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Watched);
        await IsSeen(scene);
        Assert.True(scene.Look.HasKeys);
        await scene.ProgramAsync("key", "ctrl+alt+End", "key", "End");
        Assert.Empty(scene.Agent.Done);
        await scene.ProgramAsync("key", "ctrl+alt+shift+End");

        await scene.DoneAsync<SurfaceAction.StopSessions>();
    }

    [Fact]
    public async Task Banner_ClickOnDetails_OpensTheWindow()
    {
        Programs.Require("trayer");
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Watched, withPerson: true);
        await scene.EnterAsync(() => scene.Look.Window);
        await scene.PersonAsync("key", "Escape");
        await Eventually.Is(() => scene.Look.Window is null, "the window is closed");
        await IsSeen(scene);
        await scene.PersonAsync(["mousemove", .. SurfaceScene.At(scene.Banner.Details), "click", "1"]);

        await Eventually.Is(() => scene.Look.Window is not null, "the window opens");
    }

    [Fact]
    public async Task Banner_ClicksBesideIt_GoToTheWindowsThere()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Watched);
        await IsSeen(scene);
        using XClient client = new(scene.Inner);
        client.ShowInputWindow(0, 0, 1100, 900);
        await IsSeen(scene);
        PixelRect area = scene.Banner.Area;
        foreach ((int x, int y) in new[] { (area.X - 2, 10), (area.Right + 2, 10), (550, area.Bottom + 2) })
        {
            client.ReadInput();
            await scene.ProgramAsync("mousemove", $"{x}", $"{y}", "click", "1");
            client.Sync();
            Assert.Contains(client.ReadInput(), input => input.Kind == 4);
        }
    }

    [Fact]
    public async Task Banner_Dragged_MovesAlongTheTopOnly()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Watched);
        await IsSeen(scene);
        PixelRect before = scene.Banner.Area;
        await scene.ProgramAsync("mousemove", $"{before.X + 60}", "20", "mousedown", "1", "mousemove", "0", "300");
        await Eventually.Is(() => scene.Banner.Area.X == 0, "the strip follows");
        await scene.ProgramAsync("mouseup", "1");

        Assert.Equal(before with { X = 0 }, scene.Banner.Area);
        await IsSeen(scene);
    }

    [Fact]
    public async Task Banner_TwoMonitors_HasAStripOnEach()
    {
        Programs.Require("xrandr");
        await using SurfaceScene scene = await SurfaceScene.OpenAsync();
        await scene.Inner.RunAsync("xrandr", "--setmonitor", "left", "550/150x900/250+0+0", "screen");
        await scene.Inner.RunAsync("xrandr", "--setmonitor", "right", "550/150x900/250+550+0", "none");
        scene.Agent.Say(ScriptedAgent.Watched);
        await Eventually.Is(() => scene.Look.Banners.Count == 2 && scene.Look.Banners.All(banner => banner.IsSeen), "a strip on each");
        Assert.All(scene.Look.Banners, banner => Assert.True(banner.Area.Width <= 550));
        using PrankClient prank = new(scene.Inner);
        nuint cover = prank.Cover(550, 0, 550, 300);

        await Duel(prank, () => Show(prank, cover), () => Eventually.Is(() => scene.Agent.Shown == false, "one that is covered is enough"));
    }

    [Fact]
    public async Task Banner_LongAndHostileName_IsShortenedAndStaysOnTheMonitor()
    {
        string name = "Eve\u202e\n" + new string('W', 250);
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Idle with { Sessions = [ScriptedAgent.Session with { Technician = name }] });
        await IsSeen(scene);

        Assert.DoesNotContain('\u202e', scene.Banner.Words.Headline);
        Assert.Contains("W… is connected", scene.Banner.Words.Headline, StringComparison.Ordinal);
        Assert.True(scene.Banner.Area.X >= 0 && scene.Banner.Area.Right <= 1100);
    }

    private static Task IsSeen(SurfaceScene scene) => Eventually.Is(() => scene.Agent.Shown == true && scene.Look.Banners.Count > 0 && scene.Banner.IsSeen, "the strip is seen");

    /// <summary>Does it again and again until something is so.</summary>
    private static async Task Duel(PrankClient prank, Action act, Func<Task> until)
    {
        using CancellationTokenSource end = new();
        Task duel = Task.Run(() =>
        {
            while (!end.IsCancellationRequested)
            {
                act();
                prank.Sync();
            }
        }, CancellationToken.None);
        try
        {
            await until();
        }
        finally
        {
            await end.CancelAsync();
            await duel;
        }
    }

    /// <summary>A window without a ground shows what was there before: it covers nothing until it is painted.</summary>
    private static void Show(PrankClient prank, nuint cover)
    {
        prank.Raise(cover);
        prank.Paint(cover, 0x204060, 1100, 300);
    }

    private static async Task<uint> Corner(SurfaceScene scene)
    {
        XwdPicture screen = await scene.Inner.DumpAsync();
        PixelRect area = scene.Banner.Area;
        return screen.Pixels[((area.Y + 3) * screen.Size.Width) + area.X + 3];
    }
}
