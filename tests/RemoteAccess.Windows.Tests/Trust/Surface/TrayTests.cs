using System.Runtime.InteropServices;
using RemoteAccess.Interop;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>The icon, its balloons and its menu.</summary>
[Collection(OneDesktop.Name)]
public sealed partial class TrayTests
{
    private const string MenuClass = "#32768";

    [Fact]
    public async Task Icon_StatusChanges_ChangesFigureAndWords()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync();
        await Eventually.Is(() => scene.Tray is { IsAdded: true, Kind: FigureKind.Nobody }, "the icon is there");
        Assert.Equal("Remote access: nobody is connected", scene.Tray.Words);
        scene.Agent.Say(ScriptedAgent.Watched);
        await Eventually.Is(() => scene.Tray is { Kind: FigureKind.Person, Words: "Remote access: Grace Hopper is connected" }, "a person");
        scene.Agent.Say(ScriptedAgent.Idle with { BlockedUntil = DateTimeOffset.MaxValue });

        await Eventually.Is(() => scene.Tray is { Kind: FigureKind.Blocked, Words: "Remote access: blocked" }, "the crossed circle");
        Assert.Equal(1, scene.Tray.Added);
    }

    [Fact]
    public async Task Balloon_StartAndEnd_EachOnce()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync();
        await Eventually.Is(() => scene.Tray.IsAdded, "the icon is there");
        Assert.Equal(0, scene.Tray.Balloons);
        scene.Agent.Say(ScriptedAgent.Watched);
        await Eventually.Is(() => scene.Tray.Balloons == 1, "the beginning is said");
        Assert.Equal(new Balloon("Remote access: Grace Hopper is connected", "Grace Hopper is connected and can see and control this computer. Ctrl+Alt+Shift+End stops."), scene.Tray.Balloon);
        scene.Agent.Say(ScriptedAgent.Watched with { Sessions = [ScriptedAgent.Session with { IsWatching = false }] });
        await Eventually.Is(() => !scene.Banner.Words.IsWatched, "the strip says otherwise");
        scene.Agent.Say(ScriptedAgent.Idle);

        await Eventually.Is(() => scene.Tray.Balloons == 2, "the end is said");
        Assert.Equal(new Balloon("A connection has ended", "Grace Hopper is no longer connected to this computer."), scene.Tray.Balloon);
    }

    [Fact]
    public async Task Icon_TaskbarBeginsAnew_IsAddedAgain()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync();
        await Eventually.Is(() => scene.Tray.Added == 1, "the icon is there");
        _ = Prank.PostMessageW(scene.Tray.Window, User32Message.RegisterWindowMessageW("TaskbarCreated"), 0, 0);

        await Eventually.Is(() => scene.Tray is { Added: 2, IsAdded: true }, "the icon is there again");
    }

    [Theory]
    [InlineData(Shell32.Selected)]
    [InlineData(Shell32.KeySelected)]
    public async Task Icon_Click_OpensTheWindow(uint what)
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync();
        await Eventually.Is(() => scene.Tray.IsAdded, "the icon is there");
        scene.AtIcon(what);

        await Eventually.Is(() => scene.Look.Window is { IsMapped: true, Name: "status" }, "the window opens");
    }

    /// <summary>On the icon itself, by the taskbar that there is.</summary>
    [Fact]
    public async Task Icon_PersonsMouse_OpensWindowAndMenu()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Watched);
        await Eventually.Is(() => scene.Tray.IsAdded && !SurfaceScene.IconPlace().IsEmpty, "the icon is there");
        PixelRect first = SurfaceScene.IconPlace();
        (int x, int y) = SurfaceScene.Middle(first);
        _ = await XSide.PictureAsync(screen => (screen.Pixels[((first.Y + 3) * screen.Size.Width) + first.X + 3] & 0xffffff) == Palette.Normal.Watched && (screen.Pixels[((y + 4) * screen.Size.Width) + x] & 0xffffff) == Palette.Normal.OnWatched,
            "the icon's corner and the person's shoulders are there");
        await SurfaceScene.PersonClicksAsync(first);
        await Eventually.Is(() => scene.Look.Window is { IsMapped: true }, "the window opens");
        await SurfaceScene.PersonClicksAsync(first, "3");
        await Eventually.Is(() => scene.Tray.HasMenu, "the menu opens");

        await SurfaceScene.PersonAsync("key", "Escape");
    }

    [Fact]
    public async Task Menu_Entries_AreWhatCanBeDone()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync();
        await OpenMenuAsync(scene);
        string[] idle = Entries();
        Assert.Equal(["(Stop now)", "", "Block >", "(Unblock …)", "", "Details and expiry", "History", "Report …", "Revoke …"], idle);
        await CloseMenuAsync(scene);
        scene.Agent.Say(ScriptedAgent.Watched with { BlockedUntil = DateTimeOffset.MaxValue });
        await Eventually.Is(() => scene.Tray.Kind == FigureKind.Person, "a person");
        await OpenMenuAsync(scene);

        Assert.Equal("Stop now", Entries()[0]);
        Assert.Equal("Unblock …", Entries()[3]);
        await CloseMenuAsync(scene);
        Assert.Empty(scene.Agent.Done);
    }

    [Theory]
    [InlineData("Stop now", new[] { "Down" }, typeof(SurfaceAction.StopSessions))]
    [InlineData("Block", new[] { "Down", "Down", "Right" }, typeof(SurfaceAction.Block))]
    public async Task Menu_StopAndBlockByKeyboard_ReachTheAgent(string what, string[] keys, Type action)
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Watched);
        await OpenMenuAsync(scene);
        await SurfaceScene.PersonAsync([.. keys.SelectMany(key => new[] { "key", key }), "key", "Return"]);

        await Eventually.Is(() => scene.Agent.Done.Any(done => done.GetType() == action), what);
        Assert.Single(scene.Agent.Done);
        Assert.Null(scene.Look.Window);
    }

    /// <summary>Whoever chose it: a menu does not tell.</summary>
    [Theory]
    [InlineData("History", 5, "history")]
    [InlineData("Details", 4, "status")]
    [InlineData("Revoke", 7, "revoke")]
    [InlineData("Unblock", 3, "block")]
    public async Task Menu_WhatIsNoStop_OpensThePageAndDoesNothing(string what, int downs, string page)
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Watched with { BlockedUntil = DateTimeOffset.MaxValue });
        await OpenMenuAsync(scene);
        for (int i = 0; i < downs; i++) Prank.Key(0x28);
        Prank.Key(0x0D);

        await Eventually.Is(() => scene.Look.Window is { IsMapped: true } window && window.Name == page, what);
        Assert.Empty(scene.Agent.Done);
    }

    [Fact]
    public async Task Menu_Refused_IsSaidInTheWindow()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Watched);
        scene.Agent.Answer = _ => new SurfaceException("The disk is full.");
        await OpenMenuAsync(scene);
        await SurfaceScene.PersonAsync("key", "Down", "key", "Return");

        await Eventually.Is(() => scene.Look.Window is { IsMapped: true }, "the window opens");
        await Eventually.Is(() => scene.Automation.Shown is { } shown && shown.Elements.Any(static one => one.Name.Contains("The disk is full.", StringComparison.Ordinal)), "it says why");
    }

    [Fact]
    public async Task Menu_StaysOpen_TheStripIsStillLookedAtAndTheIconChanges()
    {
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Watched);
        await scene.IsSeenAsync();
        await OpenMenuAsync(scene);
        int reports = scene.Agent.Reports;
        await Eventually.Is(() => scene.Agent.Reports > reports + 10, "reports go on");
        Assert.True(scene.Agent.Shown);
        scene.Agent.Say(ScriptedAgent.Idle);

        await Eventually.Is(() => scene.Tray is { HasMenu: true, Kind: FigureKind.Nobody, Balloons: 2 }, "the icon is right while the menu is open");
        await CloseMenuAsync(scene);
    }

    [Fact]
    public async Task End_MenuIsOpen_EndsAtOnce()
    {
        SurfaceScene scene = await SurfaceScene.OpenAsync();
        await OpenMenuAsync(scene);
        await scene.DisposeAsync().AsTask().WaitAsync(Eventually.Limit);

        Assert.Equal(0, Win32.FindWindowW(MenuClass, null));
        Assert.False(scene.Tray.IsAdded);
    }

    private static async Task OpenMenuAsync(SurfaceScene scene)
    {
        await Eventually.Is(() => scene.Tray.IsAdded, "the icon is there");
        scene.AtIcon(User32Message.ContextMenu, 600, 300);
        await Eventually.Is(() => Win32.FindWindowW(MenuClass, null) is not 0 and var menu && User32Window.IsWindowVisible(menu) != 0, "the menu is open");
        // On its edge: X gives keys to the window below the pointer, and no entry is there.
        await SurfaceScene.PersonMovesToAsync(601, 301);
    }

    private static async Task CloseMenuAsync(SurfaceScene scene)
    {
        await SurfaceScene.PersonAsync("key", "Escape");
        await Eventually.Is(() => !scene.Tray.HasMenu, "the menu is closed");
    }

    /// <summary>As the system has it; gray in brackets.</summary>
    private static unsafe string[] Entries()
    {
        const uint getMenu = 0x1E1, byPosition = 0x400, grayed = 0x1, separator = 0x800, submenu = 0x10;
        nint menu = Prank.SendMessageW(Win32.FindWindowW(MenuClass, null), getMenu, 0, 0);
        string[] entries = new string[GetMenuItemCount(menu)];
        char* text = stackalloc char[100];
        for (uint i = 0; i < entries.Length; i++)
        {
            uint state = GetMenuState(menu, i, byPosition);
            string words = (state & separator) != 0 && (state & submenu) == 0 ? "" : new string(text, 0, GetMenuStringW(menu, i, text, 100, byPosition));
            entries[i] = (state & submenu) != 0 ? $"{words} >" : (state & grayed) != 0 && words.Length > 0 ? $"({words})" : words;
        }
        return entries;
    }

    [LibraryImport("user32")] private static partial int GetMenuItemCount(nint menu);
    [LibraryImport("user32")] private static partial uint GetMenuState(nint menu, uint item, uint flags);
    [LibraryImport("user32")] private static unsafe partial int GetMenuStringW(nint menu, uint item, char* text, int most, uint flags);
}
