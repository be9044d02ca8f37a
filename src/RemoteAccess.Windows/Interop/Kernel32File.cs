using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace RemoteAccess.Interop;

/// <summary>kernel32: opening a file, and where an open one is. Names and values as in fileapi.h, winnt.h and winbase.h.</summary>
internal static unsafe partial class Kernel32File
{
    public const uint ReadAttributes = 0x80, Traverse = 0x20, Delete = 0x10000, Synchronize = 0x100000, GenericWrite = 0x40000000;
    public const uint ShareRead = 1, ShareReadWrite = 3, ShareAll = 7, CreateNew = 1, OpenExisting = 3, Normal = 0x80, Folders = 0x02000000;

    [LibraryImport("kernel32", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    public static partial SafeFileHandle CreateFileW(string name, uint access, uint share, nint security, uint how, uint flags, nint template);

    [LibraryImport("kernel32", SetLastError = true)] public static partial uint GetFinalPathNameByHandleW(SafeFileHandle file, char* path, uint room, uint flags);
}
