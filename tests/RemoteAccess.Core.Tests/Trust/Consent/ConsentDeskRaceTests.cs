using RemoteAccess.Trust;

namespace RemoteAccess.Tests.Trust;

/// <summary>Moments at which two things happen to a prompt at once; each is brought about, none is waited for.</summary>
public sealed class ConsentDeskRaceTests
{
    private readonly FakeTime time = new();

    [Fact]
    public async Task Ask_WhileTheEndOfAnotherIsStillBeingTold_IsBusy()
    {
        var renderer = new ScriptedPrompt(_ => Pressed(ConsentDecision.Refuse));
        var desk = new ConsentDesk(renderer, time);
        List<bool> heard = [];
        Task<ConsentEvidence>? second = null;
        bool isInputSuspended = false;
        desk.PromptOpenChanged += (_, _) =>
        {
            bool isOpen = desk.IsPromptOpen;
            heard.Add(isOpen);
            // A handler that was overtaken between reading the state and acting on it: it would resume input under a second prompt.
            if (!isOpen && second is null) second = Ask(desk, ConsentSamples.Attended).AsTask();
            isInputSuspended = isOpen;
        };
        await Ask(desk, ConsentSamples.Attended);

        Assert.NotNull(second);
        Assert.Equal((ConsentDecision.Refuse, ConsentHow.Busy), Outcome(await second));
        Assert.Equal([true, false], heard);
        Assert.False(isInputSuspended);
        Assert.Equal(1, renderer.Times);
        Assert.Equal((ConsentDecision.Refuse, ConsentHow.Pressed), Outcome(await Ask(desk, ConsentSamples.Attended)));
    }

    [Fact]
    public async Task Ask_YesWhileTheRequestIsBeingTakenBack_IsNo()
    {
        var renderer = new ScriptedPrompt();
        using var session = new CancellationTokenSource();
        Task<ConsentEvidence> asked = new ConsentDesk(renderer, time).AskAsync(ConsentSamples.Show(ConsentSamples.Attended), "ada", session.Token).AsTask();
        await renderer.Shown;
        // Runs before the desk's own: what was registered last is called first. So the desk sees the yes and has not been told of the end.
        using CancellationTokenRegistration first = session.Token.Register(() =>
        {
            renderer.Press(ConsentDecision.Allow);
            asked.Wait(CancellationToken.None);
        });
        await session.CancelAsync();

        Assert.Equal((ConsentDecision.Refuse, ConsentHow.Withdrawn), Outcome(await asked));
    }

    [Fact]
    public async Task Ask_YesAfterTheTimeWithItsTimerStillToCome_IsNo()
    {
        var slow = new LateTimers(time);
        var renderer = new ScriptedPrompt();
        ValueTask<ConsentEvidence> asked = Ask(new ConsentDesk(renderer, slow), ConsentSamples.Attended);
        await renderer.Shown;
        // As after a computer's sleep: the time has passed, and no timer has fired.
        time.Advance(ConsentRequest.DefaultTimeout);
        renderer.Press(ConsentDecision.Allow);

        Assert.Equal((ConsentDecision.Refuse, ConsentHow.TimedOut), Outcome(await asked));
    }

    public static TheoryData<string> LateNonsense => ["null", "unknown decision", "claims a failure", "claims to be busy", "claims a time-out", "throws"];

    [Theory]
    [MemberData(nameof(LateNonsense))]
    public async Task Ask_NonsenseAfterTheTimeWhereSilenceIsYes_IsNo(string nonsense)
    {
        var renderer = new ScriptedPrompt(async end =>
        {
            await Told(end);
            return nonsense switch
            {
                "null" => null!,
                "unknown decision" => new ConsentAnswer((ConsentDecision)7, ConsentHow.Pressed, default),
                "claims a failure" => new ConsentAnswer(ConsentDecision.Allow, ConsentHow.RendererFailed, default),
                "claims to be busy" => new ConsentAnswer(ConsentDecision.Allow, ConsentHow.Busy, default),
                "claims a time-out" => new ConsentAnswer(ConsentDecision.Allow, ConsentHow.TimedOut, default),
                _ => throw new IOException("gone"),
            };
        });
        ValueTask<ConsentEvidence> asked = Ask(new ConsentDesk(renderer, time), ConsentSamples.InUse with { InUse = InUseRule.AskThenAllow });
        await renderer.Shown;
        time.Advance(ConsentRequest.DefaultTimeout);

        Assert.Equal((ConsentDecision.Refuse, ConsentHow.RendererFailed), Outcome(await asked));
    }

