using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>The window's pages, used by a person's keyboard alone.</summary>
public sealed class SurfaceWindowTests
{
    [Fact]
    public async Task Window_NoTray_OpensAtTheStartAndCloseLeavesTheSurface()
    {
        await using SurfaceScene scene = await Open();
        await scene.PersonAsync("key", "Escape");
        await Eventually.Is(() => scene.Look.Window is null, "Escape closes the window");
        int reports = scene.Agent.Reports;
        await Eventually.Is(() => scene.Agent.Reports > reports + 2, "the surface goes on");
        await scene.PersonAsync("key", "ctrl+alt+shift+Home");

        await Eventually.Is(() => scene.Look.Window is not null, "the chord opens it again");
        Assert.False(scene.Ended.IsCompleted);
    }

    [Fact]
    public async Task Window_TabForth_VisitsEveryControlAndComesRoundAndBack()
    {
        await using SurfaceScene scene = await Open(ScriptedAgent.Watched);
        string[] all = [.. scene.Window.Controls.Select(control => control.Id)];
        List<string> visited = [];
        for (int i = 0; i < all.Length; i++)
        {
            visited.Add(scene.Window.Focus);
            await Step(scene, "Tab");
        }

        Assert.Equal(all, visited);
        Assert.Equal(all[0], scene.Window.Focus);
        await Step(scene, "shift+Tab");
        Assert.Equal(all[^1], scene.Window.Focus);
        await Step(scene, "Up");
        Assert.Equal(all[^2], scene.Window.Focus);
        Control focused = scene.Window.Controls.Single(control => control.Id == scene.Window.Focus);
        Assert.True(focused.Area.Y >= 0 && focused.Area.Bottom <= scene.Window.Area.Height, "The focus is scrolled into view.");
    }

    [Fact]
    public async Task Status_Switch_WithdrawsAndRestores()
    {
        await using SurfaceScene scene = await Open(ScriptedAgent.Watched);
        string control = $"op/{ScriptedAgent.SessionId}/{Operations.ControlInput}";
        await scene.PressAsync(control);
        Assert.Equal(new SurfaceAction.Withdraw(ScriptedAgent.SessionId, Operations.ControlInput), await scene.DoneAsync<SurfaceAction.Withdraw>());
        Assert.True(scene.Window.Controls.Single(one => one.Id == control).IsOn, "The switch shows what is so, not what was asked.");

        scene.Agent.Say(ScriptedAgent.Idle with { Sessions = [ScriptedAgent.Session with { Withdrawn = Operations.ControlInput }] });
        await Eventually.Is(() => !scene.Window.Controls.Single(one => one.Id == control).IsOn, "the switch is off");
        Assert.Equal(control, scene.Window.Focus);
        await scene.PersonAsync("key", "space");
        Assert.Equal(new SurfaceAction.Restore(ScriptedAgent.SessionId, Operations.ControlInput), await scene.DoneAsync<SurfaceAction.Restore>());
    }

