using System.Diagnostics;
using System.Globalization;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>What another program can do to the prompt: with injected input, messages, windows in front, UI Automation and MSAA, all mixed.</summary>
[Collection(OneDesktop.Name)]
public sealed class PromptForeignTests
{
    private const int Many = 10_000;

    [Fact]
    public async Task Prompt_TenThousandEventsOfAnotherProcess_StaysOpenUntilThePersonClicks()
    {
        await using PromptScene scene = await PromptScene.OpenAsync();
        // Only the press is missing.
        await scene.PersonGoesToAsync(scene.State.Allow);
        long counted = scene.State.Counted, ignored = scene.State.Ignored;

        Pranked done = await PranksProgram.PesterAsync(scene, Many);

        Assert.False(scene.Answer.IsCompleted, scene.Answer.IsCompleted ? $"{await scene.Answer}" : "");
        // All of it was done, and the prompt looked at what can reach it.
        Assert.True(done is { Injected: > 2400, Foreground: > 2400, Sent: > 2400, Posted: > 2400, Accessible: Many / 500 }, $"{done}");
        Assert.True(scene.State.Ignored - ignored > Many / 3, $"Only {scene.State.Ignored - ignored} events came at all: the program aims beside the prompt.");
        Assert.Equal(0, done.Patterns);
        Assert.Equal(counted, scene.State.Counted);
        await scene.BecomesActive();
        await scene.PersonMovesTheFocusAsync();
        Assert.False(scene.Answer.IsCompleted);
        await scene.PersonClicksAsync(scene.State.Allow);
        Assert.Equal((ConsentDecision.Allow, ConsentHow.Pressed), await scene.OutcomeAsync());
    }

    /// <summary>What ends any window ends this one, and that is a no.</summary>
    [Fact]
    public async Task Prompt_WhoseProgramIsToldToEnd_IsNo()
    {
        await using PromptScene scene = await PromptScene.OpenAsync();
        using Process close = Process.Start(new ProcessStartInfo(Environment.ProcessPath!) { ArgumentList = { Pranks.Closing, scene.State.Window.ToString(CultureInfo.InvariantCulture) } })!;
        await close.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, close.ExitCode);
        Assert.Equal((ConsentDecision.Refuse, ConsentHow.Closed), await scene.OutcomeAsync());
    }
}
