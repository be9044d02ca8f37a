using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using RemoteAccess.Transport;

namespace RemoteAccess.Interop;

/// <summary>A process in a job of its own. Closing the job's last handle, as the end of this process does, ends it and what it started.</summary>
internal sealed unsafe class SessionProcess : ISessionProcess
{
    private readonly SafeProcessHandle process;
    private readonly SafeJobHandle job;
    private readonly ProcessEnd end;

    /// <param name="made">A process that has not begun; its handles are owned from now on.</param>
    /// <exception cref="Win32Exception">There is no job for it; it is ended.</exception>
    public SessionProcess(ProcessInfo made)
    {
        process = new SafeProcessHandle(made.Process, ownsHandle: true);
        SafeJobHandle? confining = null;
        try
        {
            job = confining = SafeJobHandle.EndingWithThisProcess();
            if (Kernel32Launch.AssignProcessToJobObject(job, process) == 0) throw new Win32Exception(Marshal.GetLastPInvokeError());
            Peer = PipePeer.Of(process, made.ProcessId);
            if (Kernel32Launch.ResumeThread(made.Thread) == uint.MaxValue) throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
        catch (Exception failure)
        {
            _ = Kernel32Launch.TerminateProcess(process, 1);
            process.Dispose();
            confining?.Dispose();
            if (failure is ChannelException) throw new Win32Exception(failure.Message);
            throw;
        }
        finally
        {
            _ = Kernel32Launch.CloseHandle(made.Thread);
        }
        end = new ProcessEnd(process);
    }

    public PipePeer Peer { get; }

    public Task<int> Ended => end.Task;

    public void Kill() => _ = Kernel32Launch.TerminateJobObject(job, 1);

    public SafeAccessTokenHandle OpenToken() => Advapi32Token.OpenProcessToken(process, Advapi32Token.Query | Advapi32Token.Duplicate | Advapi32Token.Impersonate, out SafeAccessTokenHandle token) != 0
        ? token
        : throw new Win32Exception(Marshal.GetLastPInvokeError());

    public nint Give(SafeHandle handle)
    {
        nint there = 0;
        return Kernel32Memory.DuplicateHandle(Kernel32Memory.GetCurrentProcess(), handle, process, &there, 0, 0, Kernel32Memory.SameAccess) != 0
            ? there
            : throw new IOException($"The session helper takes no handle: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
    }

    public void Dispose()
    {
        Kill();
        end.Dispose();
        job.Dispose();
        process.Dispose();
    }
}
