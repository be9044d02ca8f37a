using System.Runtime.InteropServices;
using RemoteAccess.Interop;

namespace RemoteAccess.Sessions;

/// <summary>
/// The text on the clipboard, while it is open; and what programs say about passing it on, as password managers do. Lines end with CR LF there and with LF here.
/// </summary>
internal static unsafe class ClipboardMemory
{
    // Formats of Microsoft's own (clipboard formats for history and cloud), and the one that password managers used before.
    private static readonly uint Excluded = User32Clipboard.RegisterClipboardFormatW("ExcludeClipboardContentFromMonitorProcessing");
    private static readonly uint History = User32Clipboard.RegisterClipboardFormatW("CanIncludeInClipboardHistory");
    private static readonly uint Cloud = User32Clipboard.RegisterClipboardFormatW("CanUploadToCloudClipboard");
    private static readonly uint Ignored = User32Clipboard.RegisterClipboardFormatW("Clipboard Viewer Ignore");

    /// <summary>Whether the program that copied it does not want it passed on.</summary>
    public static bool IsPrivate => User32Clipboard.IsClipboardFormatAvailable(Excluded) != 0 || User32Clipboard.IsClipboardFormatAvailable(Ignored) != 0 || IsDenied(History) || IsDenied(Cloud);

    /// <summary>The text; null when there is none, or one that is not to travel.</summary>
    public static string? Read()
    {
        if (IsPrivate || User32Clipboard.IsClipboardFormatAvailable(User32Clipboard.UnicodeText) == 0) return null;
        nint memory = User32Clipboard.GetClipboardData(User32Clipboard.UnicodeText);
        if (memory == 0) return null;
        nuint bytes = User32Clipboard.GlobalSize(memory);
        // Each character is one byte of UTF-8 at least, and a line end two of these.
        if (bytes < sizeof(char) || bytes > (2UL * sizeof(char) * ClipboardText.MaxBytes) + sizeof(char)) return null;
        void* locked = User32Clipboard.GlobalLock(memory);
        if (locked is null) return null;
        try
        {
            ReadOnlySpan<char> characters = new(locked, (int)(bytes / sizeof(char)));
            int end = characters.IndexOf('\0');
            string text = new string(end < 0 ? characters : characters[..end]).Replace("\r\n", "\n", StringComparison.Ordinal);
            return ClipboardText.CanTravel(text) ? text : null;
        }
        finally
        {
            _ = User32Clipboard.GlobalUnlock(memory);
        }
    }

    /// <summary>Puts a text there in the place of everything that was.</summary>
    /// <exception cref="DesktopException">The system does not take it.</exception>
    public static void Write(string text)
    {
        string lines = text.ReplaceLineEndings("\r\n");
        nint memory = User32Clipboard.GlobalAlloc(User32Clipboard.Movable, (nuint)((lines.Length + 1) * sizeof(char)));
        void* locked = memory == 0 ? null : User32Clipboard.GlobalLock(memory);
        if (locked is null) throw new DesktopException(DesktopError.UnsupportedFormat, $"There is no memory for a text of {lines.Length} characters.");
        Span<char> room = new(locked, lines.Length + 1);
        lines.CopyTo(room);
        room[^1] = '\0';
        _ = User32Clipboard.GlobalUnlock(memory);
        _ = User32Clipboard.EmptyClipboard();
        if (User32Clipboard.SetClipboardData(User32Clipboard.UnicodeText, memory) != 0) return;
        int error = Marshal.GetLastPInvokeError();
        _ = User32Clipboard.GlobalFree(memory);
        throw new DesktopException(DesktopError.UnsupportedFormat, $"The clipboard does not take the text (error {error}).");
    }

    /// <summary>A DWORD of 0 says no; anything that cannot be read says no too.</summary>
    private static bool IsDenied(uint format)
    {
        if (User32Clipboard.IsClipboardFormatAvailable(format) == 0) return false;
        nint memory = User32Clipboard.GetClipboardData(format);
        void* locked = memory == 0 || User32Clipboard.GlobalSize(memory) < sizeof(uint) ? null : User32Clipboard.GlobalLock(memory);
        if (locked is null) return true;
        bool isDenied = *(uint*)locked == 0;
        _ = User32Clipboard.GlobalUnlock(memory);
        return isDenied;
    }
}
