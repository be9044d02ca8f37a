using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>user32 and kernel32: the clipboard and the memory it holds. Names and types as in winuser.h.</summary>
internal static unsafe partial class User32Clipboard
{
    public const string File = "user32";
    public const uint UnicodeText = 13, Update = 0x031D;
    public const uint Movable = 0x2;
    public const nint MessageOnly = -3;

    [LibraryImport(File, SetLastError = true)] public static partial int OpenClipboard(nint window);
    [LibraryImport(File)] public static partial int CloseClipboard();
    [LibraryImport(File)] public static partial int EmptyClipboard();
    [LibraryImport(File, SetLastError = true)] public static partial nint GetClipboardData(uint format);
    [LibraryImport(File, SetLastError = true)] public static partial nint SetClipboardData(uint format, nint memory);
    [LibraryImport(File)] public static partial int IsClipboardFormatAvailable(uint format);
    [LibraryImport(File)] public static partial uint GetClipboardSequenceNumber();
    [LibraryImport(File, StringMarshalling = StringMarshalling.Utf16)] public static partial uint RegisterClipboardFormatW(string name);
    [LibraryImport(File, SetLastError = true)] public static partial int AddClipboardFormatListener(nint window);
    [LibraryImport(File)] public static partial int RemoveClipboardFormatListener(nint window);
    [LibraryImport(File)] public static partial nint SetParent(nint window, nint parent);

    [LibraryImport("kernel32")] public static partial nint GlobalAlloc(uint flags, nuint bytes);
    [LibraryImport("kernel32")] public static partial nint GlobalFree(nint memory);
    [LibraryImport("kernel32")] public static partial void* GlobalLock(nint memory);
    [LibraryImport("kernel32")] public static partial int GlobalUnlock(nint memory);
    [LibraryImport("kernel32")] public static partial nuint GlobalSize(nint memory);
}
