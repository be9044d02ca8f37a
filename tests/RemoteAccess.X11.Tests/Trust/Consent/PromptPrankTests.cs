using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>What programs, and technicians through them, can not do with the prompt: XTEST, sent events, windows over it, a moved pointer.</summary>
public sealed class PromptPrankTests
{
    private const nuint Return = 0xff0d, Space = 0x20, Tab = 0xff09, Right = 0xff53, Escape = 0xff1b, Shift = 0xffe1;
    private const int Injected = 100_000;

    [Fact]
    public async Task Prompt_HundredThousandInjectedEvents_NoneIsAnAnswer()
    {
        await using PromptScene scene = await PromptScene.OpenAsync();
        using PrankClient prank = new(scene.Inner);
        (int x, int y) = Numbers(scene.Middle(scene.State.Allow));
        nuint[] keys = [Tab, Return, Right, Space, Escape, Return, Shift];
        int sent = 0;
        for (int round = 0; sent < Injected; round++)
        {
            nuint key = keys[round % keys.Length];
            prank.Key(key, true);
            prank.Key(key, false);
            if (round % 5 == 0) prank.Warp(x - 300, y);
            prank.Move(x + (round % 9), y + (round % 5));
            prank.Button(1, true);
            prank.Button(1, false);
            sent += round % 5 == 0 ? 6 : 5;
            if (round % 100 == 0) prank.Sync();
        }
        prank.Sync();

        // Whatever was sent before the person's key has been judged when the key has.
        await scene.PersonAsync("key", "Tab");
        await Eventually.Is(() => scene.State.Focus == ConsentDecision.Allow, "the person's key after all of it");
        Assert.False(scene.Answer.IsCompleted);
        Assert.True(scene.State.Counted <= 2, $"{scene.State.Counted} events counted as the person's");
        Assert.True(scene.State.Ignored > Injected / 2, $"Only {scene.State.Ignored} events came at all: the test aims beside the prompt.");
    }

    [Fact]
    public async Task Prompt_InjectedEventsAndNobodyThere_IsNoWhenTheTimeIsUp()
    {
        Programs.Require("Xvfb", "xdotool");
        await using XServer server = await XServer.StartXvfbAsync();
        var desk = new ConsentDesk(new X11ConsentPrompt(new X11ConsentPromptOptions { Display = server.Display }));
        ValueTask<ConsentEvidence> asked = desk.AskAsync(PromptScene.Prompt(timeout: TimeSpan.FromSeconds(3)), "ada", CancellationToken.None);
        while (!asked.IsCompleted) await server.RunAsync("xdotool", "key", "Tab", "key", "Return", "key", "space");

        Assert.Equal((ConsentDecision.Refuse, ConsentHow.TimedOut), await Outcome(asked));
    }

    [Fact]
    public async Task Prompt_SentEvents_AreNothing()
    {
        await using PromptScene scene = await PromptScene.OpenAsync();
        using PrankClient prank = new(scene.Inner);
        PromptState state = scene.State;
        int x = state.Allow.X + 20, y = state.Allow.Y + 20;
        foreach (nint mask in new nint[] { 0, 0x1ffffff })
        {
            foreach (nuint key in new[] { Tab, Return, Space, Escape })
            {
                prank.Send(state.Window, 2, prank.Keycode(key), x, y, mask);
                prank.Send(state.Window, 3, prank.Keycode(key), x, y, mask);
            }
            prank.Send(state.Window, 4, 1, x, y, mask);
            prank.Send(state.Window, 5, 1, x, y, mask);
            prank.Send(state.Window, 17, 0, 0, 0, mask);
            prank.Send(state.Window, 18, 0, 0, 0, mask);
        }
        prank.Sync();

        await scene.PersonAsync("key", "Tab");
        await Eventually.Is(() => scene.State.Focus == ConsentDecision.Allow, "the person's key after all of it");
        Assert.False(scene.Answer.IsCompleted);
    }

    [Theory]
    [InlineData("XTEST motion")]
    [InlineData("warp")]
    public async Task Prompt_PointerBroughtOntoAllowByAProgram_PersonsClickDoesNotAllow(string how)
    {
        await using PromptScene scene = await PromptScene.OpenAsync();
        using PrankClient prank = new(scene.Inner);
        (int x, int y) = Numbers(scene.Middle(scene.State.Allow));
        await scene.PersonAsync("mousemove", "5", "5");
        await Eventually.Is(() => prank.Pointer() == (5, 5), "the person's mouse is elsewhere");
        if (how == "warp") prank.Warp(x, y);
        else prank.Move(x, y);
        prank.Sync();
        await scene.PersonAsync("click", "1");
        // A click that comes to another place by the server's hand would prove nothing.
        Assert.Equal((x, y), prank.Pointer());
        await scene.PersonAsync("key", "Tab");
        await Eventually.Is(() => scene.State.Focus == ConsentDecision.Allow, "the person's key after the click");
        Assert.False(scene.Answer.IsCompleted);
        Assert.True(scene.State.Counted >= 3, "The click did not come at all.");

        // And the person can still allow, by going there.
        (string px, string py) = scene.Middle(scene.State.Allow);
        await scene.PersonAsync("mousemove", "8", "8", "mousemove", px, py, "click", "1");
        Assert.Equal((ConsentDecision.Allow, ConsentHow.Pressed), await PromptPersonTests.Outcome(scene));
    }

