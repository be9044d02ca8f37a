using System.Diagnostics;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>The icon in a real tray: Debian's <c>trayer</c>.</summary>
public sealed class TrayTests
{
    [Fact]
    public async Task Icon_TrayThatComesGoesAndComesAgain_DocksEachTime()
    {
        Programs.Require("trayer", "xwininfo");
        await using SurfaceScene scene = await SurfaceScene.OpenAsync();
        Assert.False(scene.Look.Tray.IsDocked);
        Process tray = Start(scene);
        await Eventually.Is(() => scene.Look.Tray.IsDocked, "the icon is in the tray");
        using PrankClient eye = new(scene.Inner);
        Assert.NotEqual(eye.Root, await Parent(scene));
        tray.Kill();
        await tray.WaitForExitAsync();
        await Eventually.Is(() => !scene.Look.Tray.IsDocked, "the icon is not left standing about");
        Assert.Equal(0u, scene.Look.Tray.Window);
        Start(scene);

        await Eventually.Is(() => scene.Look.Tray.IsDocked, "the icon is in the new tray");
    }

    [Fact]
    public async Task Icon_EachState_HasAFigureAndWordsOfItsOwn()
    {
        Programs.Require("trayer", "xprop", "xwd");
        await using SurfaceScene scene = await SurfaceScene.OpenAsync();
        Start(scene);
        await Eventually.Is(() => scene.Look.Tray.IsDocked, "the icon is in the tray");
        List<string> names = [];
        HashSet<string> pictures = [];
        foreach ((SurfaceStatus status, FigureKind kind) in new[] { (ScriptedAgent.Idle, FigureKind.Nobody), (ScriptedAgent.Watched, FigureKind.Person), (ScriptedAgent.Idle with { BlockedUntil = DateTimeOffset.MaxValue }, FigureKind.Blocked) })
        {
            scene.Agent.Say(status);
            await Eventually.Is(() => scene.Look.Tray.Kind == kind, $"the icon is {kind}");
            names.Add(await scene.Inner.RunTextAsync("xprop", "-id", $"{scene.Look.Tray.Window}", "_NET_WM_NAME"));
            pictures.Add(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(await scene.Inner.RunAsync("xwd", "-silent", "-id", $"{scene.Look.Tray.Window}"))));
        }

        Assert.Equal(3, pictures.Count);
        Assert.Contains("nobody is connected", names[0], StringComparison.Ordinal);
        Assert.Contains("Grace Hopper is connected", names[1], StringComparison.Ordinal);
        Assert.Contains("blocked", names[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Icon_LeftClick_OpensTheWindow()
    {
        Programs.Require("trayer", "xwininfo");
        await using SurfaceScene scene = await SurfaceScene.OpenAsync(ScriptedAgent.Watched, withPerson: true);
        Start(scene);
        await Eventually.Is(() => scene.Look.Tray.IsDocked, "the icon is in the tray");
        await scene.EnterAsync(() => scene.Look.Window);
        await scene.PersonAsync("key", "Escape");
        await Eventually.Is(() => scene.Look.Window is null, "the window is closed");
        (int x, int y) = Place(await scene.Inner.RunTextAsync("xwininfo", "-id", $"{scene.Look.Tray.Window}"));
        await scene.PersonAsync("mousemove", $"{x + 8}", $"{y + 8}", "click", "1");

        await Eventually.Is(() => scene.Look.Window is not null, "the window opens");
    }

    [Fact]
    public async Task Icon_TrayIsThere_WindowStaysClosedAtTheStart()
    {
        Programs.Require("Xvfb", "trayer");
        await using SurfaceScene first = await SurfaceScene.OpenAsync();
        Assert.NotNull(first.Look.Window);
        Start(first);
        await Eventually.Is(() => first.Look.Tray.IsDocked, "the tray is there");
        ScriptedAgent agent = new();
        await using SurfaceThread second = new(agent, new X11SurfaceOptions { Display = first.Inner.Display, SessionBus = "", TourFile = Path.Combine(first.Folder, "tour", "seen") });
        await second.StartAsync(CancellationToken.None);

        await Eventually.Is(() => second.Look.Tray.IsDocked, "its icon is there too");
        Assert.Null(second.Look.Window);
    }

    private static Process Start(SurfaceScene scene) => scene.Inner.Start("trayer", "--edge", "bottom", "--align", "right", "--widthtype", "request", "--height", "28");

    private static async Task<nuint> Parent(SurfaceScene scene)
    {
        string tree = await scene.Inner.RunTextAsync("xwininfo", "-tree", "-id", $"{scene.Look.Tray.Window}");
        string line = tree.Split('\n').Single(text => text.Contains("Parent window id", StringComparison.Ordinal));
        return nuint.Parse(line.Split("0x")[1].Split(' ')[0], System.Globalization.NumberStyles.HexNumber, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static (int X, int Y) Place(string info)
    {
        int Number(string label) => int.Parse(info.Split(label)[1].Split('\n')[0], System.Globalization.CultureInfo.InvariantCulture);
        return (Number("Absolute upper-left X:"), Number("Absolute upper-left Y:"));
    }
}
