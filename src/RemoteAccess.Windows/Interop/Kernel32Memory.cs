using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace RemoteAccess.Interop;

/// <summary>kernel32: memory that two processes share. Names and values as in winbase.h and memoryapi.h.</summary>
internal static unsafe partial class Kernel32Memory
{
    public const uint ReadWrite = 4, MapWrite = 2, MapRead = 4, SameAccess = 2;

    [LibraryImport("kernel32", SetLastError = true)]
    public static partial SafeFileHandle CreateFileMappingW(nint file, nint security, uint protection, uint sizeHigh, uint sizeLow, nint name);
    [LibraryImport("kernel32", SetLastError = true)] public static partial void* MapViewOfFile(SafeFileHandle section, uint access, uint offsetHigh, uint offsetLow, nuint bytes);
    [LibraryImport("kernel32", SetLastError = true)] public static partial int UnmapViewOfFile(void* address);
    [LibraryImport("kernel32", SetLastError = true)]
    public static partial int DuplicateHandle(nint sourceProcess, SafeHandle source, SafeProcessHandle targetProcess, nint* target, uint access, int inherit, uint options);
    [LibraryImport("kernel32")] public static partial nint GetCurrentProcess();
}
