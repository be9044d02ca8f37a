using System.Text;

namespace RemoteAccess.Trust;

/// <summary>
/// Asks at the terminal of the process: prints the blocks, and takes the whole word for yes, anything else for no; Ctrl+C, Escape and Ctrl+D are no.
/// It needs a terminal: redirected input or output, or a remote log-on (SSH), is refused. A terminal cannot tell a person's keys from injected ones,
/// so this is for computers without a desktop; where there is one, show a window. Thread-safe; one question at a time.
/// </summary>
public sealed class TerminalConsentPrompt : IConsentPrompt
{
    private const int MaxTyped = 40;
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(50);

    private readonly IPromptTerminal terminal;
    private readonly TimeProvider time;

    /// <summary>Asks at the console of this process.</summary>
    /// <param name="timeProvider">For the countdown; default: the system's clock.</param>
    public TerminalConsentPrompt(TimeProvider? timeProvider = null) : this(new ConsoleTerminal(), timeProvider ?? TimeProvider.System)
    {
    }

    internal TerminalConsentPrompt(IPromptTerminal terminal, TimeProvider time)
    {
        this.terminal = terminal;
        this.time = time;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There is no terminal with a person at it; the message says why.</exception>
    public async ValueTask<ConsentAnswer> AskAsync(ConsentPrompt prompt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(prompt);
        if (terminal.Problem is { } problem) throw new InvalidOperationException(problem);
        using IDisposable keyboard = terminal.TakeKeyboard();
        terminal.Write(TerminalText.Of(prompt, terminal.HasColour));
        long begun = time.GetTimestamp();
        var typed = new StringBuilder();
        string shown = "";
        using var looks = new PeriodicTimer(LookPeriod, time);
        try
        {
            while (true)
            {
                while (terminal.TryReadKey(out ConsoleKeyInfo key))
                {
                    if (Answer(prompt, key, typed) is not { } decision) continue;
                    terminal.Write("\n" + prompt.Texts[decision == ConsentDecision.Allow ? "terminal.allowed" : "terminal.refused"] + "\n");
                    return new ConsentAnswer(decision, ConsentHow.Pressed, time.GetUtcNow());
                }
                string line = $"\r{prompt.CountdownText(prompt.Request.Timeout - time.GetElapsedTime(begun))} > {typed} \b";
                if (line != shown) terminal.Write(shown = line);
                await looks.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            terminal.Write("\n" + prompt.Texts["terminal.closed"] + "\n");
            throw;
        }
    }

    /// <summary>Null: go on typing.</summary>
    private static ConsentDecision? Answer(ConsentPrompt prompt, ConsoleKeyInfo key, StringBuilder typed)
    {
        if (key.Key == ConsoleKey.Escape || key.KeyChar is '\u0003' or '\u0004' || (key.Modifiers.HasFlag(ConsoleModifiers.Control) && key.Key is ConsoleKey.C or ConsoleKey.D))
            return ConsentDecision.Refuse;
        if (key.Key == ConsoleKey.Enter || key.KeyChar is '\r' or '\n')
        {
            bool isWord = string.Equals(typed.ToString().Trim(), prompt.Texts["terminal.word"], StringComparison.OrdinalIgnoreCase);
            return isWord ? ConsentDecision.Allow : ConsentDecision.Refuse;
        }
        if (key.Key == ConsoleKey.Backspace || key.KeyChar == '\u007f') typed.Length = Math.Max(0, typed.Length - 1);
        else if (!char.IsControl(key.KeyChar) && typed.Length < MaxTyped) typed.Append(key.KeyChar);
        return null;
    }
}
