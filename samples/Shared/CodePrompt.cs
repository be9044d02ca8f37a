using System.Text;

namespace HelpdeskSamples;

/// <summary>
/// An access code or a password from standard input. A person at a terminal is asked for it, and it is not shown while it is typed.
/// </summary>
internal static class CodePrompt
{
    /// <summary>One line; null when there is none.</summary>
    /// <param name="what">What a person is asked for.</param>
    public static string? Read(string what = "Access code")
    {
        if (Console.IsInputRedirected) return Console.In.ReadLine();
        // Looking for a key takes the terminal's echo away, before anybody is asked to type.
        _ = Console.KeyAvailable;
        Console.Error.Write($"{what} (not shown): ");
        var typed = new StringBuilder();
        for (ConsoleKeyInfo key = Console.ReadKey(intercept: true); key.Key != ConsoleKey.Enter; key = Console.ReadKey(intercept: true))
        {
            if (key.Key == ConsoleKey.Backspace) typed.Length = Math.Max(0, typed.Length - 1);
            else if (key.KeyChar != '\0') typed.Append(key.KeyChar);
        }

        Console.Error.WriteLine();
        string line = typed.ToString();
        typed.Clear();
        return line;
    }
}
