using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace RemoteAccess.Interop;

/// <summary>kernel32: a process, as others see it. Names and values as in winnt.h.</summary>
internal static unsafe partial class Kernel32Process
{
    public const uint QueryLimited = 0x1000;

    [LibraryImport("kernel32", SetLastError = true)] public static partial SafeProcessHandle OpenProcess(uint access, int inherit, uint process);
    [LibraryImport("kernel32", SetLastError = true)] public static partial int QueryFullProcessImageNameW(SafeProcessHandle process, uint flags, char* path, uint* length);
    [LibraryImport("kernel32", SetLastError = true)] public static partial int ProcessIdToSessionId(uint process, uint* session);
}