    [Fact]
    public async Task Grant_Switch_WithdrawsFromTheGrantAndGivesBackByKeyAndByClick()
    {
        await using SurfaceScene scene = await Open(ScriptedAgent.Watched);
        string control = $"allow/{ScriptedAgent.GrantId}/{Operations.TransferFiles}", session = $"op/{ScriptedAgent.SessionId}/{Operations.TransferFiles}";
        await scene.FocusAsync(control);
        for (int i = 0; i < 5; i++) await scene.ProgramAsync("key", "Return", "key", "space");
        Assert.Empty(scene.Agent.Done);
        await scene.PersonAsync("key", "Return");
        Assert.Equal(new SurfaceAction.WithdrawFromGrant(ScriptedAgent.GrantId, Operations.TransferFiles), await scene.DoneAsync<SurfaceAction.WithdrawFromGrant>());
        Assert.True(One(control).IsOn, "The switch shows what is so, not what was asked.");

        scene.Agent.Say(ScriptedAgent.Idle with { Grants = [ScriptedAgent.Grant with { Withdrawn = Operations.TransferFiles }, ScriptedAgent.OtherGrant], Sessions = [ScriptedAgent.Session with { Withdrawn = Operations.TransferFiles }] });
        await Eventually.Is(() => !One(control).IsOn && !One(session).IsOn, "the switches are off");
        Assert.Equal(("off", control), (One(control).State, scene.Window.Focus));
        // Whoever hears one switch alone hears of what it is.
        Assert.Equal(("Send and fetch files – Contoso:Front desk:Ada", "Send and fetch files – Grace Hopper"), (One(control).Name, One(session).Name));
        PixelRect area = One(control).Area;
        string[] middle = SurfaceScene.At(area with { X = area.X + scene.Window.Area.X, Y = area.Y + scene.Window.Area.Y });
        await scene.PersonAsync(["mousemove", "5", "400", "mousemove", .. middle, "click", "1"]);
        Assert.Equal(new SurfaceAction.RestoreToGrant(ScriptedAgent.GrantId, Operations.TransferFiles), await scene.DoneAsync<SurfaceAction.RestoreToGrant>());
        // Nothing is switched of what is over for good.
        scene.Agent.Say(ScriptedAgent.Idle with { Grants = [ScriptedAgent.Grant with { State = GrantState.Revoked }] });
        await Eventually.Is(() => scene.Window.Controls.All(one => !one.Id.StartsWith("allow/", StringComparison.Ordinal)), "there are no switches");

        Control One(string id) => scene.Window.Controls.Single(one => one.Id == id);
    }

    [Fact]
    public async Task Folders_AreShown_AndTheCustomersAreTakenBackByAPersonAlone()
    {
        await using SurfaceScene scene = await Open();
        Assert.DoesNotContain(scene.Window.Texts, text => text == "Folders that are shared");
        scene.Agent.Say(ScriptedAgent.Idle with { Folders = [ScriptedAgent.HostFolder, ScriptedAgent.Folder] });
        await Eventually.Is(() => scene.Window.Texts.Contains("Folders that are shared"), "the folders are shown");
        foreach (string text in (string[])["Updates", "/var/lib/contoso/updates", "The program for remote access shares it.", "Invoices", "/srv/invoices of the front desk", "Files can only be fetched from it."])
            Assert.Contains(text, scene.Window.Texts);
        Assert.Equal("folder/Invoices", Assert.Single(scene.Window.Controls, control => control.Id.StartsWith("folder/", StringComparison.Ordinal)).Id);
        await scene.FocusAsync("folder/Invoices");
        for (int i = 0; i < 5; i++) await scene.ProgramAsync("key", "Return");
        Assert.Empty(scene.Agent.Done);
        await scene.PersonAsync("key", "Return");

        Assert.Equal("Invoices", (await scene.DoneAsync<SurfaceAction.TakeBackFolder>()).Name);
        scene.Agent.Say(ScriptedAgent.Idle with { AreFoldersDamaged = true });
        await Eventually.Is(() => scene.Window.Texts.Contains("The list of the folders that you share cannot be read, so none of them is shared."), "it says what is wrong");
    }

    [Fact]
    public async Task Status_StopAndUnlock_ReachTheAgent()
    {
        await using SurfaceScene scene = await Open(ScriptedAgent.Watched);
        await scene.PressAsync("stop");
        await scene.DoneAsync<SurfaceAction.StopSessions>();
        await scene.PressAsync($"unlock/{ScriptedAgent.OtherGrantId}");

        Assert.Equal(ScriptedAgent.OtherGrantId, (await scene.DoneAsync<SurfaceAction.Unlock>()).GrantId);
    }

