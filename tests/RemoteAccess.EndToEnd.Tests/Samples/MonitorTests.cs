using RemoteAccess.Picture;

namespace RemoteAccess.Tests;

/// <summary>README's flow on a desktop of two monitors, side by side.</summary>
[Collection(nameof(Office))]
[Trait("Group", "Office")]
[Trait("Category", "Slow")]
public sealed class MonitorTests(Office office)
{
    private static readonly PixelRect Left = new(0, 0, 800, 600), Right = new(800, 0, 640, 600);

    [Fact]
    public async Task Screenshot_OfTwoMonitors_HasThePixelsOfBoth()
    {
        await using Desk desk = await TwoMonitorsAsync();
        desk.Client.Fill(Left.X + 100, 100, 200, 150, 0x336699);
        desk.Client.Fill(Right.X - 50, 300, 100, 100, 0x99CC33);
        desk.Client.Fill(Right.Right - 10, Right.Bottom - 10, 10, 10, 0xCC3366);
        desk.Client.Sync();
        await using AgentRun agent = await office.StartAgentAsync(desk.Display);
        string file = office.NewPath("both.png");

        Ran ran = (await office.ViewAsync(agent, "screenshot", file)).Succeeded();

        Assert.Equal($"{file}: 1440x600\n", ran.Output);
        (PixelSize size, byte[] rgb) = PngReader.Read(await File.ReadAllBytesAsync(file));
        XwdPicture real = await desk.Server.DumpAsync();
        Assert.Equal(real.Size, size);
        Assert.Equal(0, Enumerable.Range(0, real.Pixels.Length).Count(i => real.Pixels[i] != (uint)(rgb[i * 3] << 16 | rgb[i * 3 + 1] << 8 | rgb[i * 3 + 2])));
        Assert.Equal(0xCC3366u, real.Pixels[^1]);
    }

    [Fact]
    public async Task Click_OnTheSecondMonitor_ReachesTheWindowThere()
    {
        await using Desk desk = await TwoMonitorsAsync();
        desk.Client.ShowInputWindow(Right.X + 300, 200, 100, 100);
        await using AgentRun agent = await office.StartAgentAsync(desk.Display);

        (await office.ViewAsync(agent, "click", $"{Right.X + 350}", "250")).Succeeded();
        desk.Client.Sync();

        Assert.Equal([(4, 1u), (5, 1u)], desk.Client.ReadInput().Select(input => (input.Kind, input.Detail)));
        Assert.Equal((Right.X + 350, 250), desk.Client.QueryPointer() is var pointer ? (pointer.X, pointer.Y) : default);
    }

    [Fact]
    public async Task Monitors_ListedAndChosen_PictureAndClicksAreThatMonitors()
    {
        await using Desk desk = await TwoMonitorsAsync();
        desk.Client.Fill(Left.X, 0, Left.Width, Left.Height, 0x336699);
        desk.Client.Fill(Right.X + 3, 5, 100, 100, 0xCC3366);
        desk.Client.ShowInputWindow(Right.X + 300, 200, 100, 100);
        desk.Client.Sync();
        await using AgentRun agent = await office.StartAgentAsync(desk.Display);

        Assert.Equal("desktop  1440x600\n1        640x600+800+0  right (primary)\n2        800x600+0+0  left\n", (await office.ViewAsync(agent, "monitors")).Succeeded().Output);
        string file = office.NewPath("right.png");
        Assert.Equal($"{file}: 640x600\n", (await office.ViewAsync(agent, "screenshot", file, "--monitor", "right")).Succeeded().Output);
        (PixelSize size, byte[] rgb) = PngReader.Read(await File.ReadAllBytesAsync(file));
        XwdPicture real = await desk.Server.DumpAsync();
        Assert.Equal(new PixelSize(640, 600), size);
        Assert.Equal(0, Enumerable.Range(0, 640 * 600).Count(i => real.Pixels[(i / 640 * 1440) + 800 + (i % 640)] != (uint)(rgb[i * 3] << 16 | rgb[i * 3 + 1] << 8 | rgb[i * 3 + 2])));
        Assert.Equal(0xCC3366u, real.Pixels[(5 * 1440) + 803]);

        (await office.ViewAsync(agent, "click", "350", "250", "--monitor", "1")).Succeeded();
        Assert.Equal((Right.X + 350, 250), desk.Client.QueryPointer() is var pointer ? (pointer.X, pointer.Y) : default);
        (await office.ViewAsync(agent, "click", "700", "250", "--monitor", "right")).Complained(1, "640x600");
        (await office.ViewAsync(agent, "screenshot", office.NewPath("none.png"), "--monitor", "3")).Complained(1, "no monitor '3'");
    }

    /// <summary>A program on the computer may name a monitor as it likes.</summary>
    [Fact]
    public async Task Monitor_WithANameThatSteersATerminal_IsShownHarmlesslyAndTheSessionGoesOn()
    {
        await using Desk desk = await TwoMonitorsAsync();
        await desk.Server.RunAsync("xrandr", "--setmonitor", "evil\u001b[2J\u202e" + new string('n', 300), "100/100x100/100+0+0", "none");
        for (int i = 0; i < 70; i++) await desk.Server.RunAsync("xrandr", "--setmonitor", $"more{i}", $"10/10x10/10+{10 * i}+0", "none");
        await using AgentRun agent = await office.StartAgentAsync(desk.Display);
        Ran ran = (await office.ViewAsync(agent, "monitors")).Succeeded();
        Assert.Contains("  100x100+0+0  evil [2J nnn", ran.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', ran.Output);
        Assert.Equal(1 + 64, ran.Lines.Length);
    }

    [Fact]
    public async Task Monitor_TakenAwayWhileWatched_TheViewerIsTold()
    {
        await using Desk desk = await TwoMonitorsAsync();
        await using AgentRun agent = await office.StartAgentAsync(desk.Display);
        await using RemoteSession session = await office.ConnectAsync(agent);
        await using var sight = new Sight(session, Helpdesk.Limit());
        await sight.NextAsync();
        IReadOnlyList<MonitorArea> both = sight.Picture.Layout.Monitors;

        await desk.Server.RunAsync("xrandr", "--delmonitor", "right");
        await sight.UntilAsync(update => update.Layout.Monitors.Count == 1);

        Assert.Equal([new MonitorArea("right", Right, true), new MonitorArea("left", Left, false)], both);
        Assert.Equal("left", Assert.Single(sight.Picture.Layout.Monitors).Name);
        Assert.Equal(new PixelSize(1440, 600), sight.Picture.Size);
    }

    private static async Task<Desk> TwoMonitorsAsync()
    {
        Programs.Require("xrandr");
        Desk desk = await Desk.OpenAsync(1440, 600);
        await desk.Server.RunAsync("xrandr", "--setmonitor", "left", "800/200x600/150+0+0", "screen");
        await desk.Server.RunAsync("xrandr", "--setmonitor", "*right", "640/160x600/150+800+0", "none");
        return desk;
    }
}
