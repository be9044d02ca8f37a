using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>advapi32: restarting the computer. Names and types as in winreg.h and winnt.h.</summary>
internal static unsafe partial class Advapi32Power
{
    public const string File = "advapi32";
    public const uint AdjustPrivileges = 0x20, Query = 0x8, Enabled = 0x2;

    /// <summary>SHTDN_REASON_FLAG_PLANNED, MAJOR_OTHER, MINOR_MAINTENANCE.</summary>
    public const uint PlannedMaintenance = 0x80000001;
    public const int NotAllAssigned = 1300, MachineLocked = 1271, ShutdownInProgress = 1115, NoShutdown = 1116;

    [LibraryImport(File, SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    public static partial int InitiateSystemShutdownExW(string? machine, string? message, uint seconds, int forces, int reboots, uint reason);

    [LibraryImport(File, SetLastError = true, StringMarshalling = StringMarshalling.Utf16)] public static partial int AbortSystemShutdownW(string? machine);
    [LibraryImport(File, SetLastError = true)] public static partial int OpenProcessToken(nint process, uint access, nint* token);
    [LibraryImport(File, SetLastError = true, StringMarshalling = StringMarshalling.Utf16)] public static partial int LookupPrivilegeValueW(string? system, string name, long* id);
    [LibraryImport(File, SetLastError = true)] public static partial int AdjustTokenPrivileges(nint token, int disablesAll, TokenPrivilege* wanted, uint length, nint before, nint returned);
    [LibraryImport("kernel32")] public static partial nint GetCurrentProcess();

    /// <summary>TOKEN_PRIVILEGES of one.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    internal struct TokenPrivilege
    {
        public uint Count;
        public long Id;
        public uint Attributes;
    }
}
