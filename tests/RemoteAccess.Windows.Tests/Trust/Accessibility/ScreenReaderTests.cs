using System.Diagnostics;
using Microsoft.Win32;
using RemoteAccess.Interop;
using RemoteAccess.Trust;
using ComObject = RemoteAccess.Interop.ComObject;

namespace RemoteAccess.Tests;

/// <summary>A client of UI Automation reads the real prompt, and can do nothing with it.</summary>
[Collection(OneDesktop.Name)]
public sealed class ScreenReaderTests
{
    private const int Window = 50032, Text = 50020, Button = 50000;
    private const string Without = "REMOTEACCESS_WITHOUT_UI_AUTOMATION";

    [Theory]
    [InlineData("en-GB", "usual")]
    [InlineData("ja-JP", "unverified")]
    public async Task Prompt_AnotherProgram_ReadsEachWordAndBothButtons(string language, string request)
    {
        ConsentPrompt prompt = PromptScene.Prompt(language, request);
        await using PromptScene scene = await PromptScene.OpenAsync(prompt);
        HeardElement[] heard = await ScreenReaderProgram.ReadAsync(scene.State.Window);

        Assert.Equal((Window, prompt.Title), (heard[0].Role, heard[0].Name));
        Assert.Equal(scene.State.Area, PlaceOf(heard[0]));
        string[] texts = [.. heard.Where(element => element.Role == Text).Select(element => element.Name)];
        foreach (ConsentBlock block in prompt.Blocks.Where(block => block.Kind != ConsentBlockKind.Countdown))
        {
            string text = texts.Single(one => block.Heading.Length > 0 ? one.StartsWith($"{block.Heading}\n", StringComparison.Ordinal) : one == block.Lines[0]);
            Assert.All(block.Lines, line => Assert.Contains(line, text, StringComparison.Ordinal));
        }
        Assert.Contains(texts, text => text == prompt.CountdownText(prompt.Request.Timeout - TimeSpan.FromSeconds(1)) || text.Any(char.IsAsciiDigit));

        HeardElement[] buttons = [.. heard.Where(element => element.Role == Button)];
        Assert.Equal([("refuse", prompt.Refuse.AccessibleName, prompt.Title), ("allow", prompt.Allow.AccessibleName, prompt.Title)], buttons.Select(button => (button.Id, button.Name, button.Help)));
        Assert.Equal([OnScreen(scene, scene.State.Refuse), OnScreen(scene, scene.State.Allow)], buttons.Select(PlaceOf));
        Assert.All(buttons, button => Assert.True(button is { IsEnabled: true, IsFocusable: true }));
        Assert.Equal([true, false], buttons.Select(button => button.HasFocus));
        Assert.All(heard, element => Assert.Empty(element.Patterns));
        Assert.All(heard.Skip(1), element => Assert.True(PlaceOf(element).Intersect(scene.State.Area) == PlaceOf(element) && !PlaceOf(element).IsEmpty, element.ToString()));
    }

    /// <summary>What no client of Wine asks for: each pattern and the focus, by the interfaces that UI Automation calls.</summary>
    [Fact]
    public async Task Prompt_AskedForAnyPatternOrTheFocus_GivesNone()
    {
        await using PromptScene scene = await PromptScene.OpenAsync();
        using ComObject automation = ScreenReader.Create();
        _ = ScreenReader.Read(scene.State.Window);
        // As large a number of calls as there are of injected events, from threads that are not the window's.
        Parallel.For(0, 4, _ =>
        {
            foreach (ComObject part in Providers.Of(scene.Automation))
            {
                for (int pattern = 9990; pattern < 10100; pattern++) Assert.Equal((0, (nint)0), Providers.Pattern(part, pattern));
                for (int i = 0; i < 200; i++) Assert.Equal(UiAutomation.InvalidOperation, Providers.SetFocus(part));
                part.Dispose();
            }
        });
        using (ComObject root = ScreenReader.ElementOf(automation, scene.State.Window)) _ = ScreenReader.SetFocus(root);

        Assert.Equal(ConsentDecision.Refuse, scene.State.Focus);
        Assert.False(scene.Answer.IsCompleted);
        await scene.BecomesActive();
        await scene.PersonTypesAsync("Return");
        Assert.Equal((ConsentDecision.Refuse, ConsentHow.Pressed), await scene.OutcomeAsync());
    }

    [Fact]
    public async Task Prompt_PersonsKeyboard_IsFollowedByTheFocus()
    {
        await using PromptScene scene = await PromptScene.OpenAsync();
        using FocusListener listener = FocusListener.Start();
        _ = ScreenReader.Read(scene.State.Window);
        await scene.PersonMovesTheFocusAsync();

        await Eventually.Is(() => ScreenReader.Read(scene.State.Window).Single(element => element.HasFocus).Id == "allow", "the focus is told when asked");
        await Eventually.Is(() => listener.Heard.Contains("allow"), "and without being asked");
    }

