using System.Globalization;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>A prompt that is open on a display of its own, with a person at the outer server and programs at the inner one.</summary>
internal sealed class PromptScene : IAsyncDisposable
{
    private readonly PromptWindow window;

    private PromptScene(XServer outer, XServer inner, PromptWindow window)
    {
        Outer = outer;
        Inner = inner;
        this.window = window;
    }

    public XServer Outer { get; }

    public XServer Inner { get; }

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
        return ConsentPrompt.Create(made, CultureInfo.GetCultureInfo(language), TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));
    }

    /// <summary>Opens it, and waits until a person's answer would count.</summary>
    public static async Task<PromptScene> OpenAsync(string? windowManager = null)
    {
        Programs.Require("Xvfb", "Xephyr", "xdotool");
        XServer outer = await XServer.StartXvfbAsync(1280, 1000);
        XServer inner = await XServer.StartAsync("Xephyr", outer.Display, ["-screen", "1100x900", "-nolisten", "tcp", "-noreset"]);
        if (windowManager is not null) inner.Start(windowManager);
        PromptWindow window = new(Prompt(), new X11ConsentPromptOptions { Display = inner.Display });
        await window.StartAsync(CancellationToken.None);
        PromptScene scene = new(outer, inner, window);
        await scene.BecomesActive();
        return scene;
    }

    public Task BecomesActive() => Eventually.Is(() => State is { IsActive: true, HasKeyboard: true }, "the prompt is active");

    public Task PersonAsync(params string[] act) => Outer.RunAsync("xdotool", act);

    public Task ProgramAsync(params string[] act) => Inner.RunAsync("xdotool", act);

    /// <summary>Where the middle of a button is on the inner display.</summary>
    public (string X, string Y) Middle(PixelRect button) =>
        ((State.Area.X + button.X + (button.Width / 2)).ToString(CultureInfo.InvariantCulture), (State.Area.Y + button.Y + (button.Height / 2)).ToString(CultureInfo.InvariantCulture));

    public async ValueTask DisposeAsync()
    {
        await window.DisposeAsync();
        await Inner.DisposeAsync();
        await Outer.DisposeAsync();
    }
}
