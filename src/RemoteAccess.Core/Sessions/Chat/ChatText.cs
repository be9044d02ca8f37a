using System.Text;
using RemoteAccess.Transport;
using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>What may be written in a chat: something to read, without what would steer a terminal or turn the reading direction.</summary>
internal static class ChatText
{
    /// <summary>The longest text, in bytes of UTF-8.</summary>
    public const int MaxBytes = MessageBody.MaxTextBytes;

    /// <summary>The text with every end of line as LF; null when it is none.</summary>
    public static string? TryRead(string? text)
    {
        if (text is null || text.Length > MaxBytes || string.IsNullOrWhiteSpace(text)) return null;
        string plain = text.ReplaceLineEndings("\n");
        return PlainText.IsAcceptable(plain, MaxBytes, allowLines: true) ? plain : null;
    }

    /// <summary>How long a text is for the ledger.</summary>
    public static int BytesOf(string text) => Encoding.UTF8.GetByteCount(text);
}
