using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using RemoteAccess.Interop;

namespace RemoteAccess.Sessions;

/// <summary>Where a file is, by the name that Windows has for it: junctions and links are resolved, short names are long; and the file's name by its handle. Thread-safe.</summary>
internal sealed class FinalPaths : IFilePlaces
{
    private const int MostLetters = 32_768;
    private const uint PathNotFound = 3, AccessDenied = 5;
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

    public SafeFileHandle Create(string path)
    {
        SafeFileHandle made = Kernel32File.CreateFileW(Prefix + Path.GetFullPath(path), Kernel32File.GenericWrite | Kernel32File.Delete | Kernel32File.ReadAttributes, Kernel32File.ShareRead, 0, Kernel32File.CreateNew, Kernel32File.Normal, 0);
        if (!made.IsInvalid) return made;
        int error = Marshal.GetLastPInvokeError();
        made.Dispose();
        throw Failed((uint)error);
    }

    public unsafe void Rename(SafeFileHandle opened, string name, bool mayReplace)
    {
        ArgumentNullException.ThrowIfNull(opened);
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (name.AsSpan().ContainsAny('\\', '/', ':')) throw new ArgumentException("This is no file's name.", nameof(name));
        string at = Path.GetDirectoryName(WhereIs(opened)) ?? throw new IOException("Windows does not say where the file is.");
        // Held: while it is open nobody puts another folder, or a link, in its place. A link that is there already leads to a folder of another name.
        using SafeFileHandle folder = Kernel32File.CreateFileW(Prefix + at, Kernel32File.Traverse | Kernel32File.ReadAttributes | Kernel32File.Synchronize, Kernel32File.ShareReadWrite, 0, Kernel32File.OpenExisting, Kernel32File.Folders, 0);
        if (folder.IsInvalid) throw Failed((uint)Marshal.GetLastPInvokeError());
        if (!string.Equals(WhereIs(folder), at, StringComparison.OrdinalIgnoreCase)) throw new IOException("The file's folder is not where it was.");

        byte[] room = new byte[sizeof(RenameInformation) + (name.Length * sizeof(char))];
        bool isHeld = false;
        try
        {
            folder.DangerousAddRef(ref isHeld);
            fixed (byte* first = room)
            {
                var information = (RenameInformation*)first;
                information->ReplaceIfExists = mayReplace ? (byte)1 : (byte)0;
                information->Folder = folder.DangerousGetHandle();
                information->NameBytes = (uint)(name.Length * sizeof(char));
                name.CopyTo(new Span<char>(&information->FirstLetter, name.Length));
                StatusBlock block;
                int status = NtdllFile.NtSetInformationFile(opened, &block, first, (uint)room.Length, NtdllFile.RenameInformation);
                if (status < 0) throw Failed(NtdllFile.RtlNtStatusToDosError(status));
            }
        }
        finally
        {
            if (isHeld) folder.DangerousRelease();
        }
    }

    /// <summary>As the framework says it of its own calls.</summary>
    private static Exception Failed(uint error)
    {
        string words = Marshal.GetPInvokeErrorMessage((int)error);
        return error switch
        {
            PathNotFound => new DirectoryNotFoundException(words),
            AccessDenied => new UnauthorizedAccessException(words),
            _ => new IOException(words, unchecked((int)(0x80070000 | error))),
        };
    }
}
