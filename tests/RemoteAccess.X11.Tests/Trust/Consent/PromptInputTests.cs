using RemoteAccess.Sessions;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class PromptInputTests
{
    private readonly PromptInput input = new(allow: new PixelRect(200, 100, 100, 40), refuse: new PixelRect(50, 100, 100, 40));

    public PromptInputTests() => input.SetActive(true);

    [Fact]
    public void Keys_FromTheStart_FocusRefuseAndMoveOnTab()
    {
        Assert.Equal(ConsentDecision.Refuse, input.Focus);
        Assert.Equal(ConsentDecision.Refuse, input.PressKey(PromptKey.Press, false));
        Assert.Null(input.PressKey(PromptKey.Next, false));
        Assert.Equal(ConsentDecision.Allow, input.PressKey(PromptKey.Press, false));
        input.PressKey(PromptKey.Left, false);
        Assert.Equal(ConsentDecision.Refuse, input.Focus);
        input.PressKey(PromptKey.Right, false);
        Assert.Equal(ConsentDecision.Allow, input.Focus);
        Assert.Equal(ConsentDecision.Refuse, input.PressKey(PromptKey.Refuse, false));
    }

    [Fact]
    public void Keys_HeldOrTooEarly_GiveNoAnswer()
    {
        input.PressKey(PromptKey.Right, false);
        Assert.Null(input.PressKey(PromptKey.Press, isRepeat: true));
        input.SetActive(false);
        Assert.Null(input.PressKey(PromptKey.Press, false));
        Assert.Equal(ConsentDecision.Refuse, input.PressKey(PromptKey.Refuse, false));
    }

    [Fact]
    public void Click_PersonComesFromOutside_Allows()
    {
        input.Move(10, 10, isPhysical: true);
        input.Move(250, 120, isPhysical: true);

        Assert.Equal(ConsentDecision.Allow, Click(250, 120));
    }

    [Fact]
    public void Click_PromptAppearedUnderThePointer_DoesNotAllow()
    {
        Assert.Null(Click(250, 120));
        input.Move(251, 120, isPhysical: true);
        Assert.Null(Click(251, 120));
    }

    [Fact]
    public void Click_InjectedMotionBroughtItThere_DoesNotAllowUntilAPersonComesAnew()
    {
        input.Move(10, 10, isPhysical: true);
        input.Move(250, 120, isPhysical: false);
        Assert.Null(Click(250, 120));
        input.Move(252, 121, isPhysical: true);
        Assert.Null(Click(252, 121));
        input.Move(10, 10, isPhysical: true);
        input.Move(250, 120, isPhysical: true);
        Assert.Equal(ConsentDecision.Allow, Click(250, 120));
    }

    [Fact]
    public void Click_InjectedMotionBetweenDownAndUp_DoesNotAllow()
    {
        input.Leave();
        input.Move(250, 120, isPhysical: true);
        input.PressButton(1, 250, 120, isTouch: false);
        input.Move(251, 120, isPhysical: false);

        Assert.Null(input.ReleaseButton(1, 251, 120, isTouch: false));
    }

    [Fact]
    public void Click_OtherButtonsOrDraggedOff_GivesNoAnswer()
    {
        input.Leave();
        input.Move(250, 120, isPhysical: true);
        Assert.Null(Click(250, 120, button: 3));
        input.PressButton(1, 250, 120, isTouch: false);
        Assert.Null(input.ReleaseButton(1, 60, 120, isTouch: false));
        input.PressButton(1, 60, 120, isTouch: false);
        Assert.Null(input.ReleaseButton(1, 250, 120, isTouch: false));
    }

    [Fact]
    public void Click_BecameInactiveMeanwhile_GivesNoAnswer()
    {
        input.Leave();
        input.Move(250, 120, isPhysical: true);
        input.PressButton(1, 250, 120, isTouch: false);
        input.SetActive(false);
        input.SetActive(true);

        Assert.Null(input.ReleaseButton(1, 250, 120, isTouch: false));
    }

    [Fact]
    public void Click_Refuse_NeedsNoTrustInThePointer()
    {
        input.Move(60, 120, isPhysical: false);

        Assert.Equal(ConsentDecision.Refuse, Click(60, 120));
    }

    [Fact]
    public void Click_Finger_AllowsWhereItIs()
    {
        input.PressButton(1, 250, 120, isTouch: true);

        Assert.Equal(ConsentDecision.Allow, input.ReleaseButton(1, 250, 120, isTouch: true));
    }

    private ConsentDecision? Click(int x, int y, int button = 1)
    {
        input.PressButton(button, x, y, isTouch: false);
        return input.ReleaseButton(button, x, y, isTouch: false);
    }
}