    [Fact]
    public async Task Prompt_InjectedPointerOnAllowAndPersonsEnter_IsRefuse()
    {
        await using PromptScene scene = await PromptScene.OpenAsync();
        using PrankClient prank = new(scene.Inner);
        (int x, int y) = Numbers(scene.Middle(scene.State.Allow));
        prank.Key(Tab, true);
        prank.Key(Tab, false);
        prank.Move(x, y);
        prank.Button(1, true);
        prank.Sync();
        await scene.PersonAsync("key", "Return");

        Assert.Equal((ConsentDecision.Refuse, ConsentHow.Pressed), await PromptPersonTests.Outcome(scene));
    }

    [Fact]
    public async Task Prompt_WindowOverIt_ComesBackOnTopAndWaitsBeforeItAnswers()
    {
        await using PromptScene scene = await PromptScene.OpenAsync();
        using PrankClient prank = new(scene.Inner);
        PromptState state = scene.State;
        nuint cover = prank.Cover(state.Area.X, state.Area.Y, state.Area.Width, state.Area.Height);
        await Eventually.Is(() => prank.Topmost() == state.Window, "the prompt is on top again");
        await scene.BecomesActive();

        prank.Raise(cover);
        prank.TakeFocus(cover);
        await Eventually.Is(() => !scene.State.IsActive, "answers wait");
        await Eventually.Is(() => prank.Topmost() == state.Window, "the prompt is on top again");
        await scene.BecomesActive();
        await scene.PersonAsync("key", "Tab", "key", "Return");
        Assert.Equal((ConsentDecision.Allow, ConsentHow.Pressed), await PromptPersonTests.Outcome(scene));
    }

    [Fact]
    public async Task Prompt_KeptCovered_GivesNoYes()
    {
        await using PromptScene scene = await PromptScene.OpenAsync();
        using PrankClient prank = new(scene.Inner);
        PromptState state = scene.State;
        nuint cover = prank.Cover(state.Area.X, state.Area.Y, 200, 200);
        await Eventually.Is(() => !scene.State.IsActive, "answers wait");
        using CancellationTokenSource end = new();
        Task duel = Task.Run(() =>
        {
            while (!end.IsCancellationRequested)
            {
                prank.Raise(cover);
                prank.Sync();
            }
        }, CancellationToken.None);
        for (int i = 0; i < 5; i++) await scene.PersonAsync("key", "Right", "key", "Return");
        await end.CancelAsync();
        await duel;

        Assert.False(scene.Answer.IsCompleted);
    }

    [Fact]
    public async Task Prompt_MovedOrUnmapped_IsPutBack()
    {
        await using PromptScene scene = await PromptScene.OpenAsync();
        using PrankClient prank = new(scene.Inner);
        PromptState state = scene.State;
        prank.Move(state.Window, -2000, -2000);
        prank.Sync();
        await Eventually.Is(() => !scene.State.IsActive, "answers wait while it is away");
        await scene.BecomesActive();
        prank.Unmap(state.Window);
        prank.Sync();
        await Eventually.Is(() => !scene.State.IsActive, "answers wait while it is away");
        await scene.BecomesActive();

        (string x, string y) = scene.Middle(state.Allow);
        await scene.PersonAsync("mousemove", "5", "5", "mousemove", x, y, "click", "1");
        Assert.Equal((ConsentDecision.Allow, ConsentHow.Pressed), await PromptPersonTests.Outcome(scene));
    }

    [Fact]
    public async Task Prompt_WindowDestroyedByAProgram_IsClosedAndNo()
    {
        await using PromptScene scene = await PromptScene.OpenAsync();
        using PrankClient prank = new(scene.Inner);
        prank.Destroy(scene.State.Window);
        prank.Sync();

        Assert.Equal((ConsentDecision.Refuse, ConsentHow.Closed), await PromptPersonTests.Outcome(scene));
    }

    private static async Task<(ConsentDecision, ConsentHow)> Outcome(ValueTask<ConsentEvidence> asked)
    {
        ConsentAnswer answer = (await asked).Answer;
        return (answer.Decision, answer.How);
    }

    private static (int X, int Y) Numbers((string X, string Y) place) =>
        (int.Parse(place.X, System.Globalization.CultureInfo.InvariantCulture), int.Parse(place.Y, System.Globalization.CultureInfo.InvariantCulture));
}
