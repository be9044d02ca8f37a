using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace RemoteAccess.Interop;

/// <summary>advapi32: whose a process is. Names and values as in winnt.h.</summary>
internal static unsafe partial class Advapi32Token
{
    public const uint Duplicate = 2, Impersonate = 4, Query = 8;
    public const int User = 1, Session = 12;

    [LibraryImport("advapi32", SetLastError = true)] public static partial int OpenProcessToken(SafeProcessHandle process, uint access, out SafeAccessTokenHandle token);
    [LibraryImport("advapi32", SetLastError = true)] public static partial int GetTokenInformation(SafeAccessTokenHandle token, int kind, void* data, uint length, uint* needed);
}
