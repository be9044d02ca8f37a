using System.Runtime.InteropServices;
using RemoteAccess.Interop;

namespace RemoteAccess.Sessions;

/// <summary>The seam to Windows' own restart: 0, or the Win32 error.</summary>
internal delegate int InitiateRestart(TimeSpan notice, bool forces);

/// <summary>The seam to taking Windows' own restart back: 0, or the Win32 error.</summary>
internal delegate int AbortRestart();

/// <summary>Restarts by <c>InitiateSystemShutdownEx</c>, with the privilege for it and Windows' own notice to whoever is logged on.</summary>
internal static unsafe class SystemRestart
{
    public static int Initiate(TimeSpan notice, bool forces)
    {
        if (Enable("SeShutdownPrivilege") is not 0 and var error) return error;
        return Advapi32Power.InitiateSystemShutdownExW(null, null, (uint)notice.TotalSeconds, forces ? 1 : 0, 1, Advapi32Power.PlannedMaintenance) != 0 ? 0 : LastError();
    }

    public static int Abort()
    {
        if (Enable("SeShutdownPrivilege") is not 0 and var error) return error;
        return Advapi32Power.AbortSystemShutdownW(null) != 0 ? 0 : LastError();
    }

    private static int Enable(string privilege)
    {
        nint token;
        if (Advapi32Power.OpenProcessToken(Advapi32Power.GetCurrentProcess(), Advapi32Power.AdjustPrivileges | Advapi32Power.Query, &token) == 0) return LastError();
        try
        {
            Advapi32Power.TokenPrivilege wanted = new() { Count = 1, Attributes = Advapi32Power.Enabled };
            if (Advapi32Power.LookupPrivilegeValueW(null, privilege, &wanted.Id) == 0) return LastError();
            if (Advapi32Power.AdjustTokenPrivileges(token, 0, &wanted, 0, 0, 0) == 0) return LastError();
            // It succeeds too when it did nothing.
            return Marshal.GetLastPInvokeError() == Advapi32Power.NotAllAssigned ? Advapi32Power.NotAllAssigned : 0;
        }
        finally
        {
            _ = Advapi32Logon.CloseHandle(token);
        }
    }

    private static int LastError() => Marshal.GetLastPInvokeError() is var error && error != 0 ? error : -1;
}
