using System.Text;

namespace RemoteAccess.Interop;

/// <summary>A list of arguments as the one text that Windows has, so that a program's own reading of it gives the list back (CommandLineToArgvW). Pure.</summary>
internal static class CommandLine
{
    public static string Of(string program, IEnumerable<string> arguments)
    {
        // The program's own name is read without escapes; no path has a quotation mark.
        StringBuilder line = new StringBuilder().Append('"').Append(program).Append('"');
        foreach (string argument in arguments) Append(line.Append(' '), argument);
        return line.ToString();
    }

    private static void Append(StringBuilder line, string argument)
    {
        line.Append('"');
        int slashes = 0;
        foreach (char letter in argument)
        {
            if (letter == '"') line.Append('\\', slashes + 1);
            slashes = letter == '\\' ? slashes + 1 : 0;
            line.Append(letter);
        }
        line.Append('\\', slashes).Append('"');
    }
}
