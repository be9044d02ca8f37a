namespace RemoteAccess.Trust;

/// <summary>What a prompt's window looks like from outside; for tests.</summary>
internal sealed record PromptState(nint Window, PixelRect Area, PixelRect Refuse, PixelRect Allow, ConsentDecision Focus, bool IsActive, bool TakesKeys,
    (int X, int Y) Pointer, long Counted, long Ignored);

/// <summary>The window of one prompt.</summary>
internal sealed class PromptWindow(ConsentPrompt prompt, WindowsConsentPromptOptions options) : PersonsWindow("RemoteAccess prompt", options)
{
    private readonly TaskCompletionSource<ConsentAnswer> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Palette colours = Palette.Normal;
    private Lettering? fonts;
    private PromptLayout? layout;
    private PromptPainter? painter;
    private long shownAt;
    private (ConsentDecision Focus, bool IsActive, string Countdown) drawn;
    private PromptState? state;

    /// <summary>The person's answer; cancelled when the prompt was taken back, failed when it cannot be shown any more.</summary>
    public Task<ConsentAnswer> Answer => answer.Task;

    /// <summary>As it was a moment ago. Any thread.</summary>
    public PromptState State => Volatile.Read(ref state) ?? throw new InvalidOperationException("The window has not been shown.");

    protected override bool IsOver => answer.Task.IsCompleted;

    private PromptLayout Layout => layout ?? throw NotPrepared();

    private PromptPainter Painter => painter ?? throw NotPrepared();

    protected override PersonsWindowForm LayOut(Palette palette, PixelRect room, double scale)
    {
        colours = palette;
        (fonts, layout) = PromptLayout.Fit(prompt, palette, room, scale, at => new Lettering(prompt.Culture, at));
        return new PersonsWindowForm(prompt.Title, Layout.Width, Layout.Height, Layout.Allow, Layout.Refuse);
    }

    protected override void Begin(nint handle)
    {
        painter = new PromptPainter(new Canvas(handle, Layout.Width, Layout.Height), Layout, colours, fonts ?? throw NotPrepared());
        shownAt = Time.GetTimestamp();
    }

    protected override void ShowAgain() => Painter.Show();

    protected override void Update()
    {
        TimeSpan remaining = prompt.Request.Timeout - Time.GetElapsedTime(shownAt);
        var now = (Input.Focus, Input.IsActive, prompt.CountdownText(remaining));
        if (now != drawn) Painter.Draw(prompt, Input, remaining);
        drawn = now;
        Volatile.Write(ref state, new PromptState(Handle, Area, Layout.Refuse, Layout.Allow, Input.Focus, Input.IsActive, Devices.IsKeyboardSettled, Devices.Pointer, Devices.Counted, Devices.Ignored));
    }

    protected override (IReadOnlyList<ReadElement> Elements, string Focus) Describe() => (Readings.Of(prompt, Layout, drawn.IsActive, drawn.Countdown), Readings.Of(drawn.Focus));

    protected override void Decide(ConsentDecision decision) => answer.TrySetResult(new ConsentAnswer(decision, ConsentHow.Pressed, Time.GetUtcNow()));

    protected override void Close() => answer.TrySetResult(new ConsentAnswer(ConsentDecision.Refuse, ConsentHow.Closed, Time.GetUtcNow()));

    protected override void Fail(Exception error) => answer.TrySetException(error);

    protected override void CleanUp()
    {
        answer.TrySetCanceled();
        painter?.Dispose();
        fonts?.Dispose();
        base.CleanUp();
    }
}
