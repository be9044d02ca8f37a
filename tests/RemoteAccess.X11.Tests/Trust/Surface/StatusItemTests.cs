using System.Security.Cryptography;
using RemoteAccess.Trust;
using Tmds.DBus.Protocol;

namespace RemoteAccess.Tests;

/// <summary>The icon as an item of a real session bus, with a panel of the tests' own.</summary>
public sealed class StatusItemTests
{
    [Fact]
    public async Task Panel_ThatIsThere_ShowsAFigureForEachState()
    {
        await using SessionBus bus = await SessionBus.StartAsync();
        await using StatusPanel panel = await StatusPanel.OpenAsync(bus);
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(sessionBus: bus.Address);
        await Eventually.Is(() => scene.Look.HasItem, "the panel has the item");
        Assert.Null(scene.Look.Window);
        HashSet<string> pictures = [];
        foreach ((SurfaceStatus status, FigureKind kind, string words) in new[]
        {
            (ScriptedAgent.Idle, FigureKind.Nobody, "nobody is connected"), (ScriptedAgent.Watched, FigureKind.Person, "Grace Hopper is connected"),
            (ScriptedAgent.Idle with { BlockedUntil = DateTimeOffset.MaxValue }, FigureKind.Blocked, "blocked"),
        })
        {
            int before = panel.Signals;
            scene.Agent.Say(status);
            await Eventually.Is(() => scene.Look.Tray.Kind == kind, $"the icon is {kind}");
            if (kind != FigureKind.Nobody) await Eventually.Is(() => panel.Signals > before, "the panel is told");

            VariantValue tip = await panel.PropertyAsync("ToolTip");
            Assert.Contains(words, tip.GetItem(2).GetString(), StringComparison.Ordinal);
            foreach ((int side, byte[] pixels) in Pictures(await panel.PropertyAsync("IconPixmap")))
            {
                Assert.Equal(side * side * 4, pixels.Length);
                Assert.All(Enumerable.Range(0, side * side), i => Assert.Equal(0xff, pixels[i * 4]));
                (uint paper, uint ink) = kind switch
                {
                    FigureKind.Person => (Palette.Normal.Watched, Palette.Normal.OnWatched),
                    FigureKind.Blocked => (Palette.Normal.BadPaper, Palette.Normal.Bad),
                    _ => (Palette.Normal.Unwatched, Palette.Normal.OnUnwatched),
                };
                Assert.Equal(paper, Pixel(pixels, side, 0, 0));
                // Head and shoulders of the person; the block's bar is cut out of its disc; the padlock's body, and the hole in its shackle.
                Assert.Equal(kind == FigureKind.Nobody ? paper : ink, Pixel(pixels, side, side / 2, side * 3 / 10));
                Assert.Equal(kind == FigureKind.Blocked ? paper : ink, kind == FigureKind.Blocked ? Pixel(pixels, side, side / 2, side / 2) : Pixel(pixels, side, side / 4, side * 8 / 10));
                pictures.Add($"{side} {Convert.ToHexString(SHA256.HashData(pixels))}");
            }
        }

        Assert.Equal(6, pictures.Count);
        Dictionary<string, VariantValue> all = await panel.PropertiesAsync();
        Assert.Equal(("Active", "SystemServices", "Remote access to this computer", false), (all["Status"].GetString(), all["Category"].GetString(), all["Title"].GetString(), all["ItemIsMenu"].GetBool()));
        Assert.Contains("IconPixmap", await panel.IntrospectAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Activate")]
    [InlineData("ContextMenu")]
    public async Task Panel_Click_OpensTheWindow(string method)
    {
        await using SessionBus bus = await SessionBus.StartAsync();
        await using StatusPanel panel = await StatusPanel.OpenAsync(bus);
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Watched, sessionBus: bus.Address);
        await Eventually.Is(() => scene.Look.HasItem, "the panel has the item");
        Assert.Null(scene.Look.Window);

        await panel.ClickAsync(method);

        await Eventually.Is(() => scene.Look.Window is not null, "the window opens");
        Assert.Empty(scene.Agent.Done);
    }

    [Fact]
    public async Task Panel_ComesGoesAndComesAgain_IsRegisteredWithEachTime()
    {
        await using SessionBus bus = await SessionBus.StartAsync();
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(sessionBus: bus.Address);
        await Eventually.Is(() => scene.Look.Window is not null, "without any icon the window opens");
        Assert.False(scene.Look.HasItem);
        string first;
        await using (StatusPanel panel = await StatusPanel.OpenAsync(bus))
        {
            first = await panel.ItemAsync();
            await Eventually.Is(() => scene.Look.HasItem, "the first panel has the item");
        }
        await Eventually.Is(() => !scene.Look.HasItem, "no panel has it");
        await using StatusPanel next = await StatusPanel.OpenAsync(bus);

        Assert.Equal(first, await next.ItemAsync());
        await Eventually.Is(() => scene.Look.HasItem, "the next panel has it");
        Assert.StartsWith("org.kde.StatusNotifierItem-", first, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Panel_WithBothKindsOfTray_ShowsTheIconOnce()
    {
        Programs.Require("trayer");
        await using SessionBus bus = await SessionBus.StartAsync();
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(sessionBus: bus.Address);
        scene.Inner.Start("trayer", "--edge", "bottom", "--align", "right", "--widthtype", "request", "--height", "28");
        await Eventually.Is(() => scene.Look.Tray.IsDocked, "the icon is in the tray");
        StatusPanel panel = await StatusPanel.OpenAsync(bus, PanelManners.WithoutHost);
        await panel.ItemAsync();
        await Eventually.Never(() => !scene.Look.Tray.IsDocked, "a watcher without a host shows nothing");
        panel.HostComes();
        await Eventually.Is(() => scene.Look is { HasItem: true, Tray.IsDocked: false }, "the icon is in the panel alone");

        await panel.DisposeAsync();

        await Eventually.Is(() => scene.Look is { HasItem: false, Tray.IsDocked: true }, "the icon is in the tray again");
    }

    [Theory]
    [InlineData(nameof(PanelManners.Silent))]
    [InlineData(nameof(PanelManners.Refuses))]
    [InlineData(nameof(PanelManners.AnswersNonsense))]
    [InlineData(nameof(PanelManners.Floods))]
    public async Task Panel_Hostile_SurfaceGoesOn(string manners)
    {
        await using SessionBus bus = await SessionBus.StartAsync();
        await using StatusPanel panel = await StatusPanel.OpenAsync(bus, Enum.Parse<PanelManners>(manners));
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Watched, sessionBus: bus.Address);
        await panel.ItemAsync();
        int reports = scene.Agent.Reports;

        await Eventually.Is(() => scene.Agent.Reports > reports + 20 && scene.Agent.Shown == true, "the surface shows and says so");
        Assert.False(scene.Look.HasItem);
        await Eventually.Is(() => scene.Look.Window is not null, "without an icon the window opens");
        Assert.Empty(scene.Agent.Done);
        scene.Agent.Say(ScriptedAgent.Idle);
        await Eventually.Is(() => scene.Look.Banners.Count == 0, "the surface follows the agent");
    }

    [Fact]
    public async Task Item_CalledWrongly_AnswersWithAnErrorAndStays()
    {
        await using SessionBus bus = await SessionBus.StartAsync();
        await using StatusPanel panel = await StatusPanel.OpenAsync(bus);
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Watched, sessionBus: bus.Address);
        await Eventually.Is(() => scene.Look.HasItem, "the panel has the item");
        foreach ((string of, string member, string[] arguments) in new (string, string, string[])[]
        {
            ("org.kde.StatusNotifierItem", "Activate", ["one"]), ("org.kde.StatusNotifierItem", "StopSessions", []), ("org.kde.StatusNotifierItem", "Scroll", []), ("com.example.Other", "Activate", []),
            ("org.freedesktop.DBus.Properties", "Get", ["org.kde.StatusNotifierItem"]), ("org.freedesktop.DBus.Properties", "Get", ["org.kde.StatusNotifierItem", "Nothing"]),
            ("org.freedesktop.DBus.Properties", "Set", ["org.kde.StatusNotifierItem", "Status", "Passive"]), ("org.freedesktop.DBus.Properties", "GetAll", []),
        })
        {
            await Assert.ThrowsAsync<DBusErrorReplyException>(() => panel.WrongAsync(of, member, arguments));
        }

        Assert.Equal("Active", (await panel.PropertyAsync("Status")).GetString());
        Assert.Null(scene.Look.Window);
        Assert.Empty(scene.Agent.Done);
    }

    [Fact]
    public async Task Bus_Killed_SurfaceGoesOnWithTheOtherTray()
    {
        Programs.Require("trayer");
        await using SessionBus bus = await SessionBus.StartAsync();
        await using StatusPanel panel = await StatusPanel.OpenAsync(bus);
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Watched, sessionBus: bus.Address);
        scene.Inner.Start("trayer", "--edge", "bottom", "--align", "right", "--widthtype", "request", "--height", "28");
        await Eventually.Is(() => scene.Look.HasItem, "the panel has the item");

        await bus.KillAsync();

        await Eventually.Is(() => scene.Look is { HasItem: false, Tray.IsDocked: true }, "the icon is in the tray of X11");
        Assert.Single(scene.Look.Banners);
    }

