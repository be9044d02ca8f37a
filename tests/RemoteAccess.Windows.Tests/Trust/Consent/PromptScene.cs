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

    /// <summary>Opens it, and waits until a person's answer would count.</summary>
    public static async Task<PromptScene> OpenAsync(ConsentPrompt? prompt = null, WindowsConsentPromptOptions? options = null)
    {
        PromptWindow window = new(prompt ?? Prompt(), options ?? new WindowsConsentPromptOptions());
        await window.StartAsync(CancellationToken.None);
        PromptScene scene = new(window);
        await scene.BecomesActive();
        return scene;
    }

    public Task BecomesActive() => Eventually.Is(() => State is { IsActive: true }, "the prompt is active");

    /// <summary>Where the middle of a button is on the screen.</summary>
    public (int X, int Y) Middle(PixelRect button) => (State.Area.X + button.X + (button.Width / 2), State.Area.Y + button.Y + (button.Height / 2));

    public ValueTask DisposeAsync() => window.DisposeAsync();
}
