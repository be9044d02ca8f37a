using System.ComponentModel;
using System.IO.Pipes;
using Microsoft.Win32.SafeHandles;
using RemoteAccess.Interop;

namespace RemoteAccess.Sessions;

/// <summary>
/// A program in a job. What it starts is in the job too, and no process leaves it: it was not made so that one may. Closing the job's only handle, as the end of this process does, ends all of
/// them. Not thread-safe, but for the streams.
/// </summary>
internal sealed class JobProgram : IStartedProgram
{
    private readonly AnonymousPipeServerStream input = new(PipeDirection.Out, HandleInheritability.Inheritable);
    private readonly AnonymousPipeServerStream output = new(PipeDirection.In, HandleInheritability.Inheritable);
    private readonly AnonymousPipeServerStream error = new(PipeDirection.In, HandleInheritability.Inheritable);
    private readonly SafeJobHandle job;
    private readonly SafeProcessHandle process;
    private readonly ProcessEnd end;

    /// <param name="program">Its full path.</param>
    /// <param name="commandLine">What it is given, as the one text that Windows has.</param>
    /// <param name="environment">A block as Windows takes it.</param>
    /// <param name="folder">Its current directory.</param>
    /// <exception cref="Win32Exception">Windows did not start it; nothing of it is left.</exception>
    public JobProgram(string program, string commandLine, string environment, string folder)
    {
        SafeJobHandle? made = null;
        try
        {
            job = made = SafeJobHandle.EndingWithThisProcess();
            ProcessInfo started = Kernel32Start.StartInJob(program, commandLine, environment, folder, job, HandleOf(input), HandleOf(output), HandleOf(error));
            _ = Kernel32Launch.CloseHandle(started.Thread);
            process = new SafeProcessHandle(started.Process, ownsHandle: true);
        }
        catch
        {
            made?.Dispose();
            ClosePipes();
            throw;
        }
        finally
        {
            // The program's ends are the program's alone: so its end is the end of what is read.
            foreach (AnonymousPipeServerStream pipe in (AnonymousPipeServerStream[])[input, output, error]) pipe.DisposeLocalCopyOfClientHandle();
        }
        end = new ProcessEnd(process);
    }

    public Stream Input => input;

    public Stream Output => output;

    public Stream ErrorOutput => error;

    public Task<int> Exited => end.Task;

    public void EndAll() => _ = Kernel32Launch.TerminateJobObject(job, 1);

    public void Dispose()
    {
        EndAll();
        ClosePipes();
        end.Dispose();
        process.Dispose();
        job.Dispose();
    }

    private static nint HandleOf(AnonymousPipeServerStream pipe) => pipe.ClientSafePipeHandle.DangerousGetHandle();

    private void ClosePipes()
    {
        input.Dispose();
        output.Dispose();
        error.Dispose();
    }
}
