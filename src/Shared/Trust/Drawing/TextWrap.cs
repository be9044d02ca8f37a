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
