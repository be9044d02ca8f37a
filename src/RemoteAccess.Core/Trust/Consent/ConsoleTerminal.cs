namespace RemoteAccess.Trust;

/// <summary>The console of this process.</summary>
internal sealed class ConsoleTerminal : IPromptTerminal
{
    private static readonly string[] RemoteMarks = ["SSH_CONNECTION", "SSH_TTY", "SSH_CLIENT"];

    public string? Problem =>
        Console.IsInputRedirected || Console.IsOutputRedirected ? "Standard input and output must be a terminal: nobody answers through a pipe or from a file."
        : IsRemote ? "This terminal belongs to a remote log-on; the question is for the person at the computer."
        : null;

    public bool HasColour => string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") != "dumb";

    private static bool IsRemote => RemoteMarks.Any(name => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name)));

    public IDisposable TakeKeyboard() => new TakenKeyboard();

    public void Write(string text) => Console.Out.Write(text);

    public bool TryReadKey(out ConsoleKeyInfo key)
    {
        bool isThere = Console.KeyAvailable;
        key = isThere ? Console.ReadKey(intercept: true) : default;
        return isThere;
    }

    private sealed class TakenKeyboard : IDisposable
    {
        private readonly bool before = Console.TreatControlCAsInput;

        public TakenKeyboard()
        {
            Console.TreatControlCAsInput = true;
            // What was typed before the question was there is no answer to it.
            while (Console.KeyAvailable) _ = Console.ReadKey(intercept: true);
        }

        public void Dispose() => Console.TreatControlCAsInput = before;
    }
}
