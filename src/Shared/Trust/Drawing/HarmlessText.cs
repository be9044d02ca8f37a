using System.Globalization;
using System.Text;

namespace RemoteAccess.Trust;

/// <summary>
/// Words of others, so that they can be shown but change nothing around them: control, direction and invisible characters become spaces, towers of
/// marks are cut off, and what is too long ends in <c>…</c>.
/// </summary>
internal static class HarmlessText
{
    private const int MaxMarksInARow = 4;

    /// <summary>One line.</summary>
    /// <param name="text">From anywhere.</param>
    /// <param name="most">UTF-16 code units.</param>
    public static string Line(string text, int most = 2000)
    {
        var line = new StringBuilder();
        int marks = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            UnicodeCategory category = Rune.GetUnicodeCategory(rune);
            marks = category is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark ? marks + 1 : 0;
            if (marks > MaxMarksInARow) continue;
            if (line.Length + rune.Utf16SequenceLength >= most) return line.Append('…').ToString();
            bool steers = category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;
            line.Append(steers ? " " : rune.ToString());
        }
        return line.ToString().Trim();
    }

    /// <summary>Line by line; at most <paramref name="mostLines"/>, the last of them <c>…</c> when there were more.</summary>
    public static IEnumerable<string> Lines(string text, int mostLines = 200)
    {
        int count = 0;
        foreach (string line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            if (++count == mostLines)
            {
                yield return "…";
                yield break;
            }
            yield return Line(line);
        }
    }
}
