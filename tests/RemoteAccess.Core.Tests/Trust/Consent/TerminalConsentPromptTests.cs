using System.Text;
using RemoteAccess.Trust;

namespace RemoteAccess.Tests.Trust;

public sealed class TerminalConsentPromptTests
{
    private readonly FakeTime time = new();
    private readonly ScriptedTerminal terminal = new();

    [Theory]
    [InlineData("en", "allow\r", ConsentDecision.Allow)]
    [InlineData("en", " ALLOW \r", ConsentDecision.Allow)]
    [InlineData("en", "alloq\bw\r", ConsentDecision.Allow)]
    [InlineData("de", "erlauben\r", ConsentDecision.Allow)]
    [InlineData("de", "allow\r", ConsentDecision.Refuse)]
    [InlineData("en", "\r", ConsentDecision.Refuse)]
    [InlineData("en", "y\r", ConsentDecision.Refuse)]
    [InlineData("en", "allo\r", ConsentDecision.Refuse)]
    [InlineData("en", "allow it\r", ConsentDecision.Refuse)]
    [InlineData("en", "\u0003", ConsentDecision.Refuse)]
    [InlineData("en", "allow\u0004", ConsentDecision.Refuse)]
    [InlineData("en", "allow\u001b", ConsentDecision.Refuse)]
    public async Task Ask_WhatIsTyped_AllowsOnlyAsTheWholeWord(string language, string typed, ConsentDecision expected)
    {
        ValueTask<ConsentAnswer> asked = Ask(language);
        terminal.Type(typed);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(new ConsentAnswer(expected, ConsentHow.Pressed, time.GetUtcNow()), (await asked) with { At = time.GetUtcNow() });
        Assert.False(terminal.IsTaken);
    }

    [Fact]
    public async Task Ask_WordWithoutEnter_IsNoAnswerYet()
    {
        using var end = new CancellationTokenSource();
        ValueTask<ConsentAnswer> asked = Ask("en", end.Token);
        terminal.Type("allow");
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.False(asked.IsCompleted);
        Assert.Contains("50 s left > allow", terminal.Written, StringComparison.Ordinal);
        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await asked);
        Assert.EndsWith("This question is closed.\n", terminal.Written, StringComparison.Ordinal);
        Assert.False(terminal.IsTaken);
    }

    [Fact]
    public async Task Ask_NoTerminal_IsRefusedUnseen()
    {
        terminal.Problem = "Standard input and output must be a terminal.";

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await Ask("en"));
        Assert.Empty(terminal.Written);
        var desk = new ConsentDesk(new TerminalConsentPrompt(terminal, time), time);
        ConsentEvidence evidence = await desk.AskAsync(ConsentSamples.Show(ConsentSamples.Attended), "ada", CancellationToken.None);
        Assert.Equal((ConsentDecision.Refuse, ConsentHow.RendererFailed), (evidence.Answer.Decision, evidence.Answer.How));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Ask_UnverifiedTechnician_IsRedWhereThereAreColours(bool hasColour)
    {
        terminal.HasColour = hasColour;
        ConsentPrompt prompt = ConsentSamples.Show(ConsentSamples.Unattended with { IsVerified = false });
        ValueTask<ConsentAnswer> asked = new TerminalConsentPrompt(terminal, time).AskAsync(prompt, CancellationToken.None);
        terminal.Type("\r");
        time.Advance(TimeSpan.FromSeconds(1));
        await asked;

        Assert.Equal(hasColour, terminal.Written.Contains("\u001b[1;97;41mNOT VERIFIED", StringComparison.Ordinal));
        Assert.Contains("NOT VERIFIED", terminal.Written, StringComparison.Ordinal);
        Assert.Contains("  > “Updates at night”\n", terminal.Written, StringComparison.Ordinal);
        Assert.Contains("  - use your mouse and keyboard\n", terminal.Written, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ask_ConsoleOfThisTestRun_IsNoTerminalAndIsRefused()
    {
        Assert.SkipUnless(Console.IsInputRedirected || Console.IsOutputRedirected, "The tests run at a terminal.");

        var desk = new ConsentDesk(new TerminalConsentPrompt());
        ConsentEvidence evidence = await desk.AskAsync(ConsentSamples.Show(ConsentSamples.Attended), "ada", CancellationToken.None);

        Assert.Equal(ConsentHow.RendererFailed, evidence.Answer.How);
    }

    private ValueTask<ConsentAnswer> Ask(string language, CancellationToken cancellationToken = default) =>
        new TerminalConsentPrompt(terminal, time).AskAsync(ConsentSamples.Show(ConsentSamples.Attended, language), cancellationToken);

    private sealed class ScriptedTerminal : IPromptTerminal
    {
        private readonly Queue<char> keys = [];
        private readonly StringBuilder written = new();

        public string? Problem { get; set; }

        public bool HasColour { get; set; }

        public bool IsTaken { get; private set; }

        public string Written => written.ToString();

        public void Type(string text)
        {
            foreach (char character in text) keys.Enqueue(character);
        }

        public IDisposable TakeKeyboard()
        {
            IsTaken = true;
            return new Taken(this);
        }

        public void Write(string text) => written.Append(text);

        public bool TryReadKey(out ConsoleKeyInfo key)
        {
            bool isThere = keys.TryDequeue(out char character);
            key = new ConsoleKeyInfo(character, character switch { '\r' => ConsoleKey.Enter, '\b' => ConsoleKey.Backspace, '\u001b' => ConsoleKey.Escape, _ => ConsoleKey.None }, false, false, false);
            return isThere;
        }

        private sealed class Taken(ScriptedTerminal terminal) : IDisposable
        {
            public void Dispose() => terminal.IsTaken = false;
        }
    }
}
