using System.IO.Compression;
using System.Security.Cryptography;

namespace RemoteAccess.Trust;

/// <summary>
/// The list of common passwords (protocol.md §4): 129 000 in the resource <c>common-passwords.txt.br</c>, Brotli over lines of 6 to 64
/// printable ASCII characters in lower case, sorted. Source, selection and licence are in the package's <c>common-passwords.md</c>. It is
/// read through anew for each code and never kept, about 20 ms; nothing of the code is copied to where it cannot be zeroed.
/// </summary>
internal static class CommonPasswords
{
    private const string Resource = "RemoteAccess.Trust.common-passwords.txt.br";
    private const int BufferLength = 64 * 1024;

    /// <summary>
    /// Finds every place where a common password stands in the text, whatever the case, and writes the length of the longest that begins at
    /// each character; 0 where none does.
    /// </summary>
    /// <param name="text">At most a code's length: the whole list is held against it.</param>
    /// <param name="longestAt">As long as the text.</param>
    public static void Find(ReadOnlySpan<char> text, Span<int> longestAt)
    {
        longestAt.Clear();
        char[] lower = GC.AllocateArray<char>(text.Length, pinned: true);
        byte[] ascii = GC.AllocateArray<byte>(text.Length, pinned: true);
        try
        {
            text.ToLowerInvariant(lower);
            // A character that no line has becomes one that no line has: a control character.
            for (int i = 0; i < lower.Length; i++) ascii[i] = char.IsAscii(lower[i]) ? (byte)lower[i] : (byte)0;
            using Stream packed = typeof(CommonPasswords).Assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"The package lacks {Resource}.");
            using var list = new BrotliStream(packed, CompressionMode.Decompress);
            Scan(list, ascii, longestAt);
        }
        finally
        {
            Array.Clear(lower);
            CryptographicOperations.ZeroMemory(ascii);
        }
    }

    private static void Scan(Stream list, ReadOnlySpan<byte> text, Span<int> longestAt)
    {
        byte[] buffer = new byte[BufferLength];
        int kept = 0;
        for (int read; (read = list.Read(buffer, kept, buffer.Length - kept)) > 0;)
        {
            ReadOnlySpan<byte> lines = buffer.AsSpan(0, kept + read);
            for (int end; (end = lines.IndexOf((byte)'\n')) >= 0; lines = lines[(end + 1)..]) Mark(text, lines[..end], longestAt);
            kept = lines.Length;
            lines.CopyTo(buffer);
        }
    }

    private static void Mark(ReadOnlySpan<byte> text, ReadOnlySpan<byte> password, Span<int> longestAt)
    {
        for (int from = 0, found; (found = text[from..].IndexOf(password)) >= 0; from += found + 1)
        {
            longestAt[from + found] = Math.Max(longestAt[from + found], password.Length);
        }
    }
}
