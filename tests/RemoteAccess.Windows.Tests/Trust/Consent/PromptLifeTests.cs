using System.Diagnostics;
using RemoteAccess.Interop;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests;

/// <summary>How a prompt begins, and ends without an answer.</summary>
[Collection(OneDesktop.Name)]
public sealed class PromptLifeTests
{
    private static readonly TimeSpan PersonsPause = TimeSpan.FromMilliseconds(800);

    [Fact]
    public async Task Prompt_ThroughTheDesk_PersonsClickIsTheEvidence()
    {
        Wine.Require();
        var desk = new ConsentDesk(new WindowsConsentPrompt());
        ConsentPrompt prompt = PromptScene.Prompt();
        Task<ConsentEvidence> asked = desk.AskAsync(prompt, "ada", CancellationToken.None).AsTask();
        // In the middle of the screen is the prompt, and so the keys are its.
        await PromptScene.PersonAsync("mousemove", "640", "400");
        // Who types on without a pause gives no answer.
        while (await Task.WhenAny(asked, Task.Delay(PersonsPause)) != asked) await PromptScene.PersonAsync("key", "Right", "key", "Return");

        ConsentEvidence evidence = await asked;
        Assert.Equal((ConsentDecision.Allow, ConsentHow.Pressed, prompt.Text), (evidence.Answer.Decision, evidence.Answer.How, evidence.Text));
    }

    [Fact]
    public async Task Prompt_RequestIsTakenBack_ClosesTheWindow()
    {
        PromptWindow window = new(PromptScene.Prompt(), new WindowsConsentPromptOptions());
        await window.StartAsync(CancellationToken.None);
        nint handle = window.State.Window;
        Assert.NotEqual(0, Prank.IsWindow(handle));
        window.TakeBack();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => window.Answer.WaitAsync(Eventually.Limit));
        await window.DisposeAsync();
        Assert.Equal(0, Prank.IsWindow(handle));
    }

    [Fact]
    public async Task Prompt_ScreenTooSmallForAllOfIt_IsNo()
    {
        WindowsConsentPrompt prompt = new(new WindowsConsentPromptOptions { Scale = 3 });
        DesktopException error = await Assert.ThrowsAsync<DesktopException>(async () => await prompt.AskAsync(PromptScene.Prompt(request: "long"), CancellationToken.None));

        Assert.Contains("does not fit", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Prompt_FiftyOneAfterAnother_LeakNothing(bool isRead)
    {
        await OpenAndCloseAsync(5, isRead);
        Resources before = Resources.Held();
        await OpenAndCloseAsync(50, isRead);
        Resources after = Resources.Held();
        // A prompt's end is told by its thread, which is there for a moment still; threads of the pool that have nothing more to do give theirs back within their half minute.
        for (int look = 0; look < 40 && (after.Handles > before.Handles + 10 || after.Threads > before.Threads + 5); look++)
        {
            await Task.Delay(1000, TestContext.Current.CancellationToken);
            after = Resources.Held();
        }

        Assert.InRange(after.Handles, 0, before.Handles + 10);
        Assert.InRange(after.Threads, 0, before.Threads + 5);
        Assert.InRange(after.Gdi, 0u, before.Gdi + 5);
        Assert.InRange(after.User, 0u, before.User + 5);
        Assert.InRange(after.HighestGdiHandle, 0, before.HighestGdiHandle + 40);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(3.1)]
    [InlineData(double.NaN)]
    public void Options_ScaleOutOfRange_IsToldByName(double scale) =>
        Assert.Contains("Scale", Assert.Throws<ArgumentException>(() => new WindowsConsentPrompt(new WindowsConsentPromptOptions { Scale = scale })).Message, StringComparison.Ordinal);

    private static async Task OpenAndCloseAsync(int times, bool isRead)
    {
        for (int i = 0; i < times; i++)
        {
            await using PromptWindow window = new(PromptScene.Prompt(), new WindowsConsentPromptOptions());
            await window.StartAsync(CancellationToken.None);
            Assert.InRange(window.State.Area.Height, 100, 800);
            if (isRead) Assert.NotEmpty(ScreenReader.Read(window.State.Window));
            // A thread's handle goes with its object, and Wine counts the places of its table of handles, which only grows.
            Collect();
        }
    }

    private static void Collect()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }

    /// <summary>What this process holds. Wine counts no GDI and USER objects; there the table of GDI handles tells, whose free places are given out again first.</summary>
    private sealed record Resources(int Handles, int Threads, uint Gdi, uint User, nint HighestGdiHandle)
    {
        public static Resources Held()
        {
            Collect();
            nint[] some = [.. Enumerable.Range(0, 32).Select(i => Prank.CreateRectRgn(0, 0, i, i))];
            foreach (nint region in some) _ = Gdi32.DeleteObject(region);
            using Process self = Process.GetCurrentProcess();
            nint all = Prank.GetCurrentProcess();
            return new Resources(self.HandleCount, self.Threads.Count, Prank.GetGuiResources(all, 0), Prank.GetGuiResources(all, 1), some.Max(region => region & 0xffff));
        }
    }
}
