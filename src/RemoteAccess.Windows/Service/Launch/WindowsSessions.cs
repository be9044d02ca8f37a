using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace RemoteAccess.Interop;

/// <summary>
/// Windows' own sessions. The helper gets this process' token for the other session, which takes the system's rights (SeTcbPrivilege); the surface the token of the user there.
/// Not as a service, everything is started in this very session, as ordinary children.
/// </summary>
internal sealed unsafe class WindowsSessions(OwnProgram program, bool isService) : ISessionSystem
{
    private const string Desktop = @"winsta0\default";

    private readonly Lock choosing = new();
    private uint? served;

    public bool IsService => isService;

    public uint? ActiveSession
    {
        get
        {
            if (!isService) return OwnSession();
            uint console = Wtsapi32.WTSGetActiveConsoleSessionId();
            lock (choosing) return served = PersonsSession.Choose(console == Wtsapi32.NoSession ? null : console, List(), served);
        }
    }

    public ISessionProcess Start(IReadOnlyList<string> arguments, uint session, SessionAccount account)
    {
        // The call writes into the command line.
        char[] line = [.. program.CommandLine(arguments), '\0'];
        ProcessInfo made = default;
        fixed (char* application = program.Path, command = line, desktop = Desktop, folder = Path.GetDirectoryName(program.Path))
        {
            StartupInfo startup = new() { Size = (uint)sizeof(StartupInfo), Desktop = desktop };
            if (!isService) Demand(Kernel32Launch.CreateProcessW(application, command, 0, 0, 0, Kernel32Launch.Suspended | Kernel32Launch.NoWindow | Kernel32Launch.NewGroup, null, folder, &startup, &made));
            else StartAs(application, command, folder, &startup, &made, session, account);
        }
        return new SessionProcess(made);
    }

    /// <summary>Empty where Windows does not say; then the console is served.</summary>
    internal static IReadOnlyList<SessionFacts> List()
    {
        WtsSession* all;
        uint count;
        if (Wtsapi32.WTSEnumerateSessionsW(0, 0, 1, &all, &count) == 0) return [];
        try
        {
            SessionFacts[] found = new SessionFacts[count];
            for (int i = 0; i < found.Length; i++) found[i] = new SessionFacts(all[i].Id, all[i].State == Wtsapi32.Active, UserOf(all[i].Id));
            return found;
        }
        finally
        {
            Wtsapi32.WTSFreeMemory(all);
        }
    }

    private static string UserOf(uint session)
    {
        void* name;
        uint bytes;
        if (Wtsapi32.WTSQuerySessionInformationW(0, session, Wtsapi32.UserName, &name, &bytes) == 0) return "";
        try
        {
            return bytes < sizeof(char) ? "" : new string((char*)name);
        }
        finally
        {
            Wtsapi32.WTSFreeMemory(name);
        }
    }

    private static void StartAs(char* application, char* command, char* folder, StartupInfo* startup, ProcessInfo* made, uint session, SessionAccount account)
    {
        using SafeAccessTokenHandle token = account == SessionAccount.Own ? OwnToken(session) : UserToken(session);
        void* environment = null;
        // A user's program gets the user's environment and not the system's.
        if (account == SessionAccount.User) Demand(Wtsapi32.CreateEnvironmentBlock(&environment, token, 0));
        try
        {
            Demand(Kernel32Launch.CreateProcessAsUserW(token, application, command, 0, 0, 0, Kernel32Launch.Suspended | Kernel32Launch.NoWindow | Kernel32Launch.NewGroup | Kernel32Launch.UnicodeEnvironment, environment, folder, startup, made));
        }
        finally
        {
            if (environment != null) _ = Wtsapi32.DestroyEnvironmentBlock(environment);
        }
    }

    private static SafeAccessTokenHandle OwnToken(uint session)
    {
        using SafeProcessHandle self = Kernel32Process.OpenProcess(Kernel32Process.QueryLimited, 0, (uint)Environment.ProcessId);
        Demand(Advapi32Token.OpenProcessToken(self, Kernel32Launch.Duplicate | Kernel32Launch.Query, out SafeAccessTokenHandle own));
        using (own)
        {
            Demand(Kernel32Launch.DuplicateTokenEx(own, Kernel32Launch.MaximumAllowed, 0, Kernel32Launch.Impersonation, Kernel32Launch.Primary, out SafeAccessTokenHandle copy));
            if (session != OwnSession() && Kernel32Launch.SetTokenInformation(copy, Advapi32Token.Session, &session, sizeof(uint)) == 0)
            {
                Win32Exception failure = new(Marshal.GetLastPInvokeError());
                copy.Dispose();
                throw failure;
            }
            return copy;
        }
    }

    private static SafeAccessTokenHandle UserToken(uint session)
    {
        Demand(Wtsapi32.WTSQueryUserToken(session, out SafeAccessTokenHandle token));
        return token;
    }

    private static uint OwnSession()
    {
        uint session = 0;
        return Kernel32Process.ProcessIdToSessionId((uint)Environment.ProcessId, &session) != 0 ? session : 0;
    }

    private static void Demand(int succeeded)
    {
        if (succeeded == 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
    }
}
