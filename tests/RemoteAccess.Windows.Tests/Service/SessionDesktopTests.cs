using RemoteAccess.Picture;
using RemoteAccess.Sessions;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

public sealed class SessionDesktopTests : IAsyncDisposable
{
    private readonly HelperHome home = new();
    private readonly SessionDesktop desktop;

    private readonly System.Collections.Concurrent.ConcurrentQueue<Interop.ISessionProcess> attentions = new();

    public SessionDesktopTests() => desktop = new SessionDesktop(home, new WindowsPower(null, static (_, _) => 0, static () => 0, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance), attentions.Enqueue, static () => 1, TimeProvider.System);

    public ValueTask DisposeAsync() => desktop.DisposeAsync();

    [Fact]
    public async Task Capture_OfRandomChangesAndSizes_IsThePictureAndItsDamage()
    {
        await using HelperInMemory helper = await HelperInMemory.StartAsync(home);
        await using IScreenCapture capture = await desktop.OpenCaptureAsync(TestPermit.ForView(), default);
        Random random = new(20261128);
        uint[] pixels = [], before = [];
        ScreenLayout layout = DrawnFrame.LayoutOf(1, 1);
        CursorShape shape = new(new PixelSize(2, 1), 1, 0, new byte[] { 1, 2, 3, 255, 200, 9, 9, 100 });
        for (int step = 0; step < 60; step++)
        {
            bool isNew = step % 20 == 0;
            if (isNew) layout = DrawnFrame.LayoutOf(random.Next(5, 90), random.Next(5, 70));
            PixelSize size = layout.Size;
            if (isNew) pixels = new uint[size.Area];
            PixelRect area = isNew ? new PixelRect(0, 0, size.Width, size.Height) : new PixelRect(random.Next(size.Width), random.Next(size.Height), random.Next(1, 9), random.Next(1, 9)).Intersect(new PixelRect(0, 0, size.Width, size.Height));
            for (int y = area.Y; y < area.Bottom; y++)
            {
                // The unused byte is set, as a helper of another mind may have it.
                for (int x = area.X; x < area.Right; x++) pixels[(y * size.Width) + x] = (uint)random.NextInt64() | 0xff000000;
            }
            ScreenMove[] moves = [.. Enumerable.Range(0, step % 4).Select(i => new ScreenMove(area, i - 9, step))];
            helper.Session.Frames.Writer.TryWrite(new DrawnFrame([.. pixels], layout, [area], new CursorState(step, 3, step % 3 == 0 ? null : shape)) { Told = moves });

            using ScreenFrame frame = await capture.CaptureAsync(default).AsTask().WaitAsync(Eventually.Limit);

            uint[] seen = FramePixels.Copy(frame);
            Assert.Equal([.. pixels.Select(static pixel => pixel & 0xffffff)], seen);
            Assert.Equal(layout.Monitors, frame.Layout.Monitors);
            Assert.Equal(moves, frame.Moves.ToArray());
            if (!isNew) Assert.Equal(0, FramePixels.CountOutside(before, seen, size.Width, frame.Damage));
            Assert.Equal(isNew, frame.Damage.Contains(new PixelRect(0, 0, size.Width, size.Height)));
            Assert.Equal((step, 3), (frame.Cursor.X, frame.Cursor.Y));
            // Premultiplied: the colour above its alpha is cut down to it.
            if (step % 3 != 0) Assert.Equal(new byte[] { 1, 2, 3, 255, 100, 9, 9, 100 }, frame.Cursor.Shape!.Pixels.ToArray());
            else Assert.Null(frame.Cursor.Shape);
            before = seen;
        }
    }