    [Fact]
    public async Task Prompt_WhileItIsReadWithoutEnd_AnswersThePerson()
    {
        await using PromptScene scene = await PromptScene.OpenAsync();
        using CancellationTokenSource end = new();
        nint window = scene.State.Window;
        Task<int> reading = Task.Run(() =>
        {
            int times = 0;
            for (; !end.IsCancellationRequested; times++) _ = ScreenReader.Read(window);
            return times;
        }, CancellationToken.None);
        await scene.PersonMovesTheFocusAsync();
        await scene.PersonTypesAsync("Return");

        Assert.Equal((ConsentDecision.Allow, ConsentHow.Pressed), await scene.OutcomeAsync());
        await end.CancelAsync();
        // The window may have gone while it was read.
        await reading.ContinueWith(read => Assert.True(read.IsFaulted || read.Result > 0), TaskScheduler.Default).WaitAsync(Eventually.Limit);
    }

    [Fact]
    public async Task Prompt_AfterItsEnd_ElementsThatAreHeldSayThatTheyAreGone()
    {
        PromptScene scene = await PromptScene.OpenAsync();
        _ = ScreenReader.Read(scene.State.Window);
        ComObject[] parts = Providers.Of(scene.Automation);
        Assert.All(parts, part => Assert.Equal(0, Providers.Property(part, 30005).Result));
        await scene.DisposeAsync();

        Assert.Equal(12, parts.Length);
        foreach (ComObject part in parts)
        {
            Assert.Equal(UiAutomation.NotAvailable, Providers.Property(part, 30005).Result);
            Assert.Equal(UiAutomation.NotAvailable, Providers.Navigate(part, 1));
            Assert.Equal(UiAutomation.NotAvailable, Providers.Place(part));
            part.Dispose();
        }
    }

    /// <summary>Another program's client that never lets go keeps nothing of ours.</summary>
    [Fact]
    public async Task Prompt_AfterItsEnd_IsHeldByNoClient()
    {
        (WeakReference root, Process reader) = await HoldAndCloseAsync();
        using (reader)
        {
            await Eventually.Is(() =>
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                return !root.IsAlive;
            }, "what the window told with is gone");
            Assert.False(reader.HasExited);
            reader.StandardInput.Close();
            await reader.WaitForExitAsync().WaitAsync(Eventually.Limit);
        }
    }

    /// <summary>In a process of its own, whose system has no uiautomationcore.</summary>
    [Fact]
    public async Task Prompt_SystemWithoutUiAutomation_AsksAllTheSame()
    {
        Wine.Require();
        if (Environment.GetEnvironmentVariable(Without) is null)
        {
            ProcessStartInfo start = new(Environment.ProcessPath!, ["-noLogo", "-noColor", "-method", $"*.{nameof(Prompt_SystemWithoutUiAutomation_AsksAllTheSame)}"]) { RedirectStandardOutput = true };
            start.Environment[Without] = "1";
            // What Wine has of it already loaded stays as it is in this process.
            using RegistryKey overrides = Registry.CurrentUser.CreateSubKey(@"Software\Wine\DllOverrides");
            overrides.SetValue("uiautomationcore", "");
            try
            {
                using Process process = Process.Start(start)!;
                string said = await process.StandardOutput.ReadToEndAsync().WaitAsync(Eventually.Limit);
                await process.WaitForExitAsync();
                Assert.True(process.ExitCode == 0 && said.Contains("Failed: 0, Skipped: 0", StringComparison.Ordinal), said);
            }
            finally
            {
                overrides.DeleteValue("uiautomationcore");
            }
            return;
        }
        Assert.False(UiAutomation.IsThere);
        await using PromptScene scene = await PromptScene.OpenAsync();
        Assert.Equal(0, Prank.SendMessageW(scene.State.Window, User32Message.GetObject, 0, UiAutomation.RootObject));
        await scene.PersonMovesTheFocusAsync();
        await scene.PersonTypesAsync("Return");
        Assert.Equal((ConsentDecision.Allow, ConsentHow.Pressed), await scene.OutcomeAsync());
    }

    private static async Task<(WeakReference Root, Process Reader)> HoldAndCloseAsync()
    {
        await using PromptScene scene = await PromptScene.OpenAsync();
        return (new WeakReference(scene.Automation.Root), await ScreenReaderProgram.HoldAsync(scene.State.Window));
    }

    private static PixelRect OnScreen(PromptScene scene, PixelRect area) => area with { X = scene.State.Area.X + area.X, Y = scene.State.Area.Y + area.Y };

    private static PixelRect PlaceOf(HeardElement element) => new(element.Left, element.Top, element.Right - element.Left, element.Bottom - element.Top);
}
