using System.Globalization;
using System.Text;

namespace RemoteAccess.Trust;

/// <summary>What people wrote, so that it can be shown but cannot steer what it is shown on: no control characters, no line ends, no change of direction.</summary>
internal static class PrintableText
{
    /// <summary>Each such character becomes <paramref name="instead"/>.</summary>
    public static string Of(string text, string instead = " ") => Replace(text, _ => instead);

    /// <summary>The same for JSON text, in which such a character can only stand inside a string: it is escaped there, so that the value stays what it is.</summary>
    public static string OfJson(string json) =>
        Replace(json, static rune => string.Concat(rune.ToString().Select(static unit => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}"))));

    /// <summary>At most <paramref name="length"/> UTF-16 code units, never half a character; what was cut ends in <c>…</c>.</summary>
    public static string Cut(string text, int length)
    {
        if (text.Length <= length) return text;
        int end = length - 1;
        return text[..(char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)] + "…";
    }

    private static string Replace(string text, Func<Rune, string> replace)
    {
        var printable = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            bool steers = Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
            printable.Append(steers ? replace(rune) : rune.ToString());
        }

        return printable.ToString();
    }
}
