using System.Globalization;

namespace RemoteAccess.Trust;

/// <summary>
/// Cells of RFC 4180 that stay text in a spreadsheet. A cell that a spreadsheet could take for a formula, or that begins with an apostrophe, gets an
/// apostrophe in front: whoever reads the file takes one leading apostrophe off each text. Every text is quoted.
/// </summary>
internal static class CsvCell
{
    // Half-width and full-width forms; a tab or a line end in front of them is skipped by spreadsheets.
    private const string Formula = "=+-@\t\r\n＝＋－＠'";

    public static void Write(TextWriter output, long number) => output.Write(number.ToString(CultureInfo.InvariantCulture));

    /// <summary>What people wrote. Control characters and line ends become U+FFFD; a semicolon, which some spreadsheets split at whatever the quotes say, U+FF1B.</summary>
    public static void Write(TextWriter output, string text) => WriteQuoted(output, PrintableText.Of(text, "\uFFFD").Replace(';', '；'));

    /// <summary>JSON, in which <c>;</c> can be written as <c>\u003b</c> without becoming another value.</summary>
    public static void WriteJson(TextWriter output, string json) => WriteQuoted(output, PrintableText.OfJson(json).Replace(";", "\\u003b", StringComparison.Ordinal));

    private static void WriteQuoted(TextWriter output, string text)
    {
        output.Write('"');
        string begin = text.TrimStart(' ');
        if (begin.Length > 0 && Formula.Contains(begin[0], StringComparison.Ordinal)) output.Write('\'');
        output.Write(text.Replace("\"", "\"\"", StringComparison.Ordinal));
        output.Write('"');
    }
}
