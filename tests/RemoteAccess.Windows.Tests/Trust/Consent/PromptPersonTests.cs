using RemoteAccess.Interop;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>What the person in front of the screen can do with the prompt.</summary>
[Collection(OneDesktop.Name)]
public sealed class PromptPersonTests
{
    [Theory]
    [InlineData("Tab", "Return")]
    [InlineData("Right", "space")]
    public async Task Prompt_KeysToAllow_Allow(string go, string press)
    {
        await using PromptScene scene = await PromptScene.OpenAsync();
        Assert.Equal(ConsentDecision.Refuse, scene.State.Focus);
        await scene.PersonTypesAsync(go);
        await Eventually.Is(() => scene.State.Focus == ConsentDecision.Allow, "the focus moves");
        await scene.PersonTypesAsync(press);

        Assert.Equal((ConsentDecision.Allow, ConsentHow.Pressed), await scene.OutcomeAsync());
    }

    [Theory]
    [InlineData("Return")]
    [InlineData("space")]
    [InlineData("Escape")]
    public async Task Prompt_KeyOnTheFirstFocus_Refuses(string key)
    {
        await using PromptScene scene = await PromptScene.OpenAsync();
        await scene.PersonTypesAsync(key);

        Assert.Equal((ConsentDecision.Refuse, ConsentHow.Pressed), await scene.OutcomeAsync());
    }

    [Theory]
    [InlineData(ConsentDecision.Allow)]
    [InlineData(ConsentDecision.Refuse)]
    public async Task Prompt_MouseOnAButton_GivesItsAnswer(ConsentDecision decision)
    {
        await using PromptScene scene = await PromptScene.OpenAsync();
        await scene.PersonClicksAsync(decision == ConsentDecision.Allow ? scene.State.Allow : scene.State.Refuse);

        Assert.Equal((decision, ConsentHow.Pressed), await scene.OutcomeAsync());
    }

    [Fact]
    public async Task Prompt_OtherButtonOrModifierHeld_AnswersAsWithout()
    {
        await using PromptScene scene = await PromptScene.OpenAsync();
        await scene.PersonGoesToAsync(scene.State.Allow);
        await PromptScene.PersonAsync("click", "3", "click", "2");
        await scene.PersonTypesAsync("ctrl+Tab");
        await Eventually.Is(() => scene.State.Focus == ConsentDecision.Allow, "the focus moves");
        Assert.False(scene.Answer.IsCompleted);
        await scene.PersonTypesAsync("shift+Return");

        Assert.Equal((ConsentDecision.Allow, ConsentHow.Pressed), await scene.OutcomeAsync());
    }

    [Fact]
    public async Task Prompt_TooEarly_NothingButEscapeIsAnAnswer()
    {
        FakeTime time = new();
        await using PromptScene scene = await PromptScene.OpenAsync(time);
        await scene.PersonTypesAsync("Return", "Tab", "Return");
        await scene.PersonClicksAsync(scene.State.Refuse);
        await Eventually.Is(() => scene.State.Counted >= 5, "keys and button have come");
        Assert.False(scene.Answer.IsCompleted);
        Assert.Equal(ConsentDecision.Refuse, scene.State.Focus);
        await scene.PersonTypesAsync("Escape");

        Assert.Equal((ConsentDecision.Refuse, ConsentHow.Pressed), await scene.OutcomeAsync());
    }

    /// <summary>A program moves the keyboard to the prompt while the person types to something else.</summary>
    [Fact]
    public async Task Prompt_GivenTheKeyboardByAProgram_KeysWaitAndEachTypedOnBeginsTheWaitAnew()
    {
        FakeTime time = new();
        await using PromptScene scene = await PromptScene.OpenAsync(time);
        await using OtherWindow editor = await OtherWindow.OpenAsync(new PixelRect(0, 0, 40, 40));
        await scene.SettlesAsync(time);
        _ = User32Window.SetForegroundWindow(editor.Handle);
        await Eventually.Is(() => !scene.State.TakesKeys, "the keyboard is elsewhere");

        _ = User32Window.SetForegroundWindow(scene.State.Window);
        await Eventually.Is(() => User32Input.GetForegroundWindow() == scene.State.Window, "the prompt is in front");
        // Wine has told the X server of the editor's focus and, without a window manager, not of the prompt's.
        await scene.PersonRestsAsync();
        await XSide.RunAsync("sh", "-c", "eval \"$(xdotool getmouselocation --shell)\" && xdotool windowfocus \"$WINDOW\"");
        for (int i = 0; i < 3; i++)
        {
            long counted = scene.State.Counted;
            await scene.PersonTypesAsync("Tab", "Return");
            await Eventually.Is(() => scene.State.Counted >= counted + 2, "the keys have come");
            time.Advance(PersonsWindow.SettlingTime * 0.9);
        }
        Assert.False(scene.Answer.IsCompleted);
        Assert.Equal(ConsentDecision.Refuse, scene.State.Focus);

        time.Advance(PersonsWindow.SettlingTime);
        await Eventually.Is(() => scene.State.TakesKeys, "keys count");
        await scene.PersonMovesTheFocusAsync();
        await scene.PersonTypesAsync("Return");
        Assert.Equal((ConsentDecision.Allow, ConsentHow.Pressed), await scene.OutcomeAsync());
    }
}
