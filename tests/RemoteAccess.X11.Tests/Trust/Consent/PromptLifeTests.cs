using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>How a prompt ends without an answer.</summary>
public sealed class PromptLifeTests
{
    [Fact]
    public async Task Prompt_ServerIsKilled_IsNo()
    {
        Programs.Require("Xvfb");
        await using XServer server = await XServer.StartXvfbAsync();
        using PrankClient eye = new(server);
        var desk = new ConsentDesk(Renderer(server));
        ValueTask<ConsentEvidence> asked = desk.AskAsync(PromptScene.Prompt(), "ada", CancellationToken.None);
        await Eventually.Is(() => eye.Topmost() != 0, "the window is there");
        await server.KillAsync();

        Assert.Equal((ConsentDecision.Refuse, ConsentHow.RendererFailed), Outcome(await asked));
        await Eventually.Is(() => !desk.IsPromptOpen, "the prompt is over");
    }

    [Fact]
    public async Task Prompt_RequestIsTakenBack_ClosesTheWindow()
    {
        Programs.Require("Xvfb");
        await using XServer server = await XServer.StartXvfbAsync();
        using PrankClient eye = new(server);
        using CancellationTokenSource session = new();
        var desk = new ConsentDesk(Renderer(server));
        ValueTask<ConsentEvidence> asked = desk.AskAsync(PromptScene.Prompt(), "ada", session.Token);
        await Eventually.Is(() => eye.Topmost() != 0, "the window is there");
        await session.CancelAsync();

        Assert.Equal((ConsentDecision.Refuse, ConsentHow.Withdrawn), Outcome(await asked));
        await Eventually.Is(() => eye.Topmost() == 0, "the window is gone");
        Assert.Equal(0, eye.TryGrabKeyboard());
    }

    [Fact]
    public async Task Prompt_NoSuchDisplay_IsNo()
    {
        var desk = new ConsentDesk(new X11ConsentPrompt(new X11ConsentPromptOptions { Display = ":77777" }));

        Assert.Equal((ConsentDecision.Refuse, ConsentHow.RendererFailed), Outcome(await desk.AskAsync(PromptScene.Prompt(), "ada", CancellationToken.None)));
    }

    [Fact]
    public async Task Prompt_ScreenTooSmallForAllOfIt_IsNo()
    {
        Programs.Require("Xvfb");
        await using XServer server = await XServer.StartXvfbAsync(320, 200);

        DesktopException error = await Assert.ThrowsAsync<DesktopException>(async () => await Renderer(server).AskAsync(PromptScene.Prompt(), CancellationToken.None));
        Assert.Contains("does not fit", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Prompt_SmallScreen_IsMadeSmallerAndStaysInside()
    {
        Programs.Require("Xvfb");
        await using XServer server = await XServer.StartXvfbAsync(1024, 600);
        await using PromptWindow window = new(PromptScene.Prompt(), new X11ConsentPromptOptions { Display = server.Display, Scale = 3 });
        await window.StartAsync(CancellationToken.None);

        Assert.Equal(window.State.Area, window.State.Area.Intersect(new PixelRect(0, 0, 1024, 600)));
    }

    [Fact]
    public async Task Prompt_SeveralMonitors_StandsInTheMiddleOfThePointersOne()
    {
        Programs.Require("Xvfb", "xrandr", "xdotool");
        await using XServer server = await XServer.StartXvfbAsync(2000, 900);
        await server.RunAsync("xrandr", "--setmonitor", "left", "1000/250x900/225+0+0", "screen");
        await server.RunAsync("xrandr", "--setmonitor", "right", "1000/250x900/225+1000+0", "none");
        await server.RunAsync("xdotool", "mousemove", "1500", "300");
        await using PromptWindow window = new(PromptScene.Prompt(), new X11ConsentPromptOptions { Display = server.Display, Scale = 1 });
        await window.StartAsync(CancellationToken.None);
        PixelRect area = window.State.Area;

        Assert.InRange(area.X + (area.Width / 2), 1499, 1501);
        Assert.InRange(area.Y + (area.Height / 2), 449, 451);
    }

    [Fact]
    public async Task Prompt_DesktopsDpi_IsTheScale()
    {
        Programs.Require("Xvfb");
        await using XServer server = await XServer.StartXvfbAsync(2600, 1800, 24, "-dpi", "96");
        PixelRect small = await AreaAsync(server);
        XResource.Set(server, "Xft.dpi:\t192\n");
        PixelRect large = await AreaAsync(server);

        Assert.InRange(large.Width, (small.Width * 2) - 2, (small.Width * 2) + 2);
    }

    // libXft and libXrender keep notes for each connection, by its address; a connection that is closed must leave none behind.
    [Fact]
    public async Task Prompt_OneAfterAnother_EachIsShown()
    {
        Programs.Require("Xvfb");
        await using XServer server = await XServer.StartXvfbAsync();
        for (int i = 0; i < 40; i++) Assert.InRange((await AreaAsync(server)).Height, 100, 800);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(3.1)]
    [InlineData(double.NaN)]
    public void Options_ScaleOutOfRange_IsToldByName(double scale) =>
        Assert.Contains("Scale", Assert.Throws<ArgumentException>(() => new X11ConsentPrompt(new X11ConsentPromptOptions { Scale = scale })).Message, StringComparison.Ordinal);

    private static async Task<PixelRect> AreaAsync(XServer server)
    {
        await using PromptWindow window = new(PromptScene.Prompt(), new X11ConsentPromptOptions { Display = server.Display });
        await window.StartAsync(CancellationToken.None);
        return window.State.Area;
    }

    private static X11ConsentPrompt Renderer(XServer server) => new(new X11ConsentPromptOptions { Display = server.Display });

    private static (ConsentDecision, ConsentHow) Outcome(ConsentEvidence evidence) => (evidence.Answer.Decision, evidence.Answer.How);
}
