using System.Text;
using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>
/// A text of the clipboard as it travels (docs/messages.md, "Clipboard").
/// <code>u8 kind = 1 | UTF-8</code>
/// </summary>
public static class ClipboardText
{
    /// <summary>The longest text, in bytes of UTF-8: 1 MiB.</summary>
    public const int MaxBytes = 1024 * 1024;

    private const byte Kind = 1;

    /// <summary>Whether a text can be exchanged: not empty, no U+0000, no half surrogate pairs, short enough.</summary>
    public static bool CanTravel(string? text)
    {
        if (text is null or { Length: 0 or > MaxBytes } || text.Contains('\0', StringComparison.Ordinal)) return false;
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return false;
            i++;
        }
        return Encoding.UTF8.GetByteCount(text) <= MaxBytes;
    }

    /// <summary>The message; the text can travel.</summary>
    internal static byte[] Encode(string text)
    {
        byte[] message = new byte[1 + Encoding.UTF8.GetByteCount(text)];
        message[0] = Kind;
        _ = PlainText.Utf8.GetBytes(text, message.AsSpan(1));
        return message;
    }

    /// <summary>Null for a message that is none, or of a kind this version does not know.</summary>
    internal static string? TryDecode(ReadOnlySpan<byte> message)
    {
        if (message.Length is < 2 or > MaxBytes + 1 || message[0] != Kind || !System.Text.Unicode.Utf8.IsValid(message[1..])) return null;
        string text = Encoding.UTF8.GetString(message[1..]);
        return CanTravel(text) ? text : null;
    }
}