    [Theory]
    [InlineData(ConsentDecision.Allow, ConsentHow.Pressed, ConsentDecision.Allow, ConsentHow.TimedOut)]
    [InlineData(ConsentDecision.Refuse, ConsentHow.Pressed, ConsentDecision.Refuse, ConsentHow.Pressed)]
    [InlineData(ConsentDecision.Allow, ConsentHow.Closed, ConsentDecision.Refuse, ConsentHow.Closed)]
    public async Task Ask_AnswerAfterTheTimeWhereSilenceIsYes_IsTheDefaultOrANo(ConsentDecision late, ConsentHow how, ConsentDecision expected, ConsentHow came)
    {
        var renderer = new ScriptedPrompt(async end =>
        {
            await Told(end);
            return new ConsentAnswer(late, how, default);
        });
        ValueTask<ConsentEvidence> asked = Ask(new ConsentDesk(renderer, time), ConsentSamples.InUse with { InUse = InUseRule.AskThenAllow });
        await renderer.Shown;
        time.Advance(ConsentRequest.DefaultTimeout);

        Assert.Equal((expected, came), Outcome(await asked));
    }

    [Fact]
    public async Task PromptOpenChanged_HandlerThrowsAtTheEnd_TheOthersHearItAndTheAnswerStands()
    {
        var desk = new ConsentDesk(new ScriptedPrompt(_ => Pressed(ConsentDecision.Allow)), time);
        List<bool> heard = [];
        desk.PromptOpenChanged += (_, _) => { if (!desk.IsPromptOpen) throw new InvalidOperationException("cannot"); };
        desk.PromptOpenChanged += (_, _) => heard.Add(desk.IsPromptOpen);

        Assert.Equal((ConsentDecision.Allow, ConsentHow.Pressed), Outcome(await Ask(desk, ConsentSamples.Attended)));
        Assert.Equal([true, false], heard);
        Assert.False(desk.IsPromptOpen);
    }

    [Fact]
    public async Task Ask_RendererThrowsWhileItIsToldToEnd_HasNoSayInTheAnswer()
    {
        var renderer = new ScriptedPrompt(async end =>
        {
            using CancellationTokenRegistration broken = end.Register(() => throw new InvalidOperationException("cannot end"));
            await Told(end);
            throw new OperationCanceledException(end);
        });
        ValueTask<ConsentEvidence> asked = Ask(new ConsentDesk(renderer, time), ConsentSamples.Attended);
        await renderer.Shown;
        time.Advance(ConsentRequest.DefaultTimeout);

        Assert.Equal((ConsentDecision.Refuse, ConsentHow.TimedOut), Outcome(await asked));
    }

    [Fact]
    public void Desk_WithoutRendererPromptOrName_Throws()
    {
        Assert.Throws<ArgumentNullException>(() => new ConsentDesk(null!));
        var desk = new ConsentDesk(new ScriptedPrompt(), time);
        Assert.Throws<ArgumentNullException>(() => { _ = desk.AskAsync(null!, "ada", CancellationToken.None).AsTask().GetAwaiter().GetResult(); });
        Assert.Throws<ArgumentException>(() => { _ = desk.AskAsync(ConsentSamples.Show(ConsentSamples.Attended), "\a", CancellationToken.None).AsTask().GetAwaiter().GetResult(); });
        Assert.False(desk.IsPromptOpen);
    }

    private static async Task Told(CancellationToken end)
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration = end.Register(told.SetResult);
        await told.Task;
    }

    private static ValueTask<ConsentEvidence> Ask(ConsentDesk desk, ConsentRequest request) => desk.AskAsync(ConsentSamples.Show(request), "ada", CancellationToken.None);

    private static Task<ConsentAnswer> Pressed(ConsentDecision decision) => Task.FromResult(new ConsentAnswer(decision, ConsentHow.Pressed, default));

    private static (ConsentDecision, ConsentHow) Outcome(ConsentEvidence evidence) => (evidence.Answer.Decision, evidence.Answer.How);

    /// <summary>A clock that is right and whose timers do not come.</summary>
    private sealed class LateTimers(FakeTime clock) : TimeProvider
    {
        public override long TimestampFrequency => clock.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

        public override long GetTimestamp() => clock.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => clock.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, period);
    }
}
