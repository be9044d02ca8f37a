using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>
/// This process as a service: one in a process, once. The dispatcher has a thread, on which Windows calls for controls; Windows makes another for the service's own main, which
/// waits there for the work.
/// </summary>
internal static class ServiceProcess
{
    private static readonly Lock Changing = new();
    private static Duty? duty;

    /// <summary>Runs <paramref name="work"/> as the service that Windows started.</summary>
    /// <param name="name">The service's name.</param>
    /// <param name="sessionChanged">Told of each change of sessions; quick.</param>
    /// <param name="work">The service; its token is cancelled when it should stop, and what it calls when it is ready reports that it runs.</param>
    /// <returns>True when the service has stopped; false when this process is none that Windows started as a service: nothing has been run.</returns>
    /// <exception cref="ServiceException">Windows does not let it be a service.</exception>
    public static async Task<bool> RunAsync(string name, Action sessionChanged, Func<Action, CancellationToken, Task> work)
    {
        using Duty mine = new(name, sessionChanged, work);
        if (Interlocked.CompareExchange(ref duty, mine, null) is not null) throw new ServiceException(ServiceError.Failed, "This process is a service already.");
        TaskCompletionSource<int> dispatched = new(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => dispatched.SetResult(Dispatch(name))) { IsBackground = true, Name = "RemoteAccess service control" }.Start();
        int error = await dispatched.Task.ConfigureAwait(false);
        if (error == 0)
        {
            // The work's own fault is whoever started it to hear of.
            await mine.Done.ConfigureAwait(false);
            return true;
        }
        duty = null;
        return error is Advapi32Service.CannotConnect or Advapi32Service.NotImplemented ? false : throw new ServiceException(ServiceError.Failed, $"Windows does not take this process as the service {name}: {new System.ComponentModel.Win32Exception(error).Message}");
    }

    private static unsafe int Dispatch(string name)
    {
        fixed (char* text = name)
        {
            ServiceEntry* table = stackalloc ServiceEntry[2];
            table[0] = new ServiceEntry { Name = text, Main = &Main };
            table[1] = default;
            return Advapi32Service.StartServiceCtrlDispatcherW(table) != 0 ? 0 : Marshal.GetLastPInvokeError();
        }
    }

    [UnmanagedCallersOnly]
    private static unsafe void Main(uint count, char** arguments) => duty!.Run();

    [UnmanagedCallersOnly]
    private static unsafe uint Handle(uint control, uint kind, void* data, void* context) => duty!.Handle(control);

    private sealed class Duty(string name, Action sessionChanged, Func<Action, CancellationToken, Task> work) : IDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private nint handle;
        private bool isOver;
        private uint state = Advapi32Service.StartPending;

        public Task Done => done.Task;

        /// <summary>On the thread that Windows made.</summary>
        public unsafe void Run()
        {
            handle = Advapi32Service.RegisterServiceCtrlHandlerExW(name, &ServiceProcess.Handle, 0);
            if (handle == 0)
            {
                done.SetException(new ServiceException(ServiceError.Failed, $"Windows takes no control handler for the service {name}."));
                return;
            }
            Tell(Advapi32Service.StartPending);
            Exception? failure = null;
            try
            {
                work(() => Tell(Advapi32Service.Running), stop.Token).GetAwaiter().GetResult();
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                failure = null;
            }
#pragma warning disable CA1031 // Whatever it is, Windows must learn that the service has stopped, and with an error, so that it is started again; the caller gets it.
            catch (Exception fault)
#pragma warning restore CA1031
            {
                failure = fault;
            }
            if (failure is null) done.SetResult();
            else done.SetException(failure);
            // After this the process may end at any moment.
            Tell(Advapi32Service.Stopped, failure is null ? 0u : 1u);
        }

        /// <summary>On the dispatcher's thread; must not wait.</summary>
        public uint Handle(uint control)
        {
            switch (control)
            {
                case Advapi32Service.ControlStop or Advapi32Service.ControlShutdown:
                    Tell(Advapi32Service.StopPending);
                    lock (Changing)
                    {
                        if (!isOver) _ = stop.CancelAsync();
                    }
                    return 0;
                case Advapi32Service.ControlSessionChange:
                    sessionChanged();
                    return 0;
                case Advapi32Service.ControlInterrogate:
                    return 0;
                default:
                    return Advapi32Service.NotImplemented;
            }
        }

        public void Dispose()
        {
            lock (Changing) isOver = true;
            stop.Dispose();
        }

        private unsafe void Tell(uint now, uint specificError = 0)
        {
            lock (Changing)
            {
                // Stopping is not taken back by a start that ends late.
                if (now == Advapi32Service.Running && state == Advapi32Service.StopPending) return;
                state = now;
                ServiceStatus status = new()
                {
                    Kind = Advapi32Service.OwnProcess,
                    State = now,
                    Accepted = now == Advapi32Service.Running ? Advapi32Service.AcceptStop | Advapi32Service.AcceptShutdown | Advapi32Service.AcceptSessionChange : 0,
                    ExitCode = specificError == 0 ? 0 : (uint)Advapi32Service.SpecificError,
                    SpecificExitCode = specificError,
                    WaitHint = now is Advapi32Service.StartPending or Advapi32Service.StopPending ? 30_000u : 0,
                };
                _ = Advapi32Service.SetServiceStatus(handle, &status);
            }
        }
    }
}
