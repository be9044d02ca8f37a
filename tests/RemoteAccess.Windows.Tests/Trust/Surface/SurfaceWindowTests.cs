using System.Globalization;
using RemoteAccess.Interop;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>The window's pages, used by a person's keyboard and mouse; and by programs, without effect.</summary>
[Collection(OneDesktop.Name)]
public sealed class SurfaceWindowTests
{
    [Fact]
    public async Task Window_TabForthAndBack_VisitsEveryControl()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Watched, openWindow: true);
        await Eventually.Is(() => scene.Look.TakesKeys, "keys count");
        string[] all = [.. scene.Window.Controls.Select(control => control.Id)];
        Assert.Equal(all[0], scene.Window.Focus);
        List<string> visited = [];
        for (int i = 0; i < all.Length; i++)
        {
            visited.Add(scene.Window.Focus);
            await StepAsync(scene, "Tab");
        }

        Assert.Equal(all, visited);
        await StepAsync(scene, "shift+Tab");
        Assert.Equal(all[^1], scene.Window.Focus);
        Control focused = scene.Window.Controls.Single(control => control.Id == scene.Window.Focus);
        Assert.True(focused.Area.Y >= 0 && focused.Area.Bottom <= scene.Window.Area.Height, "The focus is scrolled into view.");
        await SurfaceScene.PersonAsync("key", "Escape");
        await Eventually.Is(() => scene.Look.Window is null, "Escape closes the window");
        Assert.False(scene.Ended.IsCompleted);
    }

    [Fact]
    public async Task Status_SwitchAndUnlock_ReachTheAgent()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Watched, openWindow: true);
        await scene.PressAsync($"op/{ScriptedAgent.SessionId}/{Operations.ControlInput}");
        Assert.Equal(new SurfaceAction.Withdraw(ScriptedAgent.SessionId, Operations.ControlInput), await scene.DoneAsync<SurfaceAction.Withdraw>());
        await scene.PressAsync($"unlock/{ScriptedAgent.OtherGrantId}");

        Assert.Equal(ScriptedAgent.OtherGrantId, (await scene.DoneAsync<SurfaceAction.Unlock>()).GrantId);
    }

    [Fact]
    public async Task Folders_AreShown_AndTheCustomersAreTakenBack()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Idle, openWindow: true);
        Assert.DoesNotContain(scene.Window.Texts, text => text == "Folders that are shared");
        scene.Agent.Say(ScriptedAgent.Idle with { Folders = [ScriptedAgent.HostFolder, ScriptedAgent.Folder] });
        await Eventually.Is(() => scene.Window.Texts.Contains("Folders that are shared"), "the folders are shown");
        foreach (string text in (string[])["Updates", "/var/lib/contoso/updates", "The program for remote access shares it.", "Invoices", "/srv/invoices of the front desk", "Files can only be fetched from it."])
            Assert.Contains(text, scene.Window.Texts);
        Assert.Equal("folder/Invoices", Assert.Single(scene.Window.Controls, control => control.Id.StartsWith("folder/", StringComparison.Ordinal)).Id);
        await scene.FocusAsync("folder/Invoices");
        await SurfaceScene.PersonAsync("key", "Return");

        Assert.Equal("Invoices", (await scene.DoneAsync<SurfaceAction.TakeBackFolder>()).Name);
        scene.Agent.Say(ScriptedAgent.Idle with { AreFoldersDamaged = true });
        await Eventually.Is(() => scene.Window.Texts.Contains("The list of the folders that you share cannot be read, so none of them is shared."), "it says what is wrong");
    }

    [Theory]
    [InlineData("block/hour", "2026-03-09T14:53")]
    [InlineData("block/today", "2026-03-10T00:00")]
    [InlineData("block/forever", null)]
    public async Task Block_EachChoice_BlocksUntilThen(string control, string? until)
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(openWindow: true);
        await scene.GoAsync("block");
        await scene.PressAsync(control);
        SurfaceAction.Block block = await scene.DoneAsync<SurfaceAction.Block>();

        Assert.Equal(until, block.Until?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm", CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Revoke_WizardByKeyboard_BackFirstThenRevokesTheOneThatWasChosen()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(openWindow: true);
        await scene.GoAsync("revoke");
        await scene.PressAsync($"choose/{ScriptedAgent.OtherGrantId}");
        await scene.PressAsync("revoke/next");
        await Eventually.Is(() => scene.Window.Name == "revoke/confirm", "the wizard asks");
        Assert.Equal("revoke/back", scene.Window.Focus);
        await SurfaceScene.PersonAsync("key", "Return");
        await Eventually.Is(() => scene.Window.Name == "revoke", "what is pressed without thought goes back");
        Assert.Empty(scene.Agent.Done);
        await scene.PressAsync("revoke/next");
        await Eventually.Is(() => scene.Window.Name == "revoke/confirm", "the wizard asks again");
        await scene.PressAsync("revoke/confirm");

        Assert.Equal(ScriptedAgent.OtherGrantId, (await scene.DoneAsync<SurfaceAction.Revoke>()).GrantId);
    }

    /// <summary>Only under an agreement that allows it, and with an agent that can ask; the password itself is typed into the agent's window.</summary>
    [Fact]
    public async Task Password_ButtonOfAGrantThatAllowsIt_AsksTheAgentForItsWindow()
    {
        SurfaceStatus status = ScriptedAgent.Idle;
        SurfaceGrant[] grants = [status.Grants[0] with { Operations = status.Grants[0].Operations | Operations.FillCredential }, status.Grants[1] with { Operations = Operations.ViewScreen }];
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(status with { Grants = grants, CanStorePasswords = true }, openWindow: true, options: static own => own with { Culture = CultureInfo.GetCultureInfo("de-AT") });
        await Eventually.Is(() => scene.Look.TakesKeys, "keys count");
        Assert.Equal([$"password/{grants[0].Id}"], scene.Window.Controls.Select(static one => one.Id).Where(static id => id.StartsWith("password/", StringComparison.Ordinal)));
        Assert.Contains(scene.Automation.Shown!.Elements, static one => one is { Role: ReadRole.Button, TakesFocus: true } && one.Name.StartsWith("Mein Passwort zum Ausfüllen hinterlegen", StringComparison.Ordinal));
        // A technician at the keyboard asks for nothing.
        await scene.FocusAsync($"password/{grants[0].Id}");
        long ignored = scene.Look.Ignored;
        Prank.Key(0x0D);
        await Eventually.Is(() => scene.Look.Ignored > ignored, "a program's key is seen, and none");
        Assert.Empty(scene.Agent.Done);

        await SurfaceScene.PersonAsync("key", "Return");

        Assert.Equal(new SurfaceAction.StorePassword(grants[0].Id, "de"), await scene.DoneAsync<SurfaceAction.StorePassword>());
        await Eventually.Is(() => scene.Automation.Shown!.Elements.Any(static one => one.Name.Contains("Ihr Passwort ist hinterlegt", StringComparison.Ordinal)), "it says what came of it");
        scene.Agent.Say(status with { Grants = grants });
        await Eventually.Is(() => !scene.Window.Controls.Any(static one => one.Id.StartsWith("password/", StringComparison.Ordinal)), "an agent that cannot ask is not asked");
    }

    [Fact]
    public async Task History_OlderAndNewer_ReadsPageByPage()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(openWindow: true);
        await scene.GoAsync("history");
        await scene.PressAsync("history/older");
        await Eventually.Is(() => scene.Agent.Read.Contains("25+26"), "the second page is read");

        await Eventually.Is(() => scene.Window.Controls.Any(control => control.Id == "history/newer"), "the way back is offered");
    }

    [Fact]
    public async Task Report_Save_WritesAFileOfThePersons()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(openWindow: true);
        await scene.GoAsync("report");
        await scene.PressAsync("report/save");
        await Eventually.Is(() => scene.Window.Controls.Any(control => control.Id == "report/open"), "it is saved");

        Assert.Equal("<!doctype html><title>2026-03</title>", await File.ReadAllTextAsync(Path.Combine(scene.Folder, "reports", "remote-access-2026-03.html")));
    }

    [Fact]
    public async Task Unblock_PersonsMouse_LiftsTheBlock()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Idle with { BlockedUntil = DateTimeOffset.MaxValue }, openWindow: true);
        await SurfaceScene.PersonClicksAsync(scene.PlaceOf("unblock"));

        await scene.DoneAsync<SurfaceAction.Unblock>();
    }

    /// <summary>A technician at the customer's keyboard would lift the block: what is injected, posted or sent is nobody's.</summary>
    [Fact]
    public async Task Unblock_ProgramsKeysAndClicks_DoNothing()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Idle with { BlockedUntil = DateTimeOffset.MaxValue }, openWindow: true);
        await scene.FocusAsync("unblock");
        nint window = (nint)scene.Window.Window;
        (int x, int y) = SurfaceScene.Middle(scene.PlaceOf("unblock"));
        nint inside = (nint)(((y - scene.Window.Area.Y) << 16) | (x - scene.Window.Area.X));
        for (int i = 0; i < 5; i++)
        {
            Prank.Key(0x0D);
            Prank.Move(x - 200, y);
            Prank.Move(x, y);
            Prank.Click();
            _ = Prank.PostMessageW(window, Win32.KeyDown, 0x0D, 0x1C0001);
            _ = Prank.PostMessageW(window, Win32.LeftDown, 1, inside);
            _ = Prank.PostMessageW(window, Win32.LeftUp, 0, inside);
            _ = Prank.SendMessageW(window, Win32.KeyDown, 0x0D, 0x1C0001);
            _ = Prank.SendMessageW(window, Win32.LeftDown, 1, inside);
            _ = Prank.SendMessageW(window, Win32.LeftUp, 0, inside);
        }
        await Eventually.Is(() => scene.Look.Ignored >= 45, "all of it has come");
        Assert.Equal("unblock", scene.Window.Focus);
        Assert.Empty(scene.Agent.Done);
        // A person's click where a program brought the pointer is no answer either.
        await SurfaceScene.PersonAsync("click", "1");
        await SurfaceScene.PersonAsync("key", "Tab");
        await Eventually.Is(() => scene.Window.Focus != "unblock", "the person's key after the click");
        Assert.Empty(scene.Agent.Done);
        await SurfaceScene.PersonMovesToAsync(x - 200, y + 150);
        await SurfaceScene.PersonClicksAsync(scene.PlaceOf("unblock"));

        await scene.DoneAsync<SurfaceAction.Unblock>();
    }

    [Fact]
    public async Task Window_PostedClose_ClosesAndTheSurfaceGoesOn()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(openWindow: true);
        _ = Prank.PostMessageW((nint)scene.Window.Window, Win32.Close, 0, 0);
        await Eventually.Is(() => scene.Look.Window is null, "it is closed");
        int reports = scene.Agent.Reports;

        await Eventually.Is(() => scene.Agent.Reports > reports + 2, "the surface goes on");
    }

    [Fact]
    public async Task Notices_SeenAndKept_AreDismissed()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Idle with { Notices = [ScriptedAgent.Notice] });
        await Eventually.Is(() => scene.Look.Notice is { IsMapped: true, IsActive: true }, "the notice comes up by itself");
        SheetLook notice = scene.Look.Notice!;
        PixelRect seen = notice.Controls.Single(control => control.Id == "seen/n1").Area;
        await SurfaceScene.PersonClicksAsync(seen with { X = seen.X + notice.Area.X, Y = seen.Y + notice.Area.Y });
        Assert.Equal("n1", (await scene.DoneAsync<SurfaceAction.Dismiss>()).Id);
        scene.Agent.Say(ScriptedAgent.Idle);

        await Eventually.Is(() => scene.Look.Notice is null, "it is gone");
    }

    [Fact]
    public async Task Tour_FirstRunOnly_IsShownAndSkipped()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(withTour: true);
        await SurfaceScene.EnterAsync(() => scene.Look.Tour);
        Assert.Equal("tour/1", scene.Look.Tour!.Name);
        await Eventually.Is(() => scene.Look.TakesKeys, "keys count");
        await SurfaceScene.PersonAsync("key", "Return");
        await Eventually.Is(() => scene.Look.Tour is { Name: "tour/2" }, "the second step");
        await SurfaceScene.PersonAsync("key", "Escape");
        await Eventually.Is(() => scene.Look.Tour is null, "it is over");

        Assert.True(File.Exists(Path.Combine(scene.Folder, "tour", "seen")));
    }

    [Fact]
    public async Task Agent_Gone_IsSaidAndNothingElseIsShown()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Watched, openWindow: true);
        await scene.IsSeenAsync();
        scene.Agent.Go();
        await SurfaceScene.EnterAsync(() => scene.Look.Gone);
        Assert.Empty(scene.Look.Banners);
        Assert.Null(scene.Look.Window);
        await Eventually.Is(() => !scene.Tray.IsAdded, "the icon is gone");
        SheetLook gone = scene.Look.Gone!;
        PixelRect close = gone.Controls.Single().Area;
        await SurfaceScene.PersonClicksAsync(close with { X = close.X + gone.Area.X, Y = close.Y + gone.Area.Y });

        await scene.Ended.WaitAsync(Eventually.Limit);
    }

    [Theory]
    [InlineData("de-DE")]
    [InlineData("ja-JP")]
    public async Task Surface_LargestScale_FitsAcross(string language)
    {
        SurfaceStatus status = ScriptedAgent.Watched with { Notices = [ScriptedAgent.GrantNotice], BlockedUntil = ScriptedAgent.Began.AddDays(1) };
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(status, options: options => options with { Culture = CultureInfo.GetCultureInfo(language), Scale = 3, OpenWindow = true });
        await scene.IsSeenAsync();
        await Eventually.Is(() => scene.Look is { Window: not null, Notice: not null }, "everything is shown");
        Assert.True(scene.Banner.Area.X >= 0 && scene.Banner.Area.Right <= 1280 && scene.Banner.Details.Right < scene.Banner.Stop.X && scene.Banner.Stop.Right < scene.Banner.Area.Right);

        foreach (SheetLook look in new[] { scene.Look.Window!, scene.Look.Notice! })
        {
            Assert.True(look.Area.Width <= 1280 && look.Area.Height <= 800);
            Assert.All(look.Controls, control => Assert.True(control.Area.X >= 0 && control.Area.Right <= look.Area.Width, control.Id));
        }
    }

    private static async Task StepAsync(SurfaceScene scene, string key)
    {
        string before = scene.Window.Focus;
        await SurfaceScene.PersonAsync("key", key);
        await Eventually.Is(() => scene.Window.Focus != before, $"the focus moves on from {before}");
    }
}
