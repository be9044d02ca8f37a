using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>advapi32: whether a password is an account's. Names and types as in winbase.h.</summary>
internal static unsafe partial class Advapi32Logon
{
    /// <summary>LOGON32_LOGON_NETWORK: checks, and makes neither profile nor cached credentials nor a session.</summary>
    public const uint Network = 3;

    [LibraryImport("advapi32", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    public static partial int LogonUserW(string user, string? domain, char* password, uint kind, uint provider, nint* token);

    [LibraryImport("kernel32")] public static partial int CloseHandle(nint handle);
}
