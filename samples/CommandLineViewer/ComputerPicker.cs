using RemoteAccess;

namespace CommandLineViewer;

/// <summary>A list that gets shorter with each character; on standard error, so that the choice alone is on standard output.</summary>
internal static class ComputerPicker
{
    private const int ShownRows = 10, MaxTyped = 128, Cancelled = 130;

    public static int Pick(ComputerList list, string typed)
    {
        if (Console.IsInputRedirected) throw new ArgumentException("--pick needs a terminal. Give the words on the command line instead.");
        // Looking for a key takes the terminal's echo away, before anything is shown.
        _ = Console.KeyAvailable;
        while (true)
        {
            IReadOnlyList<KnownComputer> found = list.Search(typed);
            Show(found, typed);
            ConsoleKeyInfo key = Console.ReadKey(intercept: true);
            switch (key.Key)
            {
                case ConsoleKey.Escape:
                    return Cancelled;
                case ConsoleKey.Enter when found.Count > 0:
                    Console.WriteLine(found[0].GrantFile);
                    Console.WriteLine(found[0].Address ?? "");
                    return 0;
                case ConsoleKey.Backspace:
                    typed = typed.Length > 0 ? typed[..^1] : "";
                    break;
                default:
                    if (!char.IsControl(key.KeyChar) && typed.Length < MaxTyped) typed += key.KeyChar;
                    break;
            }
        }
    }

    private static void Show(IReadOnlyList<KnownComputer> found, string typed)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        Console.Error.WriteLine();
        foreach (KnownComputer one in found.Take(ShownRows)) Console.Error.WriteLine($"  {one.Nickname}  {(one.StatusAt(now) is var status and not ComputerStatus.Unknown ? ComputersCommand.Word(status) : "")}");
        if (found.Count > ShownRows) Console.Error.WriteLine($"  and {found.Count - ShownRows} more");
        Console.Error.Write($"{found.Count} found, search: {typed}");
    }
}
