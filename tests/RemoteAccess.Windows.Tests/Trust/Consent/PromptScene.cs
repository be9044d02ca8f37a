using System.Globalization;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>A prompt that is open on the desktop, with a person at the X server below it.</summary>
internal sealed class PromptScene : IAsyncDisposable
{
    private readonly PromptWindow window;

    private PromptScene(PromptWindow window) => this.window = window;

    public PromptState State => window.State;

    public Task<ConsentAnswer> Answer => window.Answer;

    public AutomationWindow Automation => window.Automation;

    public static ConsentRequest Request { get; } = new()
    {
        Kind = ConsentKind.UnattendedGrant,
        Operations = Operations.ViewScreen | Operations.ControlInput | Operations.TransferFiles,
        TechnicianName = "Grace Hopper",
        Organisation = "Contoso IT",
        IsVerified = true,
        Nickname = "Contoso:Front desk:Ada",
        Until = new DateTimeOffset(2026, 12, 31, 22, 59, 0, TimeSpan.Zero),
        Reason = "Updates of the booking system at night",
    };

    public static ConsentPrompt Prompt(string language = "en-GB", string request = "usual", TimeSpan? timeout = null)
    {
        ConsentRequest made = Request with { Timeout = timeout ?? ConsentRequest.DefaultTimeout, IsVerified = request == "usual" };
        if (request == "long") made = made with { Operations = Operations.All, TechnicianName = new string('W', 255), Reason = string.Concat(Enumerable.Repeat("why not? ", 60)).Trim() };
        return ConsentPrompt.Create(made, CultureInfo.GetCultureInfo(language), TimeZoneInfo.Utc);
    }

    /// <summary>Opens it, and waits until a person's answer would count. Skips where a test has no hand that is a person's.</summary>
    public static async Task<PromptScene> OpenAsync(ConsentPrompt? prompt = null, WindowsConsentPromptOptions? options = null)
    {
        Wine.Require();
        PromptWindow window = new(prompt ?? Prompt(), options ?? new WindowsConsentPromptOptions());
        await window.StartAsync(CancellationToken.None);
        PromptScene scene = new(window);
        await scene.BecomesActive();
        return scene;
    }

    /// <summary>With a clock of its own, that the test moves.</summary>
    public static async Task<PromptScene> OpenAsync(FakeTime time)
    {
        Wine.Require();
        PromptWindow window = new(Prompt(), new WindowsConsentPromptOptions { TimeProvider = time });
        await window.StartAsync(CancellationToken.None);
        return new PromptScene(window);
    }

    public Task BecomesActive() => Eventually.Is(() => State is { IsActive: true, TakesKeys: true }, "the prompt is active");

    /// <summary>Moves the clock until answers count.</summary>
    public Task SettlesAsync(FakeTime time) => Eventually.Is(() =>
    {
        time.Advance(TimeSpan.FromMilliseconds(50));
        return State is { IsActive: true, TakesKeys: true };
    }, "the prompt is active");

    /// <summary>What the person does: arguments of xdotool, whose input Wine takes for a device's.</summary>
    public static Task PersonAsync(params string[] act) => XSide.RunAsync("xdotool", act);

    /// <summary>The person presses keys, the mouse resting in a corner of the prompt: without a window manager, X gives keys to the window below it.</summary>
    public async Task PersonTypesAsync(params string[] keys)
    {
        await PersonRestsAsync();
        await PersonAsync([.. keys.SelectMany(key => new[] { "key", key })]);
    }

    /// <summary>The person goes to a button and clicks.</summary>
    public async Task PersonClicksAsync(PixelRect button)
    {
        await PersonGoesToAsync(button);
        await PersonAsync("click", "1");
    }

    /// <summary>The person's mouse comes from elsewhere to a button. Wine joins motions that follow each other at once.</summary>
    public async Task PersonGoesToAsync(PixelRect button)
    {
        await PersonRestsAsync();
        await PersonMovesToAsync(Middle(button));
    }

    public Task PersonRestsAsync() => PersonMovesToAsync((State.Area.X + 9, State.Area.Bottom - 9));

    /// <summary>The person presses Tab, which is judged after everything before it.</summary>
    public async Task PersonMovesTheFocusAsync()
    {
        ConsentDecision before = State.Focus;
        await PersonTypesAsync("Tab");
        await Eventually.Is(() => State.Focus != before, "the person's key has come");
    }

    private async Task PersonMovesToAsync((int X, int Y) place)
    {
        await PersonAsync("mousemove", Number(place.X), Number(place.Y));
        await Eventually.Is(() => State.Pointer == place, "the pointer is there");
    }

    public async Task<(ConsentDecision, ConsentHow)> OutcomeAsync()
    {
        ConsentAnswer answer = await Answer.WaitAsync(Eventually.Limit);
        return (answer.Decision, answer.How);
    }

    public static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Where the middle of a button is on the screen.</summary>
    public (int X, int Y) Middle(PixelRect button) => (State.Area.X + button.X + (button.Width / 2), State.Area.Y + button.Y + (button.Height / 2));

    public ValueTask DisposeAsync() => window.DisposeAsync();
}
