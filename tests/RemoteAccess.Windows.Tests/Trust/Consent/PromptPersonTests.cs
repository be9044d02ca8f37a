using System.Globalization;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>What the person in front of the screen can do with the prompt.</summary>
public sealed class PromptPersonTests
{
    [Fact]
    public async Task Prompt_TabAndEnter_Allows()
    {
        Assert.SkipUnless(Wine.IsHere, Wine.NoHand);
        await using PromptScene scene = await PromptScene.OpenAsync();
        Assert.Equal(ConsentDecision.Refuse, scene.State.Focus);
        await Eventually.Is(() => scene.State.HasKeyboard, "keyboard");
        await Task.Delay(700);
        await XSide.PersonAsync("key", "Tab");
        await Eventually.Is(() => scene.State.Focus == ConsentDecision.Allow, "Tab moves the focus");
        await XSide.PersonAsync("key", "Return");

        Assert.Equal((ConsentDecision.Allow, ConsentHow.Pressed), await Outcome(scene));
    }

    [Fact]
    public async Task Prompt_MouseOnAllow_Allows()
    {
        Assert.SkipUnless(Wine.IsHere, Wine.NoHand);
        await using PromptScene scene = await PromptScene.OpenAsync();
        (int x, int y) = scene.Middle(scene.State.Allow);
        await XSide.PersonAsync("mousemove", "5", "5", "mousemove", x.ToString(CultureInfo.InvariantCulture), y.ToString(CultureInfo.InvariantCulture), "click", "1");

        Assert.Equal((ConsentDecision.Allow, ConsentHow.Pressed), await Outcome(scene));
    }

    internal static async Task<(ConsentDecision, ConsentHow)> Outcome(PromptScene scene)
    {
        ConsentAnswer answer = await scene.Answer.WaitAsync(TimeSpan.FromSeconds(5));
        return (answer.Decision, answer.How);
    }
}
