namespace RemoteAccess.Tests.Architecture;

/// <summary>C# source with comments and literals blanked, so that a rule about code does not stumble over prose. Lines keep their numbers.</summary>
internal static class CSharpText
{
    public static string CodeOnly(string source)
    {
        var code = source.ToCharArray();
        for (var at = 0; at < code.Length;)
        {
            var end = EndOfProse(source, at);
            for (var i = at; i < end; i++)
            {
                code[i] = code[i] == '\n' ? '\n' : ' ';
            }

            at = Math.Max(end, at + 1);
        }

        return new string(code);
    }

    // The end of the comment or literal that starts here; the same position when none does.
    private static int EndOfProse(string source, int at)
    {
        var rest = source.AsSpan(at);
        if (rest.StartsWith("//"))
        {
            return Until(source, at, "\n", include: false);
        }

        if (rest.StartsWith("/*"))
        {
            return Until(source, at + 2, "*/", include: true);
        }

        if (rest.StartsWith("\"\"\""))
        {
            var quotes = rest.Length - rest.TrimStart('"').Length;
            return Until(source, at + quotes, new string('"', quotes), include: true);
        }

        if (rest.StartsWith("@\"") || rest.StartsWith("$@\"") || rest.StartsWith("@$\""))
        {
            return EndOfVerbatim(source, source.IndexOf('"', at) + 1);
        }

        return rest[0] switch
        {
            '"' => EndOfQuoted(source, at + 1, '"'),
            '\'' => EndOfQuoted(source, at + 1, '\''),
            _ => at,
        };
    }

    private static int Until(string source, int from, string mark, bool include)
    {
        var found = source.IndexOf(mark, Math.Min(from, source.Length), StringComparison.Ordinal);
        return found < 0 ? source.Length : found + (include ? mark.Length : 0);
    }

    private static int EndOfVerbatim(string source, int at)
    {
        while (at < source.Length && (source[at] != '"' || (at + 1 < source.Length && source[at + 1] == '"')))
        {
            at += source[at] == '"' ? 2 : 1;
        }

        return Math.Min(at + 1, source.Length);
    }

    private static int EndOfQuoted(string source, int at, char quote)
    {
        while (at < source.Length && source[at] != quote && source[at] != '\n')
        {
            at += source[at] == '\\' ? 2 : 1;
        }

        return Math.Min(at + 1, source.Length);
    }
}