    [Fact]
    public async Task Status_ProgramsKeysAndClicks_DoNothing()
    {
        await using SurfaceScene scene = await Open(ScriptedAgent.Watched);
        string control = $"op/{ScriptedAgent.SessionId}/{Operations.ViewScreen}";
        await scene.FocusAsync(control);
        PixelRect area = scene.Window.Controls.Single(one => one.Id == control).Area;
        string[] middle = SurfaceScene.At(area with { X = area.X + scene.Window.Area.X, Y = area.Y + scene.Window.Area.Y });
        for (int i = 0; i < 10; i++) await scene.ProgramAsync(["key", "Return", "key", "Tab", "key", "space", "mousemove", "5", "400", "mousemove", .. middle, "click", "1"]);
        Assert.Equal(control, scene.Window.Focus);
        Assert.Empty(scene.Agent.Done);
        // A person's click where a program brought the pointer is no answer either; where the person brought it, it is.
        await scene.PersonAsync("click", "1");
        await scene.PersonAsync("key", "Tab");
        await Eventually.Is(() => scene.Window.Focus != control, "the person's key after the click");
        Assert.Empty(scene.Agent.Done);
        await scene.PersonAsync(["mousemove", "5", "400", "mousemove", .. middle, "click", "1"]);

        Assert.Equal(Operations.ViewScreen, (await scene.DoneAsync<SurfaceAction.Withdraw>()).Operation);
    }

    [Fact]
    public async Task Chat_TechnicianWrites_OpensTheWindowAndOnlyThePersonAnswers()
    {
        SurfaceStatus written = ScriptedAgent.Idle with { Sessions = [ScriptedAgent.Session with { Chat = [new(ScriptedAgent.Began.AddMinutes(47), true, "May I restart?\nIt takes a minute.")] }] };
        await using SurfaceScene scene = await Open(ScriptedAgent.Watched);
        Assert.DoesNotContain(scene.Window.Controls, control => control.Id == "page/chat");
        await scene.PersonAsync("key", "Escape");
        await Eventually.Is(() => scene.Look.Window is null, "Escape closes the window");
        scene.Agent.Say(written);
        await Eventually.Is(() => scene.Look.Window is { Name: "chat", IsMapped: true, IsActive: true }, "the window opens at the chat");
        await scene.EnterAsync(() => scene.Look.Window);
        string answer = $"chat/{ScriptedAgent.SessionId}/yes";
        await scene.FocusAsync(answer);
        for (int i = 0; i < 10; i++) await scene.ProgramAsync("key", "Return", "key", "space");
        Assert.Empty(scene.Agent.Done);
        await scene.PersonAsync("key", "Return");

        Assert.Equal(new SurfaceAction.Say(ScriptedAgent.SessionId, "Yes, please"), await scene.DoneAsync<SurfaceAction.Say>());
        // Whoever is at another page is left there.
        await Go(scene, "revoke");
        scene.Agent.Say(ScriptedAgent.Idle with { Sessions = [written.Sessions[0] with { Chat = [.. written.Sessions[0].Chat, new(ScriptedAgent.Began.AddMinutes(48), true, "Hello?")] }] });
        await Eventually.Is(() => scene.Agent.Seen is { Sessions: [{ Chat.Count: 2 }] }, "the surface has the new text");
        Assert.Equal("revoke", scene.Window.Name);
        scene.Agent.Say(ScriptedAgent.Idle with { Sessions = [written.Sessions[0] with { Withdrawn = Operations.Chat }] });
        await Go(scene, "chat");
        await Eventually.Is(() => scene.Window.Controls.All(control => control.Id != answer), "no answers while the chat is switched off");
    }

    [Fact]
    public async Task Agent_DoesNotDoIt_SaysWhy()
    {
        await using SurfaceScene scene = await Open(ScriptedAgent.Watched);
        uint[] before = (await scene.Inner.DumpAsync()).Pixels;
        scene.Agent.Answer = _ => new SurfaceException("The disk is full.");
        int y = scene.Window.Controls.Single(one => one.Id == "stop").Area.Y;
        await scene.PressAsync("stop");

        await Eventually.Is(() => scene.Window.Controls.Single(one => one.Id == "stop").Area.Y > y, "words stand above the page");
        Assert.NotEqual(before, (await scene.Inner.DumpAsync()).Pixels);
    }