    [Fact]
    public async Task Capture_WhileHelpersChange_IsBlackOnceAndThenWhole()
    {
        await using IScreenCapture capture = await desktop.OpenCaptureAsync(TestPermit.ForView(), default);
        using (ScreenFrame none = await capture.CaptureAsync(default)) Assert.All(FramePixels.Copy(none), static pixel => Assert.Equal(0u, pixel));
        ScreenLayout layout = DrawnFrame.LayoutOf(20, 10);
        PixelRect all = new(0, 0, 20, 10);
        uint[] red = [.. Enumerable.Repeat(0xff0000u, 200)];
        for (int life = 0; life < 3; life++)
        {
            Task<ScreenFrame> waiting = capture.CaptureAsync(default).AsTask();
            Assert.False(waiting.IsCompleted);
            HelperInMemory helper = await HelperInMemory.StartAsync(home);
            // A helper that says nothing changed: after black, all has.
            helper.Session.Frames.Writer.TryWrite(new DrawnFrame(red, layout, []));
            using (ScreenFrame frame = await waiting.WaitAsync(Eventually.Limit))
            {
                Assert.Equal(red, FramePixels.Copy(frame));
                Assert.Contains(all, frame.Damage.ToArray());
            }
            Task<ScreenFrame> next = capture.CaptureAsync(default).AsTask();
            home.Set(null);
            await helper.DisposeAsync();
            using ScreenFrame black = await next.WaitAsync(Eventually.Limit);
            Assert.Equal(layout.Size, black.Size);
            Assert.All(FramePixels.Copy(black), static pixel => Assert.Equal(0u, pixel));
            Assert.Contains(all, black.Damage.ToArray());
        }
    }

    /// <summary>Nobody asked for a frame while one went and the other came: what the first showed must not stay under what the second says has changed.</summary>
    [Fact]
    public async Task Capture_OfAnotherHelperWithNoBlackBetween_IsWholeAllTheSame()
    {
        ScreenLayout layout = DrawnFrame.LayoutOf(20, 10);
        await using IScreenCapture capture = await desktop.OpenCaptureAsync(TestPermit.ForView(), default);
        await using (HelperInMemory first = await HelperInMemory.StartAsync(home))
        {
            first.Session.Frames.Writer.TryWrite(new DrawnFrame([.. Enumerable.Repeat(0xff0000u, 200)], layout, []));
            using ScreenFrame red = await capture.CaptureAsync(default).AsTask().WaitAsync(Eventually.Limit);
        }
        await using HelperInMemory second = await HelperInMemory.StartAsync(home);
        uint[] blue = [.. Enumerable.Repeat(0x0000ffu, 200)];
        second.Session.Frames.Writer.TryWrite(new DrawnFrame(blue, layout, [new PixelRect(3, 3, 1, 1)]));

        using ScreenFrame frame = await capture.CaptureAsync(default).AsTask().WaitAsync(Eventually.Limit);

        Assert.Equal(blue, FramePixels.Copy(frame));
        Assert.Contains(new PixelRect(0, 0, 20, 10), frame.Damage.ToArray());
    }

    [Fact]
    public async Task Capture_ThatTheHelperCannotDo_IsBlackAndTriedAgain()
    {
        await using HelperInMemory helper = await HelperInMemory.StartAsync(home, new FakeSession { RefusesCapture = true });
        await using IScreenCapture capture = await desktop.OpenCaptureAsync(TestPermit.ForView(), default);
        using (ScreenFrame black = await capture.CaptureAsync(default).AsTask().WaitAsync(Eventually.Limit)) Assert.All(FramePixels.Copy(black), static pixel => Assert.Equal(0u, pixel));

        helper.Session.RefusesCapture = false;
        helper.Session.Frames.Writer.TryWrite(new DrawnFrame([7, 8], DrawnFrame.LayoutOf(2, 1), []));

        using ScreenFrame frame = await capture.CaptureAsync(default).AsTask().WaitAsync(Eventually.Limit);
        Assert.Equal([7u, 8u], FramePixels.Copy(frame));
    }

