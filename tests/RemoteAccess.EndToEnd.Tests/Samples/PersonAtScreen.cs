using System.Runtime.Versioning;

namespace RemoteAccess.Tests;

/// <summary>
/// A person before a screen: what the outer X server sends to the inner one is theirs, and what is injected into the inner one is a program's.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class PersonAtScreen : IAsyncDisposable
{
    private readonly XServer outer;

    private PersonAtScreen(XServer outer, XServer screen)
    {
        this.outer = outer;
        Screen = screen;
    }

    public XServer Screen { get; }

    public static async Task<PersonAtScreen> SitDownAsync()
    {
        Programs.Require("Xvfb", "Xephyr", "xdotool", "xwd");
        XServer outer = await XServer.StartXvfbAsync(1100, 850);
        return new PersonAtScreen(outer, await XServer.StartAsync("Xephyr", outer.Display, ["-screen", "1100x850", "-nolisten", "tcp", "-noreset"]));
    }

    public async Task MoveMouseAsync() => await outer.RunAsync("xdotool", "mousemove", "30", "40", "mousemove", "60", "70");

    public async Task<uint[]> LookAsync() => (await Screen.DumpAsync()).Pixels;

    public async Task<uint[]> ChangedAsync(uint[] before)
    {
        CancellationToken limit = Helpdesk.Limit();
        while (true)
        {
            uint[] now = await LookAsync();
            if (!now.AsSpan().SequenceEqual(before)) return now;
            limit.ThrowIfCancellationRequested();
        }
    }

    /// <summary>
    /// Waits for a question. Its second left has changed since: more time has passed than a click meant for something else would take. The second change may be the question that is drawn after its window
    /// is there; the third is a second's.
    /// </summary>
    public async Task ReadQuestionAsync(uint[] before) => await ChangedAsync(await ChangedAsync(await ChangedAsync(before)));

    public Task ActAsync(params string[] act) => outer.RunAsync("xdotool", act);

    /// <summary>From "refuse", which has the focus, to "allow".</summary>
    public async Task AllowAsync()
    {
        await outer.RunAsync("xdotool", "key", "Tab");
        await outer.RunAsync("xdotool", "key", "Return");
    }

    public async ValueTask DisposeAsync()
    {
        await Screen.DisposeAsync();
        await outer.DisposeAsync();
    }
}
