using System.Globalization;
using System.Text;

namespace RemoteAccess.Trust;

/// <summary>A line that a person writes, and where in it the next letter goes: before a whole character, as a reader counts them. Pure.</summary>
/// <param name="mostBytes">Of UTF-8.</param>
internal sealed class TextLine(int mostBytes)
{
    public string Text { get; private set; } = "";

    /// <summary>UTF-16 code units before the next letter.</summary>
    public int Caret { get; private set; }

    /// <summary>Whether there is something to read in it.</summary>
    public bool HasWords => !string.IsNullOrWhiteSpace(Text);

    /// <returns>False when nothing was written: there is no more room, or it holds what nobody sees or what steers.</returns>
    public bool TryWrite(string text)
    {
        if (text.Length == 0 || !text.EnumerateRunes().All(MayStand) || Encoding.UTF8.GetByteCount(Text) + Encoding.UTF8.GetByteCount(text) > mostBytes) return false;
        Text = Text.Insert(Caret, text);
        Caret += text.Length;
        return true;
    }

    /// <summary>What a key does that writes nothing.</summary>
    /// <returns>False for a key that does nothing in a line.</returns>
    public bool TryMove(SheetKey key)
    {
        switch (key)
        {
            case SheetKey.Left: Caret = Before(); return true;
            case SheetKey.Right: Caret = After(); return true;
            case SheetKey.First: Caret = 0; return true;
            case SheetKey.Last: Caret = Text.Length; return true;
            case SheetKey.EraseBack: Erase(Before(), Caret); return true;
            case SheetKey.EraseNext: Erase(Caret, After()); return true;
            default: return false;
        }
    }

    /// <summary>Several lines as one: ends of lines and tabs are spaces, and none is left at the ends.</summary>
    public static string OfLines(string text) => text.ReplaceLineEndings(" ").Replace('\t', ' ').Trim();

    public void Clear() => (Text, Caret) = ("", 0);

    /// <summary>What could not be sent stands there again, unless something else does by now.</summary>
    public void PutBack(string text)
    {
        if (Text.Length == 0) (Text, Caret) = (text, text.Length);
    }

    private static bool MayStand(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate) && rune != Rune.ReplacementChar;

    private int Before()
    {
        int[] starts = StringInfo.ParseCombiningCharacters(Text);
        return starts.LastOrDefault(start => start < Caret);
    }

    private int After() => Caret < Text.Length ? Caret + StringInfo.GetNextTextElementLength(Text, Caret) : Caret;

    private void Erase(int from, int to) => (Text, Caret) = (Text.Remove(from, to - from), from);
}
