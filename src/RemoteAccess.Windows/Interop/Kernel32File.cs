using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace RemoteAccess.Interop;

/// <summary>kernel32: where an open file is. Names and values as in fileapi.h and winbase.h.</summary>
internal static unsafe partial class Kernel32File
{
    public const uint ReadAttributes = 0x80, ShareAll = 7, OpenExisting = 3, Folders = 0x02000000;

    [LibraryImport("kernel32", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    public static partial SafeFileHandle CreateFileW(string name, uint access, uint share, nint security, uint how, uint flags, nint template);

    [LibraryImport("kernel32", SetLastError = true)] public static partial uint GetFinalPathNameByHandleW(SafeFileHandle file, char* path, uint room, uint flags);
}
