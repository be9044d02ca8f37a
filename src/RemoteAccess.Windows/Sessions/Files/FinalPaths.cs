using Microsoft.Win32.SafeHandles;
using RemoteAccess.Interop;

namespace RemoteAccess.Sessions;

/// <summary>Where a file is, by the name that Windows has for it: junctions and links are resolved, short names are long. Thread-safe.</summary>
internal sealed class FinalPaths : IFilePlaces
{
    private const int MostLetters = 32_768;
    private const string Prefix = @"\\?\";

    public unsafe string? WhereIs(SafeFileHandle opened)
    {
        ArgumentNullException.ThrowIfNull(opened);
        char[] letters = new char[MostLetters];
        fixed (char* first = letters)
        {
            uint length = Kernel32File.GetFinalPathNameByHandleW(opened, first, MostLetters, 0);
            if (length is 0 or >= MostLetters) return null;
            string path = new(first, 0, (int)length);
            // A disk of this computer, and no share: \\?\C:\folder, not \\?\UNC\server\share.
            return path.StartsWith(Prefix, StringComparison.Ordinal) && path.Length > 6 && path[5] == ':' ? path[Prefix.Length..] : null;
        }
    }

    public string? WhereIs(string folder)
    {
        using SafeFileHandle opened = Kernel32File.CreateFileW(folder, Kernel32File.ReadAttributes, Kernel32File.ShareAll, 0, Kernel32File.OpenExisting, Kernel32File.Folders, 0);
        return opened.IsInvalid ? null : WhereIs(opened);
    }
}
