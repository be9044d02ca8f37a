using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>What the person in front of the screen can do with the prompt.</summary>
public sealed class PromptPersonTests
{
    [Fact]
    public async Task Prompt_TabAndEnter_Allows()
    {
        await using PromptScene scene = await PromptScene.OpenAsync();
        Assert.Equal(ConsentDecision.Refuse, scene.State.Focus);
        await scene.PersonAsync("key", "Tab");
        await Eventually.Is(() => scene.State.Focus == ConsentDecision.Allow, "Tab moves the focus");
        await scene.PersonAsync("key", "Return");

        Assert.Equal((ConsentDecision.Allow, ConsentHow.Pressed), await Outcome(scene));
    }

    [Theory]
    [InlineData("Return")]
    [InlineData("space")]
    [InlineData("Escape")]
    public async Task Prompt_KeyOnTheFirstFocus_Refuses(string key)
    {
        await using PromptScene scene = await PromptScene.OpenAsync();
        await scene.PersonAsync("key", key);

        Assert.Equal((ConsentDecision.Refuse, ConsentHow.Pressed), await Outcome(scene));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("openbox")]
    public async Task Prompt_MouseOnAllow_AllowsWithAndWithoutAWindowManager(string? windowManager)
    {
        if (windowManager is not null) Programs.Require(windowManager);
        await using PromptScene scene = await PromptScene.OpenAsync(windowManager);
        (string x, string y) = scene.Middle(scene.State.Allow);
        await scene.PersonAsync("mousemove", "5", "5", "mousemove", x, y, "click", "1");

        Assert.Equal((ConsentDecision.Allow, ConsentHow.Pressed), await Outcome(scene));
    }

    [Fact]
    public async Task Prompt_MouseOnRefuse_Refuses()
    {
        await using PromptScene scene = await PromptScene.OpenAsync();
        (string x, string y) = scene.Middle(scene.State.Refuse);
        await scene.PersonAsync("mousemove", x, y, "click", "1");

        Assert.Equal((ConsentDecision.Refuse, ConsentHow.Pressed), await Outcome(scene));
    }

    [Fact]
    public async Task Prompt_KeyboardWhileOpen_ReachesNothingElse()
    {
        await using PromptScene scene = await PromptScene.OpenAsync();
        using XClient other = new(scene.Inner);
        nuint window = other.ShowInputWindow(0, 0, 60, 60);
        using PrankClient prank = new(scene.Inner);
        prank.TakeFocus(window);
        await scene.PersonAsync("key", "a");
        await scene.PersonAsync("key", "Tab");
        await Eventually.Is(() => scene.State.Focus == ConsentDecision.Allow, "the key has come");

        other.Sync();
        Assert.DoesNotContain(other.ReadInput(), input => input.Kind is 2 or 3);
        Assert.NotEqual(0, prank.TryGrabKeyboard());
    }

    [Fact]
    public async Task Prompt_KeyboardIsHeldElsewhere_IsTakenAsSoonAsItIsFree()
    {
        Programs.Require("Xvfb");
        await using XServer server = await XServer.StartXvfbAsync();
        using PrankClient menu = new(server);
        Assert.Equal(0, menu.TryGrabKeyboard());
        await using PromptWindow window = new(PromptScene.Prompt(), new X11ConsentPromptOptions { Display = server.Display });
        await window.StartAsync(CancellationToken.None);
        await Eventually.Is(() => window.State.IsActive, "the prompt is shown all the same");
        Assert.False(window.State.HasKeyboard);
        menu.Ungrab();

        await Eventually.Is(() => window.State.HasKeyboard, "the keyboard");
    }

    internal static async Task<(ConsentDecision, ConsentHow)> Outcome(PromptScene scene)
    {
        ConsentAnswer answer = await scene.Answer.WaitAsync(Eventually.Limit);
        return (answer.Decision, answer.How);
    }
}
