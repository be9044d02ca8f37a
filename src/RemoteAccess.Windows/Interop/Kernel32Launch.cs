using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace RemoteAccess.Interop;

/// <summary>kernel32 and advapi32: a process in another session, in a job. Names and values as in processthreadsapi.h and winnt.h.</summary>
internal static unsafe partial class Kernel32Launch
{
    public const uint Suspended = 4, NewGroup = 0x200, UnicodeEnvironment = 0x400, NoWindow = 0x08000000;
    public const int ExtendedLimits = 9;
    public const uint KillOnClose = 0x2000;
    public const uint AssignPrimary = 1, Duplicate = 2, Query = 8, AdjustDefault = 0x80, AdjustSession = 0x100, MaximumAllowed = 0x02000000;
    public const int Impersonation = 2, Primary = 1;

    [LibraryImport("kernel32", SetLastError = true)] public static partial SafeJobHandle CreateJobObjectW(nint security, nint name);
    [LibraryImport("kernel32", SetLastError = true)] public static partial int SetInformationJobObject(SafeJobHandle job, int kind, void* data, uint length);
    [LibraryImport("kernel32", SetLastError = true)] public static partial int AssignProcessToJobObject(SafeJobHandle job, SafeProcessHandle process);
    [LibraryImport("kernel32", SetLastError = true)] public static partial int TerminateJobObject(SafeJobHandle job, uint code);
    [LibraryImport("kernel32", SetLastError = true)] public static partial int TerminateProcess(SafeProcessHandle process, uint code);
    [LibraryImport("kernel32", SetLastError = true)] public static partial uint ResumeThread(nint thread);
    [LibraryImport("kernel32", SetLastError = true)] public static partial int CloseHandle(nint handle);
    [LibraryImport("kernel32", SetLastError = true)] public static partial int GetExitCodeProcess(SafeProcessHandle process, uint* code);
    [LibraryImport("advapi32", SetLastError = true)]
    public static partial int DuplicateTokenEx(SafeAccessTokenHandle token, uint access, nint security, int level, int kind, out SafeAccessTokenHandle copy);
    [LibraryImport("advapi32", SetLastError = true)] public static partial int SetTokenInformation(SafeAccessTokenHandle token, int kind, void* data, uint length);
    [LibraryImport("advapi32", SetLastError = true)]
    public static partial int CreateProcessAsUserW(SafeAccessTokenHandle token, char* application, char* commandLine, nint process, nint thread, int inherit, uint flags, void* environment, char* folder, StartupInfo* startup, ProcessInfo* made);
    [LibraryImport("kernel32", SetLastError = true)]
    public static partial int CreateProcessW(char* application, char* commandLine, nint process, nint thread, int inherit, uint flags, void* environment, char* folder, StartupInfo* startup, ProcessInfo* made);
}

/// <summary>A job object; closing it ends its processes.</summary>
internal sealed class SafeJobHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    /// <summary>A job whose processes end when this, its only handle, is closed, as it is at the latest when this process ends.</summary>
    /// <exception cref="Win32Exception">Windows makes none.</exception>
    public static unsafe SafeJobHandle EndingWithThisProcess()
    {
        SafeJobHandle job = Kernel32Launch.CreateJobObjectW(0, 0);
        JobLimits limits = new() { Flags = Kernel32Launch.KillOnClose };
        if (!job.IsInvalid && Kernel32Launch.SetInformationJobObject(job, Kernel32Launch.ExtendedLimits, &limits, (uint)sizeof(JobLimits)) != 0) return job;
        Win32Exception failure = new(Marshal.GetLastPInvokeError());
        job.Dispose();
        throw failure;
    }

    protected override bool ReleaseHandle() => Kernel32Launch.CloseHandle(handle) != 0;
}

/// <summary>STARTUPINFOW.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct StartupInfo
{
    public uint Size;
    public char* Reserved, Desktop, Title;
    public uint X, Y, Width, Height, Columns, Rows, Fill, Flags;
    public ushort Show, ReservedBytes;
    public void* ReservedData;
    public nint Input, Output, Error;
}

/// <summary>PROCESS_INFORMATION.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ProcessInfo
{
    public nint Process, Thread;
    public uint ProcessId, ThreadId;
}

/// <summary>JOBOBJECT_EXTENDED_LIMIT_INFORMATION.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct JobLimits
{
    public long ProcessTime, JobTime;
    public uint Flags;
    public nuint LeastSet, MostSet;
    public uint Processes;
    public nuint Affinity;
    public uint Priority, Scheduling;
    public ulong ReadCount, WriteCount, OtherCount, ReadBytes, WriteBytes, OtherBytes;
    public nuint ProcessMemory, JobMemory, PeakProcess, PeakJob;
}
