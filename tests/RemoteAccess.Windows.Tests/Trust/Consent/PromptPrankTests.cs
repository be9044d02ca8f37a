using RemoteAccess.Interop;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>What programs, and technicians through them, can not do with the prompt: injected, posted and sent input, windows over it, a moved pointer.</summary>
[Collection(OneDesktop.Name)]
public sealed class PromptPrankTests
{
    private const ushort Tab = 0x09, Return = 0x0D, Escape = 0x1B, Space = 0x20, Right = 0x27;
    private const int Many = 10_000;

    [Fact]
    public async Task Prompt_TenThousandInjectedEvents_NoneIsAnAnswer()
    {
        await using PromptScene scene = await PromptScene.OpenAsync();
        (int x, int y) = scene.Middle(scene.State.Allow);
        ushort[] keys = [Tab, Return, Right, Space, Escape, Return];
        for (int sent = 0, round = 0; sent < Many; sent += 5, round++)
        {
            Prank.Key(keys[round % keys.Length]);
            if (round % 4 == 0) _ = Prank.SetCursorPos(x - 300, y);
            Prank.Move(x + (round % 9), y + (round % 5));
            Prank.Click();
        }

        await Eventually.Is(() => scene.State.Ignored > Many / 2, () => scene.State.Ignored, "what was injected has come; otherwise the test aims beside the prompt");
        await scene.PersonMovesTheFocusAsync();
        Assert.False(scene.Answer.IsCompleted);
        Assert.True(scene.State.Counted <= 2, $"{scene.State.Counted} events counted as the person's");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Prompt_TenThousandMessagesOfOthers_NoneIsAnAnswer(bool isPosted)
    {
        await using PromptScene scene = await PromptScene.OpenAsync();
        // The person has brought the pointer onto Allow: only the press is missing.
        await scene.PersonGoesToAsync(scene.State.Allow);
        (int x, int y) = scene.Middle(scene.State.Allow);
        nint window = scene.State.Window, place = scene.State.Allow.X + 20 + ((scene.State.Allow.Y + 20) << 16), screen = x + (y << 16);
        (uint Message, nuint First, nint Second)[] messages =
        [
            (User32Message.LeftDown, 1, place), (User32Message.LeftUp, 0, place), (User32Message.KeyDown, Tab, 0x000F0001), (Prank.KeyUp, Tab, unchecked((nint)0xC00F0001)),
            (User32Message.KeyDown, Return, 0x001C0001), (Prank.Char, Return, 0x001C0001), (User32Message.KeyDown, Right, 0x014D0001), (User32Message.KeyDown, Space, 0x00390001),
            (Prank.Char, Space, 0x00390001), (Prank.Command, 1, 0), (Prank.Command, 6, window), (Prank.ButtonClick, 0, 0), (User32Message.MouseMove, 0, place),
            (User32Message.SystemKeyDown, Return, 0x201C0001), (User32Message.PointerDown, 1, screen), (User32Message.PointerUp, 1, screen), (User32Message.SetFocus, 0, 0),
            (User32Message.KeyDown, Escape, 0x00010001), (User32Message.SystemCommand, 0xF100, Return),
        ];
        for (int sent = 0; sent < Many; sent++)
        {
            (uint message, nuint first, nint second) = messages[sent % messages.Length];
            if (!isPosted) _ = Prank.SendMessageW(window, message, first, second);
            else if (Prank.PostMessageW(window, message, first, second) == 0) await Eventually.Is(() => Prank.PostMessageW(window, message, first, second) != 0, "room in the queue");
        }

        await Eventually.Is(() => scene.State.Ignored > Many / 2, () => scene.State.Ignored, "what was sent has come");
        await scene.BecomesActive();
        await scene.PersonMovesTheFocusAsync();
        Assert.False(scene.Answer.IsCompleted);
        await scene.PersonClicksAsync(scene.State.Allow);
        Assert.Equal((ConsentDecision.Allow, ConsentHow.Pressed), await scene.OutcomeAsync());
    }

    [Theory]
    [InlineData("close")]
    [InlineData("close by the system's menu")]
    [InlineData("destroy")]
    [InlineData("quit")]
    public async Task Prompt_ClosedByAProgram_IsNo(string how)
    {
        await using PromptScene scene = await PromptScene.OpenAsync();
        nint window = scene.State.Window;
        _ = how switch
        {
            "close" => Prank.PostMessageW(window, User32Message.Close, 0, 0),
            "destroy" => Prank.SendMessageW(window, User32Message.Destroy, 0, 0),
            "quit" => Prank.PostMessageW(window, User32Message.Quit, 0, 0),
            _ => Prank.PostMessageW(window, User32Message.SystemCommand, User32Message.SystemClose, 0),
        };

        Assert.Equal((ConsentDecision.Refuse, ConsentHow.Closed), await scene.OutcomeAsync());
        await Eventually.Is(() => Prank.IsWindow(window) == 0, "the window is gone");
    }

    [Theory]
    [InlineData("SendInput")]
    [InlineData("SetCursorPos")]
    public async Task Prompt_PointerBroughtOntoAllowByAProgram_PersonsClickDoesNotAllow(string how)
    {
        await using PromptScene scene = await PromptScene.OpenAsync();
        (int x, int y) = scene.Middle(scene.State.Allow);
        await scene.PersonRestsAsync();
        if (how == "SendInput") Prank.Move(x, y);
        else _ = Prank.SetCursorPos(x, y);
        await Eventually.Is(() => Math.Abs(Prank.Pointer().X - x) <= 1 && Math.Abs(Prank.Pointer().Y - y) <= 1, "the pointer is on Allow");
        // SendInput leaves the X server's pointer where it was: then this is what brings the person's there, and for Windows no motion at all.
        string[] there = ["mousemove", PromptScene.Number(x), PromptScene.Number(y)];
        await PromptScene.PersonAsync([.. there, "click", "1"]);
        await PromptScene.PersonAsync("mousemove_relative", "2", "1", "click", "1");
        await scene.PersonMovesTheFocusAsync();
        Assert.False(scene.Answer.IsCompleted);
        Assert.True(scene.State.Counted >= 5, "The clicks did not come at all.");

        // And the person can still allow, by going there.
        await scene.PersonClicksAsync(scene.State.Allow);
        Assert.Equal((ConsentDecision.Allow, ConsentHow.Pressed), await scene.OutcomeAsync());
    }

    [Fact]
    public async Task Prompt_InjectedFocusAndPersonsEnter_IsRefuse()
    {
        await using PromptScene scene = await PromptScene.OpenAsync();
        Prank.Key(Tab);
        Prank.Key(Right);
        await Eventually.Is(() => scene.State.Ignored >= 4, "the injected keys have come");
        await scene.PersonTypesAsync("Return");

        Assert.Equal((ConsentDecision.Refuse, ConsentHow.Pressed), await scene.OutcomeAsync());
    }

    [Fact]
    public async Task Prompt_WindowOverIt_ComesBackOnTopAndWaitsBeforeItAnswers()
    {
        FakeTime time = new();
        await using PromptScene scene = await PromptScene.OpenAsync(time);
        await scene.SettlesAsync(time);
        await using OtherWindow cover = await OtherWindow.OpenAsync(scene.State.Area);
        await Eventually.Is(() => !scene.State.IsActive, "answers wait");
        time.Advance(TimeSpan.FromMilliseconds(100));
        await Eventually.Is(() => IsAbove(scene.State.Window, cover.Handle), "the prompt is on top again");
        await Eventually.Never(() => scene.State.IsActive, "answers wait, once it is in view again");

        await scene.SettlesAsync(time);
    }

    [Fact]
    public async Task Prompt_KeptCovered_GivesNoYes()
    {
        await using PromptScene scene = await PromptScene.OpenAsync();
        PixelRect area = scene.State.Area;
        await using (await Rival.StartAsync(area with { Width = 200, Height = 200 }))
        {
            await Eventually.Is(() => !scene.State.IsActive, "answers wait");
            for (int i = 0; i < 5; i++) await scene.PersonTypesAsync("Right", "Return");
            // They come while it is still covered.
            await Eventually.Is(() => scene.State.Counted >= 10, "the keys have come");
        }

        Assert.False(scene.Answer.IsCompleted);
    }

    [Theory]
    [InlineData("moved")]
    [InlineData("hidden")]
    [InlineData("minimised")]
    [InlineData("disabled")]
    [InlineData("faded")]
    [InlineData("cut")]
    [InlineData("not topmost")]
    public async Task Prompt_ChangedByAProgram_WaitsAndIsPutBack(string how)
    {
        FakeTime time = new();
        await using PromptScene scene = await PromptScene.OpenAsync(time);
        await scene.SettlesAsync(time);
        nint window = scene.State.Window;
        WindowSight asMade = new(window, scene.State.Area);
        nint extended = User32Window.GetWindowLongPtrW(window, User32Window.ExtendedStyleIndex);
        _ = how switch
        {
            "moved" => User32Window.SetWindowPos(window, 0, 40, 20, 0, 0, User32Window.NoSize | User32Window.NoActivate),
            "hidden" => User32Window.ShowWindow(window, Prank.Hide),
            "minimised" => User32Window.ShowWindow(window, Prank.Minimise),
            "disabled" => User32Window.EnableWindow(window, 0),
            "faded" => Fade(window, extended),
            "cut" => User32Window.SetWindowRgn(window, Prank.CreateRectRgn(0, 0, 50, 50), 1),
            _ => User32Window.SetWindowPos(window, -2, 0, 0, 0, 0, User32Window.NoMove | User32Window.NoSize | User32Window.NoActivate),
        };
        await Eventually.Is(() => !scene.State.IsActive, "answers wait");
        time.Advance(TimeSpan.FromMilliseconds(100));
        await Eventually.Is(() => asMade.IsInFullView, "it is as it was");

        await Eventually.Is(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(50));
            return scene.State.IsActive;
        }, "the prompt is active again");
    }

    [Fact]
    public async Task Prompt_InjectedEventsAndNobodyThere_IsNoWhenTheTimeIsUp()
    {
        Wine.Require();
        var desk = new ConsentDesk(new WindowsConsentPrompt());
        ValueTask<ConsentEvidence> asked = desk.AskAsync(PromptScene.Prompt(timeout: TimeSpan.FromSeconds(2)), "ada", CancellationToken.None);
        while (!asked.IsCompleted)
        {
            foreach (ushort key in new[] { Right, Return, Space }) Prank.Key(key);
            await Task.Delay(PersonsWindow.SettlingTime * 1.2);
        }

        ConsentAnswer answer = (await asked).Answer;
        Assert.Equal((ConsentDecision.Refuse, ConsentHow.TimedOut), (answer.Decision, answer.How));
    }

    private static bool IsAbove(nint window, nint other)
    {
        for (nint above = User32Window.GetWindow(other, User32Window.Above); above != 0; above = User32Window.GetWindow(above, User32Window.Above))
        {
            if (above == window) return true;
        }
        return false;
    }

    private static int Fade(nint window, nint extended)
    {
        const nint Layered = 0x80000;
        _ = User32Window.SetWindowLongPtrW(window, User32Window.ExtendedStyleIndex, extended | Layered);
        return Prank.SetLayeredWindowAttributes(window, 0, 1, 2);
    }
}
