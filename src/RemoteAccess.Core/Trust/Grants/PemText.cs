using System.Security.Cryptography;

namespace RemoteAccess.Trust;

/// <summary>RFC 7468 text with exactly one block: what cannot be misread when two people mail it.</summary>
internal static class PemText
{
    public static string Write(string label, ReadOnlySpan<byte> content) => PemEncoding.WriteString(label, content) + "\n";

    public static bool TryRead(ReadOnlySpan<char> text, string label, int maxLength, out byte[] content)
    {
        content = [];
        text = text.Trim();
        if (text.Length > maxLength * 2 + 128 || !PemEncoding.TryFind(text, out PemFields fields)) return false;
        if (!text[fields.Label].SequenceEqual(label) || fields.DecodedDataLength > maxLength) return false;
        if (fields.Location.GetOffsetAndLength(text.Length) != (0, text.Length)) return false;
        byte[] decoded = new byte[fields.DecodedDataLength];
        if (!Convert.TryFromBase64Chars(text[fields.Base64Data], decoded, out int written) || written != decoded.Length) return false;
        content = decoded;
        return true;
    }
}
