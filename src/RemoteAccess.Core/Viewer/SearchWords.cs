using System.Globalization;
using System.Text;

namespace RemoteAccess;

/// <summary>
/// Words as they are searched for: without case, accents and invisible characters, the same under every culture. Folded character by character, so that what begins with a text begins, folded,
/// with the folded text: each character that is typed can only remove results.
/// </summary>
internal static class SearchWords
{
    /// <summary>The words of what was typed, folded.</summary>
    public static string[] Split(string typed) => [.. typed.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Fold).Where(word => word.Length > 0)];

    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length;)
        {
            // Half a surrogate pair is nothing: the other half may still be typed.
            if (!Rune.TryGetRuneAt(text, i, out Rune rune))
            {
                i++;
                continue;
            }
            i += rune.Utf16SequenceLength;
            if (rune.IsAscii) folded.Append(char.ToUpperInvariant((char)rune.Value));
            else FoldInto(folded, rune);
        }
        return folded.ToString();
    }

    private static void FoldInto(StringBuilder folded, Rune rune)
    {
        foreach (Rune part in rune.ToString().Normalize(NormalizationForm.FormKD).EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(part) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format or UnicodeCategory.Control) continue;
            Rune upper = Rune.ToUpperInvariant(part);
            folded.Append(Letters(upper.Value) ?? upper.ToString());
        }
    }

    /// <summary>Letters that Unicode does not take apart, as people type them who do not have them.</summary>
    private static string? Letters(int upper) => upper switch
    {
        'ß' or 'ẞ' => "SS",
        'Æ' => "AE",
        'Œ' => "OE",
        'Ø' => "O",
        'Ł' => "L",
        'Đ' or 'Ð' => "D",
        'Þ' => "TH",
        'ı' => "I",
        'ς' => "Σ",
        _ => null,
    };
}