    [Fact]
    public async Task Capture_WithdrawnWhileWaiting_IsRefusedAtOnce()
    {
        await using HelperInMemory helper = await HelperInMemory.StartAsync(home);
        using TestPermit permit = new(Operations.ViewScreen);
        await using IScreenCapture capture = await desktop.OpenCaptureAsync(permit.Permit, default);
        Task<ScreenFrame> waiting = capture.CaptureAsync(default).AsTask();
        await Eventually.Is(() => helper.Session.OpenCaptures == 1, "the helper captures");

        permit.Withdraw();

        await Assert.ThrowsAsync<AccessRefusedException>(() => waiting.WaitAsync(Eventually.Limit));
        await Eventually.Is(() => helper.Session.OpenCaptures == 0, "the helper captures no more");
        await Assert.ThrowsAsync<AccessRefusedException>(() => capture.CaptureAsync(default).AsTask());
    }

    [Fact]
    public async Task Open_WithThePermitOfSomethingElse_IsRefused()
    {
        await using HelperInMemory helper = await HelperInMemory.StartAsync(home);

        await Assert.ThrowsAsync<ArgumentException>(() => desktop.OpenCaptureAsync(TestPermit.ForInput(), default).AsTask());
        await Assert.ThrowsAsync<ArgumentException>(() => desktop.OpenInputAsync(TestPermit.ForView(), default).AsTask());

        Assert.Equal(0, helper.Session.OpenInputs);
    }

