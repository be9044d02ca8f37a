using System.Globalization;

namespace RemoteAccess.Trust;

/// <summary>
/// A cautious estimate of how hard a chosen code is to guess. Rules, in order: a text that repeats a block counts the block once and 2
/// bits; three and more letters in a row count as a word, 2 bits and 1.75 for each letter, as in ordinary language; a character that
/// repeats or continues a run (aaa, 1234, qwerty) counts 1 bit; other digits 3.3, single letters 4.7, ideographs 6, anything else 5. A
/// common password counts as a place in <see cref="CommonPasswords"/>, 17 bits, wherever it stands, when that is less than its characters.
/// </summary>
internal static class CodeStrength
{
    public const double MinBits = 40;

    private const double WordBits = 2, WordLetterBits = 1.75, DigitBits = 3.3, LetterBits = 4.7, IdeographBits = 6, OtherBits = 5, RunBits = 1, RepeatedBlockBits = 2, CommonPasswordBits = 17;
    private const int WordLength = 3;
    private static readonly string[] KeyboardRows = ["qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm", "1234567890"];

    /// <param name="text">At most a code's length; scratch memory and time grow with it.</param>
    public static StrengthEstimate Estimate(ReadOnlySpan<char> text)
    {
        Span<int> commonAt = text.Length <= AccessCode.MaxFreeTextBytes ? stackalloc int[text.Length] : throw new ArgumentException("Longer than any access code.", nameof(text));
        CommonPasswords.Find(text, commonAt);
        return Estimate(text, commonAt);
    }

    /// <summary>The longest common password in the text, and what is before and after it, each estimated alone; or the text by its characters.</summary>
    private static StrengthEstimate Estimate(ReadOnlySpan<char> text, ReadOnlySpan<int> commonAt)
    {
        StrengthEstimate characters = EstimateCharacters(text);
        int start = 0, length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (commonAt[i] <= length || i + commonAt[i] > text.Length) continue;
            (start, length) = (i, commonAt[i]);
        }
        if (length == 0) return characters;
        int end = start + length;
        StrengthEstimate before = Estimate(text[..start], commonAt[..start]), after = Estimate(text[end..], commonAt[end..]);
        var split = new StrengthEstimate(before.Bits + CommonPasswordBits + after.Bits, before.Weaknesses | after.Weaknesses | AccessCodeWeaknesses.CommonPassword);
        return split.Bits < characters.Bits ? split : characters;
    }

    private static StrengthEstimate EstimateCharacters(ReadOnlySpan<char> text)
    {
        int period = Period(text);
        double bits = period < text.Length ? RepeatedBlockBits : 0;
        AccessCodeWeaknesses weaknesses = period < text.Length ? AccessCodeWeaknesses.Repetition : AccessCodeWeaknesses.None;
        ReadOnlySpan<char> block = text[..period];
        if (HasRun(block)) weaknesses |= AccessCodeWeaknesses.Runs;
        for (int i = 0; i < block.Length;)
        {
            int letters = 0;
            while (i + letters < block.Length && IsLetter(block[i + letters])) letters++;
            if (letters >= WordLength)
            {
                bits += WordBits;
                weaknesses |= AccessCodeWeaknesses.Words;
                for (int k = 0; k < letters; k++) bits += k > 0 && Continues(block[i + k - 1], block[i + k]) ? RunBits : WordLetterBits;
                i += letters;
                continue;
            }
            bits += i > 0 && Continues(block[i - 1], block[i]) ? RunBits : BitsOf(block[i]);
            i++;
        }
        return new StrengthEstimate(bits, weaknesses);
    }

    /// <summary>Three characters that each repeat or continue the one before; two do so by chance.</summary>
    private static bool HasRun(ReadOnlySpan<char> text)
    {
        for (int i = 2; i < text.Length; i++)
        {
            if (Continues(text[i - 2], text[i - 1]) && Continues(text[i - 1], text[i])) return true;
        }
        return false;
    }

    /// <summary>The length of the shortest block that the whole text repeats, the last time perhaps in part.</summary>
    private static int Period(ReadOnlySpan<char> text)
    {
        for (int period = 1; period <= text.Length / 2; period++)
        {
            if (text[period..].SequenceEqual(text[..^period])) return period;
        }
        return text.Length;
    }

    private static bool Continues(char before, char character)
    {
        char a = char.ToLowerInvariant(before), b = char.ToLowerInvariant(character);
        if (a == b) return true;
        if (char.IsAsciiLetterOrDigit(a) && char.IsAsciiLetterOrDigit(b) && Math.Abs(a - b) == 1) return true;
        foreach (string row in KeyboardRows)
        {
            int first = row.IndexOf(a, StringComparison.Ordinal), second = row.IndexOf(b, StringComparison.Ordinal);
            if (first >= 0 && second >= 0 && Math.Abs(first - second) == 1) return true;
        }
        return false;
    }

    private static double BitsOf(char character)
    {
        if (char.IsDigit(character)) return DigitBits;
        if (IsLetter(character)) return LetterBits;
        return char.GetUnicodeCategory(character) == UnicodeCategory.OtherLetter ? IdeographBits : OtherBits;
    }

    private static bool IsLetter(char character) => char.IsLetter(character) && char.GetUnicodeCategory(character) != UnicodeCategory.OtherLetter;
}

/// <summary>Bits, and what lowered them.</summary>
internal readonly record struct StrengthEstimate(double Bits, AccessCodeWeaknesses Weaknesses);
