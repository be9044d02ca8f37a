using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace RemoteAccess.Interop;

/// <summary>advapi32: the service control manager. Names and values as in winsvc.h.</summary>
internal static unsafe partial class Advapi32Service
{
    public const uint ConnectManager = 1, CreateService = 2;
    public const uint QueryConfig = 1, QueryStatus = 4, StartRight = 0x10, StopRight = 0x20, DeleteRight = 0x10000, AllAccess = 0xF01FF;
    public const uint OwnProcess = 0x10, AutoStart = 2, ErrorNormal = 1;
    public const uint Description = 1, FailureActions = 2, DelayedStart = 3, FailureFlag = 4;
    public const int ActionRestart = 1, MaxConfig = 8192;
    public const uint Stopped = 1, StartPending = 2, StopPending = 3, Running = 4;
    public const uint AcceptStop = 1, AcceptShutdown = 4, AcceptSessionChange = 0x80;
    public const uint ControlStop = 1, ControlInterrogate = 4, ControlShutdown = 5, ControlSessionChange = 14;
    public const int AccessDenied = 5, CannotConnect = 1063, NotActive = 1062, AlreadyRunning = 1056, DoesNotExist = 1060, MarkedForDelete = 1072, AlreadyExists = 1073, DuplicateName = 1078, SpecificError = 1066, NotImplemented = 120, InvalidLevel = 124;

    [LibraryImport("advapi32", StringMarshalling = StringMarshalling.Utf16, SetLastError = true)] public static partial SafeServiceHandle OpenSCManagerW(nint machine, nint database, uint access);
    [LibraryImport("advapi32", StringMarshalling = StringMarshalling.Utf16, SetLastError = true)] public static partial SafeServiceHandle OpenServiceW(SafeServiceHandle manager, string name, uint access);
    [LibraryImport("advapi32", StringMarshalling = StringMarshalling.Utf16, SetLastError = true)]
    public static partial SafeServiceHandle CreateServiceW(SafeServiceHandle manager, string name, string displayName, uint access, uint kind, uint start, uint errors, string commandLine, nint group, nint tag, nint dependencies, nint account, nint password);
    [LibraryImport("advapi32", SetLastError = true)] public static partial int ChangeServiceConfig2W(SafeServiceHandle service, uint level, void* info);
    [LibraryImport("advapi32", SetLastError = true)] public static partial int QueryServiceConfigW(SafeServiceHandle service, void* config, uint length, uint* needed);
    [LibraryImport("advapi32", SetLastError = true)] public static partial int QueryServiceConfig2W(SafeServiceHandle service, uint level, void* info, uint length, uint* needed);
    [LibraryImport("advapi32", SetLastError = true)] public static partial int DeleteService(SafeServiceHandle service);
    [LibraryImport("advapi32", SetLastError = true)] public static partial int StartServiceW(SafeServiceHandle service, uint count, nint arguments);
    [LibraryImport("advapi32", SetLastError = true)] public static partial int ControlService(SafeServiceHandle service, uint control, ServiceStatus* status);
    [LibraryImport("advapi32", SetLastError = true)] public static partial int QueryServiceStatus(SafeServiceHandle service, ServiceStatus* status);
    [LibraryImport("advapi32", SetLastError = true)] public static partial int CloseServiceHandle(nint handle);
    [LibraryImport("advapi32", SetLastError = true)] public static partial int StartServiceCtrlDispatcherW(ServiceEntry* table);
    [LibraryImport("advapi32", StringMarshalling = StringMarshalling.Utf16, SetLastError = true)]
    public static partial nint RegisterServiceCtrlHandlerExW(string name, delegate* unmanaged<uint, uint, void*, void*, uint> handler, nint context);
    [LibraryImport("advapi32", SetLastError = true)] public static partial int SetServiceStatus(nint handle, ServiceStatus* status);
}

/// <summary>A handle of the service control manager.</summary>
internal sealed class SafeServiceHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle() => Advapi32Service.CloseServiceHandle(handle) != 0;
}

/// <summary>SERVICE_TABLE_ENTRYW.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ServiceEntry
{
    public char* Name;
    public delegate* unmanaged<uint, char**, void> Main;
}

/// <summary>SERVICE_STATUS.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ServiceStatus
{
    public uint Kind, State, Accepted, ExitCode, SpecificExitCode, CheckPoint, WaitHint;
}

/// <summary>QUERY_SERVICE_CONFIGW.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ServiceConfig
{
    public uint Kind, Start, Errors;
    public char* CommandLine, Group;
    public uint Tag;
    public char* Dependencies, Account, DisplayName;
}

/// <summary>SERVICE_FAILURE_ACTIONSW.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ServiceFailureActions
{
    public uint ResetSeconds;
    public char* RebootMessage, Command;
    public uint Count;
    public ServiceAction* Actions;
}

/// <summary>SC_ACTION.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ServiceAction
{
    public int Kind;
    public uint DelayMilliseconds;
}
