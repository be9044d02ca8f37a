using Microsoft.Win32.SafeHandles;

namespace RemoteAccess.Interop;

/// <summary>The end of a process as a task. Disposed before the process' handle.</summary>
internal sealed unsafe class ProcessEnd : IDisposable
{
    private readonly SafeProcessHandle process;
    private readonly ManualResetEvent waiting = new(false);
    private readonly RegisteredWaitHandle registration;
    private readonly TaskCompletionSource<int> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ProcessEnd(SafeProcessHandle process)
    {
        this.process = process;
        waiting.SafeWaitHandle.Dispose();
        waiting.SafeWaitHandle = new SafeWaitHandle(process.DangerousGetHandle(), ownsHandle: false);
        registration = ThreadPool.RegisterWaitForSingleObject(waiting, static (self, _) => ((ProcessEnd)self!).Note(), this, Timeout.Infinite, executeOnlyOnce: true);
    }

    /// <summary>Its exit code; -1 when that is not known.</summary>
    public Task<int> Task => ended.Task;

    /// <summary>Nobody waits any more; what had not ended counts as ended with 1.</summary>
    public void Dispose()
    {
        _ = registration.Unregister(null);
        waiting.Dispose();
        ended.TrySetResult(1);
    }

    private void Note()
    {
        uint code = 0;
        bool isKnown = !process.IsClosed && Kernel32Launch.GetExitCodeProcess(process, &code) != 0;
        ended.TrySetResult(isKnown ? (int)code : -1);
    }
}
