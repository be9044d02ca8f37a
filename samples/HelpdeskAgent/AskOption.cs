using System.CommandLine;
using System.CommandLine.Parsing;
using RemoteAccess.Trust;

namespace HelpdeskAgent;

/// <summary>The option <c>--ask</c>: where the person is asked when the desktop is a drawn one. Before a real screen it is always a window, which can tell a person's keys from a technician's.</summary>
internal static class AskOption
{
    private const string Terminal = "terminal";

    public static Option<string?> Create() => new("--ask")
    {
        Description = "With --virtual: terminal asks the person at this terminal. Before a real screen a window asks.", HelpName = Terminal, CustomParser = Read,
    };

    /// <summary>Null when nobody is to be asked at the terminal.</summary>
    /// <exception cref="ArgumentException">There is no terminal to ask at.</exception>
    public static IConsentPrompt? Prompt(string? chosen)
    {
        if (chosen is null) return null;
        if (Console.IsInputRedirected || Console.IsOutputRedirected) throw new ArgumentException("--ask terminal needs a terminal: nobody answers through a pipe or from a file.");
        return new PromptCommand.Complaining(new TerminalConsentPrompt());
    }

    private static string? Read(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (text == Terminal) return text;
        result.AddError($"'{text}' is not where to ask: terminal, as in --virtual 1920x1080 --ask terminal.");
        return null;
    }
}
