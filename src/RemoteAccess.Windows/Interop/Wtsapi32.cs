using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace RemoteAccess.Interop;

/// <summary>wtsapi32: what goes on in a session, and whose it is; and the environment of a user's process from userenv. Names and types as in wtsapi32.h.</summary>
internal static unsafe partial class Wtsapi32
{
    public const int SessionInfoEx = 25, UserName = 5, Active = 0;
    /// <summary>As an answer, none; as a question, this process' own.</summary>
    public const uint NoSession = 0xFFFFFFFF, CurrentSession = 0xFFFFFFFF;

    [LibraryImport("wtsapi32", SetLastError = true)]
    public static partial int WTSQuerySessionInformationW(nint server, uint session, int what, void** information, uint* bytes);

    [LibraryImport("wtsapi32", SetLastError = true)]
    public static partial int WTSEnumerateSessionsW(nint server, uint reserved, uint version, WtsSession** sessions, uint* count);

    [LibraryImport("wtsapi32")] public static partial void WTSFreeMemory(void* memory);

    /// <summary>The session with the computer's own screen and keyboard; <see cref="NoSession"/> while it changes.</summary>
    [LibraryImport("kernel32")] public static partial uint WTSGetActiveConsoleSessionId();

    [LibraryImport("wtsapi32", SetLastError = true)] public static partial int WTSQueryUserToken(uint session, out SafeAccessTokenHandle token);
    [LibraryImport("userenv", SetLastError = true)] public static partial int CreateEnvironmentBlock(void** block, SafeAccessTokenHandle token, int inherit);
    [LibraryImport("userenv", SetLastError = true)] public static partial int DestroyEnvironmentBlock(void* block);
}

/// <summary>WTS_SESSION_INFOW.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct WtsSession
{
    public uint Id;
    public char* Station;
    public int State;
}
