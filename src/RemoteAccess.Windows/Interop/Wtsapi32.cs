using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace RemoteAccess.Interop;

/// <summary>wtsapi32, and the environment of a user's process from userenv.</summary>
internal static unsafe partial class Wtsapi32
{
    [LibraryImport("wtsapi32", SetLastError = true)] public static partial int WTSQueryUserToken(uint session, out SafeAccessTokenHandle token);
    [LibraryImport("userenv", SetLastError = true)] public static partial int CreateEnvironmentBlock(void** block, SafeAccessTokenHandle token, int inherit);
    [LibraryImport("userenv", SetLastError = true)] public static partial int DestroyEnvironmentBlock(void* block);
}