    [Fact]
    public async Task Capture_Cancelled_LosesNoFrame()
    {
        await using HelperInMemory helper = await HelperInMemory.StartAsync(home);
        await using IScreenCapture capture = await desktop.OpenCaptureAsync(TestPermit.ForView(), default);
        using CancellationTokenSource cancel = new();
        Task<ScreenFrame> waiting = capture.CaptureAsync(cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        helper.Session.Frames.Writer.TryWrite(new DrawnFrame([1, 2], DrawnFrame.LayoutOf(2, 1), []));

        using ScreenFrame frame = await capture.CaptureAsync(default).AsTask().WaitAsync(Eventually.Limit);
        Assert.Equal([1u, 2u], FramePixels.Copy(frame));
    }

    [Fact]
    public async Task Input_OfOneSession_ArrivesInOrderAndIsReleasedWithThePermit()
    {
        await using HelperInMemory helper = await HelperInMemory.StartAsync(home);
        using TestPermit permit = new(Operations.ControlInput);
        await using IInputInjector input = await desktop.OpenInputAsync(permit.Permit, default);
        InputEvent[] acts = [InputEvent.PointerMove(-3, 7), InputEvent.Button(MouseButton.Back, true), InputEvent.Wheel(-120, 240), InputEvent.Key(0xffe1, true), InputEvent.Text(new System.Text.Rune(0x1F642))];
        foreach (InputEvent act in acts) await input.InjectAsync(act, default).AsTask().WaitAsync(Eventually.Limit);
        Assert.Equal(acts, helper.Session.Injected);
        Assert.Equal(1, helper.Session.OpenInputs);

        permit.Withdraw();

        await Eventually.Is(() => helper.Session.OpenInputs == 0, "the helper's injector is disposed");
        await Assert.ThrowsAsync<AccessRefusedException>(() => input.InjectAsync(acts[0], default).AsTask());
    }

    [Theory]
    [InlineData(Keysym.Delete, true)]
    [InlineData(0xff9fu, true)]
    [InlineData((uint)'x', false)]
    public async Task Input_ThatIsControlAltDelete_IsMadeByTheServiceOnceForThePress(uint key, bool isMade)
    {
        await using HelperInMemory helper = await HelperInMemory.StartAsync(home, new FakeSession { AsksForAttention = true });
        await using IInputInjector input = await desktop.OpenInputAsync(TestPermit.ForInput(), default);
        Task act = input.InjectAsync(InputEvent.Key(key, isDown: true), default).AsTask();

        if (isMade)
        {
            await act.WaitAsync(Eventually.Limit);
            Assert.Same(helper.Process, Assert.Single(attentions));
        }
        else
        {
            // A helper that asks for it at another key lies, and is over.
            await Assert.ThrowsAsync<DesktopException>(() => act.WaitAsync(Eventually.Limit));
            Assert.Empty(attentions);
        }
    }

    [Fact]
    public async Task Input_OfAHelperThatAsksForControlAltDeleteTwice_IsMadeOnceAndTheHelperIsOver()
    {
        (Stream service, Stream far) = Duplex.Pair();
        using FakeProcess process = new();
        await using HelperLink link = new(service, process, TimeProvider.System);
        Task<string> serving = link.RunAsync(() => home.Set(link), default);
        await far.WriteAsync(new MessageWriter(HelperWord.Hello, 0).Int(WireLimits.Version).Finish());
        await Eventually.Is(() => home.Current == link, "the greeting is heard");
        Task<IInputInjector> opening = desktop.OpenInputAsync(TestPermit.ForInput(), default).AsTask();
        await far.WriteAsync(new MessageWriter(HelperWord.Done, 1).Finish());
        await using IInputInjector input = await opening.WaitAsync(Eventually.Limit);
        Task act = input.InjectAsync(InputEvent.Key(Keysym.Delete, isDown: true), default).AsTask();

        for (int i = 0; i < 2; i++) await far.WriteAsync(new MessageWriter(HelperWord.Attention, 1).Finish());

        Assert.Contains("protocol", await serving.WaitAsync(Eventually.Limit), StringComparison.Ordinal);
        Assert.Same(process, Assert.Single(attentions));
        await Assert.ThrowsAsync<DesktopException>(() => act.WaitAsync(Eventually.Limit));
    }

    [Fact]
    public async Task Input_WithoutAHelper_IsRefusedAndPossibleWithTheNext()
    {
        await Assert.ThrowsAsync<DesktopException>(() => desktop.OpenInputAsync(TestPermit.ForInput(), default).AsTask());
        HelperInMemory first = await HelperInMemory.StartAsync(home);
        await using (IInputInjector input = await desktop.OpenInputAsync(TestPermit.ForInput(), default))
        {
            await first.DisposeAsync();
            await Assert.ThrowsAsync<DesktopException>(() => input.InjectAsync(InputEvent.PointerMove(1, 1), default).AsTask());
        }

        await using HelperInMemory second = await HelperInMemory.StartAsync(home);
        await using IInputInjector again = await desktop.OpenInputAsync(TestPermit.ForInput(), default);
        await again.InjectAsync(InputEvent.PointerMove(2, 2), default);

        Assert.Equal([InputEvent.PointerMove(2, 2)], second.Session.Injected);
    }

    [Fact]
    public async Task Input_HeldWhenTheHelperWasKilled_IsLetGoByTheNext()
    {
        HelperInMemory first = await HelperInMemory.StartAsync(home);
        IInputInjector input = await desktop.OpenInputAsync(TestPermit.ForInput(), default);
        foreach (InputEvent act in (InputEvent[])[InputEvent.Key(0xffe3, true), InputEvent.Key('x', true), InputEvent.Button(MouseButton.Left, true), InputEvent.Key(0xffe1, true), InputEvent.Key(0xffe1, false)]) await input.InjectAsync(act, default);
        await first.DisposeAsync();
        await input.DisposeAsync();

        await using HelperInMemory second = await HelperInMemory.StartAsync(home);
        await HelperHeld.ReleaseAsync(second.Link, desktop.Held.Take(first.Link), default).WaitAsync(Eventually.Limit);

        Assert.Equal([InputEvent.Key(0xffe3, true), InputEvent.Key(0xffe3, false), InputEvent.Button(MouseButton.Left, false)], second.Session.Injected);
        Assert.Empty(desktop.Held.Take(first.Link));
    }

    [Fact]
    public async Task IdleTime_IsTheHelpersAndZeroWithoutOne()
    {
        Assert.Equal(TimeSpan.Zero, desktop.PhysicalIdleTime);
        await using HelperInMemory helper = await HelperInMemory.StartAsync(home);
        await Eventually.Is(() => desktop.PhysicalIdleTime == TimeSpan.FromSeconds(42), "the helper tells the idle time");
        home.Set(null);
        Assert.Equal(TimeSpan.Zero, desktop.PhysicalIdleTime);
    }

    [Theory]
    [InlineData(ConsentDecision.Allow)]
    [InlineData(ConsentDecision.Refuse)]
    public async Task Prompt_AnsweredInTheSession_IsThatAnswerToTheSameWords(ConsentDecision decision)
    {
        AnsweringPrompt shown = new(decision);
        await using HelperInMemory helper = await HelperInMemory.StartAsync(home, new FakeSession { Prompt = shown });
        ConsentPrompt prompt = ConsentPrompt.Create(PromptScene.Request with { Hours = new WeeklyHours("Europe/Berlin", [new HoursWindow([DayOfWeek.Monday, DayOfWeek.Friday], 480, 1020)]) }, System.Globalization.CultureInfo.GetCultureInfo("de-DE"), TimeZoneInfo.Local);

        ConsentAnswer answer = await new SessionConsentPrompt(home, TimeProvider.System).AskAsync(prompt, default).AsTask().WaitAsync(Eventually.Limit);

        Assert.Equal((decision, ConsentHow.Pressed), (answer.Decision, answer.How));
        Assert.Equal(prompt.Text, Assert.Single(shown.Asked).Text);
    }

    /// <summary>Both ends hold to it: the helper that says yes for nobody, and the service that is told so.</summary>
    [Fact]
    public async Task Prompt_AllowedByNobodysPress_IsNoYes()
    {
        ConsentPrompt question = ConsentPrompt.Create(PromptScene.Request, System.Globalization.CultureInfo.InvariantCulture, TimeZoneInfo.Local);
        await using (HelperInMemory helper = await HelperInMemory.StartAsync(home, new FakeSession { Prompt = new AnsweringPrompt(ConsentDecision.Allow) { How = ConsentHow.Closed } }))
        {
            ConsentAnswer answer = await new SessionConsentPrompt(home, TimeProvider.System).AskAsync(question, default).AsTask().WaitAsync(Eventually.Limit);
            Assert.Equal((ConsentDecision.Refuse, ConsentHow.Closed), (answer.Decision, answer.How));
        }

        (Stream service, Stream far) = Duplex.Pair();
        using FakeProcess process = new();
        await using HelperLink link = new(service, process, TimeProvider.System);
        Task<string> serving = link.RunAsync(() => home.Set(link), default);
        await far.WriteAsync(new MessageWriter(HelperWord.Hello, 0).Int(WireLimits.Version).Finish());
        await Eventually.Is(() => home.Current == link, "the greeting is heard");
        Task<ConsentAnswer> asking = new SessionConsentPrompt(home, TimeProvider.System).AskAsync(question, default).AsTask();
        await far.WriteAsync(new MessageWriter(HelperWord.Answer, 1).Flag(true).Flag(false).Finish());

        Assert.Contains("nobody pressed", await serving.WaitAsync(Eventually.Limit), StringComparison.Ordinal);
        await Assert.ThrowsAsync<DesktopException>(() => asking.WaitAsync(Eventually.Limit));
    }

    [Fact]
    public async Task Prompt_WithoutAHelperOrWithOneThatGoes_IsAnsweredByNobody()
    {
        SessionConsentPrompt prompt = new(home, TimeProvider.System);
        ConsentPrompt question = ConsentPrompt.Create(PromptScene.Request, System.Globalization.CultureInfo.InvariantCulture, TimeZoneInfo.Local);
        await Assert.ThrowsAsync<DesktopException>(() => prompt.AskAsync(question, default).AsTask());
        HelperInMemory helper = await HelperInMemory.StartAsync(home, new FakeSession { Prompt = new AnsweringPrompt(null) });
        Task<ConsentAnswer> asking = prompt.AskAsync(question, default).AsTask();

        await helper.DisposeAsync();

        await Assert.ThrowsAsync<DesktopException>(() => asking.WaitAsync(Eventually.Limit));
    }
}
