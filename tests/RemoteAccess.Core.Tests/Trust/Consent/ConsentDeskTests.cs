using RemoteAccess.Trust;

namespace RemoteAccess.Tests.Trust;

public sealed class ConsentDeskTests
{
    private readonly FakeTime time = new();

    /// <summary>A window of the product's own for a password: while it is there no input reaches the computer, and no prompt is.</summary>
    [Fact]
    public async Task Show_AnotherWindow_IsOpenAloneAndEndsWhateverItDoes()
    {
        var desk = new ConsentDesk(new ScriptedPrompt(), time);
        List<bool> heard = [];
        desk.PromptOpenChanged += (_, _) => heard.Add(desk.IsPromptOpen);

        Assert.True(await desk.ShowAsync(async () =>
        {
            Assert.True(desk.IsPromptOpen);
            Assert.Equal(ConsentHow.Busy, (await Ask(desk, ConsentSamples.Attended)).Answer.How);
            Assert.False(await desk.ShowAsync(() => throw new InvalidOperationException("It was shown.")));
        }));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await desk.ShowAsync(() => throw new InvalidOperationException("It broke.")));

        Assert.False(desk.IsPromptOpen);
        Assert.Equal([true, false, true, false], heard);
    }

    [Theory]
    [InlineData(ConsentDecision.Allow)]
    [InlineData(ConsentDecision.Refuse)]
    public async Task Ask_PersonPresses_IsTheAnswerAtTheDesksTime(ConsentDecision decision)
    {
        var renderer = new ScriptedPrompt();
        var desk = new ConsentDesk(renderer, time);
        ValueTask<ConsentEvidence> asked = Ask(desk, ConsentSamples.Attended);
        await renderer.Shown;
        time.Advance(TimeSpan.FromSeconds(59.9));
        renderer.Press(decision);
        ConsentEvidence evidence = await asked;

        Assert.Equal(new ConsentAnswer(decision, ConsentHow.Pressed, time.GetUtcNow()), evidence.Answer);
        Assert.Equal(ConsentSamples.Show(ConsentSamples.Attended).Text, evidence.Text);
        Assert.False(desk.IsPromptOpen);
        Assert.Equal(0, time.PendingTimers);
    }

    [Fact]
    public async Task Ask_NobodyAnswers_IsNoAfterSixtySecondsAndTheRendererIsTold()
    {
        var renderer = ScriptedPrompt.Patient();
        var desk = new ConsentDesk(renderer, time);
        ValueTask<ConsentEvidence> asked = Ask(desk, ConsentSamples.Attended);
        await renderer.Shown;
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(asked.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((ConsentDecision.Refuse, ConsentHow.TimedOut), Outcome(await asked));
        Assert.True(renderer.Token.IsCancellationRequested);
    }

    [Theory]
    [InlineData(InUseRule.AskThenAllow, ConsentDecision.Allow)]
    [InlineData(InUseRule.AskThenRefuse, ConsentDecision.Refuse)]
    public async Task Ask_NobodyAnswersWhileInUse_IsTheGrantsDefault(InUseRule rule, ConsentDecision expected)
    {
        var renderer = ScriptedPrompt.Patient();
        ValueTask<ConsentEvidence> asked = Ask(new ConsentDesk(renderer, time), ConsentSamples.InUse with { InUse = rule });
        await renderer.Shown;
        time.Advance(ConsentRequest.DefaultTimeout);

        Assert.Equal((expected, ConsentHow.TimedOut), Outcome(await asked));
    }

    [Fact]
    public async Task Ask_YesAfterTheTime_ChangesNothing()
    {
        var renderer = new ScriptedPrompt();
        ValueTask<ConsentEvidence> asked = Ask(new ConsentDesk(renderer, time), ConsentSamples.Attended);
        await renderer.Shown;
        time.Advance(ConsentRequest.DefaultTimeout);
        renderer.Press(ConsentDecision.Allow);

        Assert.Equal((ConsentDecision.Refuse, ConsentHow.TimedOut), Outcome(await asked));
    }

    [Fact]
    public async Task Ask_NoAfterTheTimeWhereSilenceIsYes_IsStillNo()
    {
        var renderer = new ScriptedPrompt();
        ValueTask<ConsentEvidence> asked = Ask(new ConsentDesk(renderer, time), ConsentSamples.InUse with { InUse = InUseRule.AskThenAllow });
        await renderer.Shown;
        time.Advance(ConsentRequest.DefaultTimeout);
        renderer.Press(ConsentDecision.Refuse);

        Assert.Equal((ConsentDecision.Refuse, ConsentHow.Pressed), Outcome(await asked));
    }

    [Theory]
    [InlineData(InUseRule.AskThenAllow, ConsentHow.RendererFailed)]
    [InlineData(InUseRule.AskThenRefuse, ConsentHow.TimedOut)]
    public async Task Ask_RendererIgnoresTheEnd_IsNoAndThePromptCountsAsOpenUntilItEnds(InUseRule rule, ConsentHow how)
    {
        var renderer = new ScriptedPrompt();
        var desk = new ConsentDesk(renderer, time);
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        desk.PromptOpenChanged += (_, _) => { if (!desk.IsPromptOpen) closed.TrySetResult(); };
        ValueTask<ConsentEvidence> asked = Ask(desk, ConsentSamples.InUse with { InUse = rule });
        await renderer.Shown;
        time.Advance(ConsentRequest.DefaultTimeout);
        await AdvanceUntil(() => asked.IsCompleted);

        Assert.Equal((ConsentDecision.Refuse, how), Outcome(await asked));
        Assert.True(desk.IsPromptOpen);
        Assert.Equal((ConsentDecision.Refuse, ConsentHow.Busy), Outcome(await Ask(desk, ConsentSamples.Attended)));
        renderer.Press(ConsentDecision.Allow);
        await closed.Task;
        Assert.Equal(1, renderer.Times);
    }

    public static TheoryData<string> Failures => ["throws", "throws at once", "cancels itself", "claims a time-out", "claims a failure", "claims to be busy", "null", "unknown decision"];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Ask_RendererBreaks_IsNo(string failure)
    {
        var renderer = new ScriptedPrompt(_ => failure switch
        {
            "throws" => Task.FromException<ConsentAnswer>(new IOException("gone")),
            "throws at once" => throw new InvalidOperationException(),
            "cancels itself" => Task.FromCanceled<ConsentAnswer>(new CancellationToken(true)),
            "claims a time-out" => Answer(ConsentDecision.Allow, ConsentHow.TimedOut),
            "claims a failure" => Answer(ConsentDecision.Allow, ConsentHow.RendererFailed),
            "claims to be busy" => Answer(ConsentDecision.Allow, ConsentHow.Busy),
            "null" => Task.FromResult<ConsentAnswer>(null!),
            _ => Answer((ConsentDecision)7, ConsentHow.Pressed),
        });

        foreach (InUseRule rule in new[] { InUseRule.AskThenAllow, InUseRule.AskThenRefuse })
        {
            ConsentEvidence evidence = await Ask(new ConsentDesk(renderer, time), ConsentSamples.InUse with { InUse = rule });
            Assert.Equal((ConsentDecision.Refuse, ConsentHow.RendererFailed), Outcome(evidence));
        }
    }

    [Fact]
    public async Task Ask_PromptIsClosed_IsNo()
    {
        var renderer = new ScriptedPrompt(_ => Answer(ConsentDecision.Allow, ConsentHow.Closed));

        Assert.Equal((ConsentDecision.Refuse, ConsentHow.Closed), Outcome(await Ask(new ConsentDesk(renderer, time), ConsentSamples.Attended)));
    }

    [Fact]
    public async Task Ask_RequestIsTakenBack_IsNoAndTheRendererIsTold()
    {
        var renderer = ScriptedPrompt.Patient();
        var desk = new ConsentDesk(renderer, time);
        using var session = new CancellationTokenSource();
        ValueTask<ConsentEvidence> asked = desk.AskAsync(ConsentSamples.Show(ConsentSamples.InUse with { InUse = InUseRule.AskThenAllow }), "ada", session.Token);
        await renderer.Shown;
        await session.CancelAsync();

        Assert.Equal((ConsentDecision.Refuse, ConsentHow.Withdrawn), Outcome(await asked));
        Assert.True(renderer.Token.IsCancellationRequested);
        Assert.Equal((ConsentDecision.Refuse, ConsentHow.Withdrawn), Outcome(await desk.AskAsync(ConsentSamples.Show(ConsentSamples.Attended), "ada", session.Token)));
        Assert.Equal(1, renderer.Times);
    }

    [Fact]
    public async Task PromptOpen_IsTold_BeforeAnythingIsShownAndAfterItIsGone()
    {
        var renderer = new ScriptedPrompt();
        var desk = new ConsentDesk(renderer, time);
        List<string> heard = [];
        desk.PromptOpenChanged += (_, _) => heard.Add($"{desk.IsPromptOpen}, shown: {renderer.Shown.IsCompleted}");
        ValueTask<ConsentEvidence> asked = Ask(desk, ConsentSamples.Attended);
        Assert.True(desk.IsPromptOpen);
        await renderer.Shown;
        renderer.Press(ConsentDecision.Refuse);
        await asked;

        Assert.Equal(["True, shown: False", "False, shown: True"], heard);
    }

    [Fact]
    public async Task Ask_RemoteInputCannotBeSuspended_ShowsNothingAndIsNo()
    {
        var renderer = new ScriptedPrompt();
        var desk = new ConsentDesk(renderer, time);
        desk.PromptOpenChanged += (_, _) => throw new InvalidOperationException("cannot");

        Assert.Equal((ConsentDecision.Refuse, ConsentHow.RendererFailed), Outcome(await Ask(desk, ConsentSamples.Attended)));
        Assert.Equal(0, renderer.Times);
        Assert.False(desk.IsPromptOpen);
    }

    [Fact]
    public async Task Ask_RendererBlocksItsThread_DoesNotBlockTheDesk()
    {
        using var stuck = new ManualResetEventSlim();
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var renderer = new ScriptedPrompt(_ =>
        {
            entered.SetResult();
            stuck.Wait(CancellationToken.None);
            return Answer(ConsentDecision.Allow, ConsentHow.Pressed);
        });
        ValueTask<ConsentEvidence> asked = Ask(new ConsentDesk(renderer, time), ConsentSamples.Attended);
        await entered.Task;
        time.Advance(ConsentRequest.DefaultTimeout);
        await AdvanceUntil(() => asked.IsCompleted);
        stuck.Set();

        Assert.Equal(ConsentDecision.Refuse, (await asked).Answer.Decision);
    }

    private static ValueTask<ConsentEvidence> Ask(ConsentDesk desk, ConsentRequest request) => desk.AskAsync(ConsentSamples.Show(request), "ada", CancellationToken.None);

    private static Task<ConsentAnswer> Answer(ConsentDecision decision, ConsentHow how) => Task.FromResult(new ConsentAnswer(decision, how, default));

    private static (ConsentDecision, ConsentHow) Outcome(ConsentEvidence evidence) => (evidence.Answer.Decision, evidence.Answer.How);

    /// <summary>The grace begins on another thread; so time goes on until it is over.</summary>
    private async Task AdvanceUntil(Func<bool> condition)
    {
        while (!condition())
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }
}
