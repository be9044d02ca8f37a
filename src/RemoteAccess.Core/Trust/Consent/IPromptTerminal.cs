namespace RemoteAccess.Trust;

/// <summary>The terminal that <see cref="TerminalConsentPrompt"/> asks at: the console, or a test's.</summary>
internal interface IPromptTerminal
{
    /// <summary>Null when a person sits at it; else why it cannot be asked.</summary>
    string? Problem { get; }

    /// <summary>Whether words may be coloured.</summary>
    bool HasColour { get; }

    /// <summary>Begins: typed keys are not shown, and Ctrl+C is a key.</summary>
    IDisposable TakeKeyboard();

    void Write(string text);

    bool TryReadKey(out ConsoleKeyInfo key);
}
