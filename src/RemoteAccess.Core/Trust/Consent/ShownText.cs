using System.Globalization;
using System.Text;

namespace RemoteAccess.Trust;

/// <summary>
/// Stricter than <see cref="PlainText"/>, for words of others beside the question: nothing that cannot be seen, and no towers of marks that
/// would reach into the lines around.
/// </summary>
internal static class ShownText
{
    private const int MaxMarksInARow = 4;

    /// <exception cref="ArgumentException">Empty, too long, or with characters that must not be shown; the message names the member.</exception>
    public static void Demand(string text, int maxBytes, string member)
    {
        ArgumentNullException.ThrowIfNull(text, member);
        if (string.IsNullOrWhiteSpace(text) || !PlainText.IsAcceptable(text, maxBytes) || !IsVisible(text))
            throw new ArgumentException($"{member} must be one line of 1 to {maxBytes} UTF-8 bytes, without control, direction or invisible characters.", member);
    }

    /// <inheritdoc cref="Demand"/>
    public static void DemandIfAny(string? text, int maxBytes, string member)
    {
        if (text is not null) Demand(text, maxBytes, member);
    }

    private static bool IsVisible(string text)
    {
        int marks = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            UnicodeCategory category = Rune.GetUnicodeCategory(rune);
            marks = category is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark ? marks + 1 : 0;
            if (marks > MaxMarksInARow || category is UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned) return false;
            // Letters and symbols by category, blank by look: Hangul fillers, the empty braille cell.
            if (rune.Value is 0x115F or 0x1160 or 0x3164 or 0xFFA0 or 0x2800) return false;
        }
        return true;
    }
}