    [Theory]
    [InlineData("block/hour", "2026-03-09T14:53")]
    [InlineData("block/today", "2026-03-09T23:00")]
    [InlineData("block/forever", null)]
    public async Task Block_EachChoice_BlocksUntilThen(string control, string? until)
    {
        await using SurfaceScene scene = await Open();
        await Go(scene, "block");
        await scene.PressAsync(control);
        SurfaceAction.Block block = await scene.DoneAsync<SurfaceAction.Block>();

        Assert.Equal(until, block.Until?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm", System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Block_DayByArrows_BlocksUntilItsEndAndUnblocks()
    {
        await using SurfaceScene scene = await Open();
        await Go(scene, "block");
        await scene.FocusAsync("block/day");
        await scene.PersonAsync("key", "Right", "key", "Right", "key", "Left", "key", "Right");
        await Eventually.Is(() => string.Concat(scene.Window.Controls.Single(one => one.Id == "block/day").Lines).Contains("12 March", StringComparison.Ordinal), "three days from now");
        await scene.PressAsync("block/date");
        Assert.Equal(new DateTimeOffset(2026, 3, 12, 23, 0, 0, TimeSpan.Zero), (await scene.DoneAsync<SurfaceAction.Block>()).Until);

        scene.Agent.Say(ScriptedAgent.Idle with { BlockedUntil = DateTimeOffset.MaxValue });
        await Eventually.Is(() => scene.Window.Controls.Any(control => control.Id == "unblock"), "unblock is offered");
        await scene.PressAsync("unblock");
        await scene.DoneAsync<SurfaceAction.Unblock>();
    }

    [Theory]
    [InlineData("Return")]
    [InlineData("Escape")]
    public async Task Revoke_WhatIsPressedWithoutThought_ChangesNothing(string key)
    {
        await using SurfaceScene scene = await Open();
        await Go(scene, "revoke");
        await scene.PressAsync($"choose/{ScriptedAgent.GrantId}");
        await scene.PressAsync("revoke/next");
        await Eventually.Is(() => scene.Window.Name == "revoke/confirm", "the wizard asks");
        Assert.Equal("revoke/back", scene.Window.Focus);
        await scene.PersonAsync("key", key);

        await Eventually.Is(() => scene.Window.Name == "revoke", "the wizard goes back");
        Assert.Empty(scene.Agent.Done);
    }

    [Fact]
    public async Task Revoke_Confirmed_RevokesTheOneThatWasChosen()
    {
        await using SurfaceScene scene = await Open();
        await scene.PressAsync($"revoke/{ScriptedAgent.OtherGrantId}");
        await Eventually.Is(() => scene.Window.Name == "revoke/confirm", "the wizard asks");
        await scene.PressAsync("revoke/confirm");

        Assert.Equal(ScriptedAgent.OtherGrantId, (await scene.DoneAsync<SurfaceAction.Revoke>()).GrantId);
        await Eventually.Is(() => scene.Window.Name == "revoke", "the wizard is over");
    }

    [Fact]
    public async Task Revoke_AgreementEndsMeanwhile_AsksNoLonger()
    {
        await using SurfaceScene scene = await Open();
        await scene.PressAsync($"revoke/{ScriptedAgent.GrantId}");
        await Eventually.Is(() => scene.Window.Name == "revoke/confirm", "the wizard asks");
        scene.Agent.Say(ScriptedAgent.Idle with { Grants = [ScriptedAgent.Grant with { State = GrantState.Expired }] });

        await Eventually.Is(() => scene.Window.Name == "revoke", "there is nothing to confirm");
    }

    [Fact]
    public async Task History_OlderAndNewer_ReadsPageByPage()
    {
        await using SurfaceScene scene = await Open();
        await Go(scene, "history");
        await scene.PressAsync("history/older");
        await Eventually.Is(() => scene.Agent.Read.Contains("25+26"), "the second page is read");
        await Eventually.Is(() => scene.Window.Controls.Any(control => control.Id == "history/newer"), "the way back is offered");
        await scene.PressAsync("history/older");
        await Eventually.Is(() => scene.Window.Controls.Any(control => control.Id == "history/newer") && scene.Window.Controls.All(control => control.Id != "history/older"), "60 lines have three pages");
        await scene.PressAsync("history/newer");
        await Eventually.Is(() => scene.Agent.Read.Count == 4, "the second page once more");

        Assert.Equal(["0+26", "25+26", "50+26", "25+26"], scene.Agent.Read);
    }

    [Fact]
    public async Task Report_SavedTwice_OverwritesNothing()
    {
        await using SurfaceScene scene = await Open();
        await Go(scene, "report");
        await scene.FocusAsync("report/period");
        await scene.PersonAsync("key", "Left", "key", "Left");
        await Eventually.Is(() => Words(scene, "report/period").Contains("January 2026", StringComparison.Ordinal), "two months back");
        await scene.PressAsync("report/save");
        string folder = Path.Combine(scene.Folder, "reports");
        await Eventually.Is(() => Directory.Exists(folder) && Directory.GetFiles(folder).Length == 1, "the report is a file");
        await scene.PersonAsync("key", "Return");
        await Eventually.Is(() => Directory.GetFiles(folder).Length == 2, "the second is another one");

        Assert.Equal(["remote-access-2026-01-2.html", "remote-access-2026-01.html"], Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        string file = Path.Combine(folder, "remote-access-2026-01.html");
        await Eventually.Is(() => new FileInfo(file).Length > 0, "it is written");
        Assert.Contains("<title>2026-01", await File.ReadAllTextAsync(file), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task Report_OfAWeekIntoAFolderThatCannotBe_SaysSo()
    {
        await using SurfaceScene scene = await Open(options: options => options with { ReportFolder = "/proc/no-such-folder" });
        await Go(scene, "report");
        await scene.PressAsync("report/week");
        await Eventually.Is(() => Words(scene, "report/period").Contains("Week 11 of 2026", StringComparison.Ordinal), "the week of 9 March");
        int y = scene.Window.Controls.Single(one => one.Id == "report/save").Area.Y;
        await scene.PressAsync("report/save");

        await Eventually.Is(() => scene.Agent.Read.Contains("2026-W11"), "the week is read");
        await Eventually.Is(() => scene.Window.Controls.Single(one => one.Id == "report/save").Area.Y > y, "words stand above the page");
    }

    [Fact]
    public async Task Window_HostileWords_AreShownHarmlessAndInside()
    {
        string words = "\u001b[2J\u202e" + new string('\u0301', 40) + string.Concat(Enumerable.Repeat("Wide ", 100)) + new string('W', 900);
        SurfaceSession session = ScriptedAgent.Session with { Technician = words, Reason = words, Nickname = words };
        await using SurfaceScene scene = await Open(ScriptedAgent.Idle with { Trouble = words, Sessions = [session], Grants = [ScriptedAgent.Grant with { Nickname = words, Hours = words, ConsentedBy = words }] });

        Assert.All(scene.Window.Controls, control => Assert.InRange(control.Area.Right, 1, scene.Window.Area.Width));
        Assert.All(scene.Window.Controls.SelectMany(control => control.Lines), line => Assert.Equal(HarmlessText.Line(line), line));
        await scene.PressAsync($"revoke/{ScriptedAgent.GrantId}");
        await Eventually.Is(() => scene.Window.Name == "revoke/confirm", "the window works");
    }

    private static async Task<SurfaceScene> Open(SurfaceStatus? status = null, Func<X11SurfaceOptions, X11SurfaceOptions>? options = null)
    {
        SurfaceScene scene = await SurfaceScene.OpenAsync(status, withPerson: true, options: options);
        await scene.EnterAsync(() => scene.Look.Window);
        return scene;
    }

    private static async Task Go(SurfaceScene scene, string page)
    {
        await scene.PressAsync($"page/{page}");
        await Eventually.Is(() => scene.Window.Name == page, $"the page {page}");
    }

    private static async Task Step(SurfaceScene scene, string key)
    {
        string before = scene.Window.Focus;
        await scene.PersonAsync("key", key);
        await Eventually.Is(() => scene.Window.Focus != before, "the focus moves");
    }

    private static string Words(SurfaceScene scene, string control) => string.Join(' ', scene.Window.Controls.Single(one => one.Id == control).Lines);
}
