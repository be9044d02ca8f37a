using System.ComponentModel;
using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>kernel32: what a new process gets besides its command line. Names and values as in processthreadsapi.h and winbase.h.</summary>
internal static unsafe partial class Kernel32Start
{
    public const uint Extended = 0x80000, UsesHandles = 0x100;

    /// <summary>PROC_THREAD_ATTRIBUTE_HANDLE_LIST, PROC_THREAD_ATTRIBUTE_JOB_LIST.</summary>
    public const nuint HandleList = 0x20002, JobList = 0x2000D;

    [LibraryImport("kernel32", SetLastError = true)] public static partial int InitializeProcThreadAttributeList(void* list, uint count, uint flags, nuint* size);
    [LibraryImport("kernel32", SetLastError = true)] public static partial int UpdateProcThreadAttribute(void* list, uint flags, nuint attribute, void* value, nuint size, nint before, nint returned);
    [LibraryImport("kernel32")] public static partial void DeleteProcThreadAttributeList(void* list);

    /// <summary>Starts a process that inherits these handles and no other, and is in the job before its first instruction.</summary>
    /// <exception cref="Win32Exception">Windows does not.</exception>
    public static ProcessInfo StartInJob(string program, string commandLine, string environment, string folder, SafeJobHandle job, nint input, nint output, nint error)
    {
        nuint size = 0;
        _ = InitializeProcThreadAttributeList(null, 2, 0, &size);
        byte[] memory = GC.AllocateArray<byte>((int)size, pinned: true);
        nint* handles = stackalloc nint[] { input, output, error };
        nint its = job.DangerousGetHandle();
        fixed (byte* list = memory)
        {
            if (InitializeProcThreadAttributeList(list, 2, 0, &size) == 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
            try
            {
                if (UpdateProcThreadAttribute(list, 0, HandleList, handles, (nuint)(3 * sizeof(nint)), 0, 0) == 0 || UpdateProcThreadAttribute(list, 0, JobList, &its, (nuint)sizeof(nint), 0, 0) == 0)
                    throw new Win32Exception(Marshal.GetLastPInvokeError());
                ExtendedStartupInfo start = new() { Basic = new StartupInfo { Size = (uint)sizeof(ExtendedStartupInfo), Flags = UsesHandles, Input = input, Output = output, Error = error }, Attributes = list };
                ProcessInfo made;
                fixed (char* name = program, line = (commandLine + "\0").ToCharArray(), block = environment, where = folder)
                {
                    if (Kernel32Launch.CreateProcessW(name, line, 0, 0, 1, Extended | Kernel32Launch.UnicodeEnvironment | Kernel32Launch.NoWindow, block, where, &start.Basic, &made) == 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
                }
                return made;
            }
            finally
            {
                DeleteProcThreadAttributeList(list);
                GC.KeepAlive(job);
            }
        }
    }

    /// <summary>STARTUPINFOEXW.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct ExtendedStartupInfo
    {
        public StartupInfo Basic;
        public void* Attributes;
    }
}