    [Theory]
    [InlineData("unix:path=/nowhere/bus")]
    [InlineData("garbage")]
    [InlineData("tcp:host=127.0.0.1,port=1")]
    public async Task Bus_CannotBeReached_IsALineInTheLog(string address)
    {
        Lines log = new();
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Watched, options: options => options with { Logger = log }, sessionBus: address);

        await Eventually.Is(() => log.Said.Contains("system tray of X11 only", StringComparison.Ordinal), "it is said");
        await Eventually.Is(() => scene.Look.Window is not null && scene.Agent.Shown == true, "all else goes on");
    }

    private static uint Pixel(byte[] pixels, int side, int x, int y)
    {
        int at = ((y * side) + x) * 4;
        return ((uint)pixels[at + 1] << 16) | ((uint)pixels[at + 2] << 8) | pixels[at + 3];
    }

    private static List<(int Side, byte[] Pixels)> Pictures(VariantValue icons)
    {
        List<(int, byte[])> all = [];
        for (int i = 0; i < icons.Count; i++)
        {
            VariantValue icon = icons.GetItem(i);
            Assert.Equal(icon.GetItem(0).GetInt32(), icon.GetItem(1).GetInt32());
            all.Add((icon.GetItem(0).GetInt32(), icon.GetItem(2).GetArray<byte>()));
        }
        Assert.Equal(2, all.Count);
        return all;
    }

    private sealed class Lines : Microsoft.Extensions.Logging.ILogger
    {
        private string said = "";

        public string Said => Volatile.Read(ref said);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(Microsoft.Extensions.Logging.LogLevel logLevel) => true;

        public void Log<TState>(Microsoft.Extensions.Logging.LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Volatile.Write(ref said, Said + formatter(state, exception) + "\n");
    }
}
