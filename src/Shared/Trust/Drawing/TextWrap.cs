using System.Globalization;
using System.Text;

namespace RemoteAccess.Trust;

/// <summary>
/// Lines no wider than there is room: broken at spaces, between East Asian characters except before closing marks, and anywhere in what is too
/// long by itself. Nothing is left out.
/// </summary>
internal static class TextWrap
{
    private const string NotAtTheStart = "、。,.)」』】〉》”’!?:;・ーッャュョァィゥェォっゃゅょぁぃぅぇぉ)]!?,.:;»”";

    public static List<string> Lines(string text, LetterStyle style, int width, ITextMeasure measure)
    {
        List<string> lines = [];
        var line = new StringBuilder();
        foreach (string piece in Pieces(text))
        {
            if (measure.Width(line + piece.TrimEnd(), style) <= width)
            {
                line.Append(piece);
                continue;
            }
            End(lines, line);
            foreach (string part in Fitting(piece, style, width, measure))
            {
                End(lines, line);
                line.Append(part);
            }
        }
        End(lines, line);
        return lines;
    }

    /// <summary>As much of one line as there is room for, a place in it included.</summary>
    /// <param name="text">The whole line.</param>
    /// <param name="place">UTF-16 code units before the place.</param>
    /// <param name="style">Of its letters.</param>
    /// <param name="width">Pixels.</param>
    /// <param name="measure">Of the letters.</param>
    /// <returns>What is in view, and how much of that is before the place.</returns>
    public static (string Shown, int Place) Around(string text, int place, LetterStyle style, int width, ITextMeasure measure)
    {
        int[] breaks = [.. StringInfo.ParseCombiningCharacters(text), text.Length];
        int first = Math.Min(place, breaks[Least(breaks, at => at >= place || measure.Width(text[at..place], style) <= width)]);
        int over = Least(breaks, at => at > place && measure.Width(text[first..at], style) > width);
        int last = over == breaks.Length ? text.Length : Math.Max(place, breaks[over - 1]);
        return (text[first..last], place - first);
    }

    /// <summary>The first index from which on something holds; the length when it never does.</summary>
    private static int Least(int[] sorted, Func<int, bool> holds)
    {
        int low = 0, high = sorted.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = holds(sorted[middle]) ? (low, middle) : (middle + 1, high);
        }
        return low;
    }

    private static void End(List<string> lines, StringBuilder line)
    {
        string text = line.ToString().TrimEnd();
        if (text.Length > 0) lines.Add(text);
        line.Clear();
    }

    /// <summary>What may stand on a line of its own, with the spaces behind it.</summary>
    private static IEnumerable<string> Pieces(string text)
    {
        int begin = 0;
        string[] characters = [.. Characters(text)];
        int at = 0;
        for (int i = 0; i < characters.Length; i++)
        {
            at += characters[i].Length;
            bool isLast = i + 1 == characters.Length;
            if (!isLast)
            {
                string next = characters[i + 1];
                bool afterSpace = characters[i] == " " && next != " ";
                bool afterIdeograph = IsIdeograph(characters[i]) && next != " " && !NotAtTheStart.Contains(next, StringComparison.Ordinal);
                if (!afterSpace && !afterIdeograph) continue;
            }
            yield return text[begin..at];
            begin = at;
        }
    }

    private static IEnumerable<string> Fitting(string piece, LetterStyle style, int width, ITextMeasure measure)
    {
        if (measure.Width(piece.TrimEnd(), style) <= width)
        {
            yield return piece;
            yield break;
        }
        string part = "";
        foreach (string character in Characters(piece))
        {
            // Spaces at an end take no room.
            if (character == " ")
            {
                part += character;
                continue;
            }
            if (part.Length > 0 && measure.Width(part + character, style) > width)
            {
                yield return part;
                part = "";
            }
            part += character;
        }
        yield return part;
    }

    private static IEnumerable<string> Characters(string text)
    {
        for (TextElementEnumerator elements = StringInfo.GetTextElementEnumerator(text); elements.MoveNext();) yield return elements.GetTextElement();
    }

    private static bool IsIdeograph(string character) => Rune.GetRuneAt(character, 0).Value is >= 0x2e80 and <= 0xffef or >= 0x20000 and <= 0x3ffff;
}
