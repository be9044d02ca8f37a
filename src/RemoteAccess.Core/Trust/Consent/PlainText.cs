using System.Globalization;
using System.Text;

namespace RemoteAccess.Trust;

/// <summary>
/// What a person's text may hold where it is shown beside a decision or kept as evidence: no control characters, and none of those that
/// turn the reading direction, with which a name can be made to read as another.
/// </summary>
internal static class PlainText
{
    /// <summary>UTF-8 that throws on lone surrogates and refuses malformed bytes.</summary>
    public static UTF8Encoding Utf8 { get; } = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static bool IsAcceptable(string text, int maxBytes, bool allowLines = false)
    {
        if (text.Length > maxBytes || Encoding.UTF8.GetByteCount(text) > maxBytes) return false;
        for (int i = 0; i < text.Length;)
        {
            if (!Rune.TryGetRuneAt(text, i, out Rune rune)) return false;
            i += rune.Utf16SequenceLength;
            if (allowLines && rune.Value is '\n' or '\r' or '\t') continue;
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator) return false;
            if (rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0x200E or 0x200F or 0x061C) return false;
        }
        return true;
    }

    /// <summary>Decodes bytes from outside under the same rule.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> utf8, int maxBytes, out string text)
    {
        text = "";
        if (utf8.Length > maxBytes || !System.Text.Unicode.Utf8.IsValid(utf8)) return false;
        text = Encoding.UTF8.GetString(utf8);
        return IsAcceptable(text, maxBytes);
    }
}
