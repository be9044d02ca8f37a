using System.ComponentModel;
using System.Runtime.InteropServices;

namespace RemoteAccess.Interop;

/// <summary>Installs, starts, stops and removes one service. Each step that Windows refuses is a <see cref="ServiceException"/> in words.</summary>
/// <param name="options">What it is to be.</param>
/// <param name="change">The seam to ChangeServiceConfig2: one setting, by its number; 0 when it was not taken. Null: Windows' own.</param>
internal sealed class InstalledService(WindowsServiceOptions options, ChangeServiceSetting? change = null)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30), Look = TimeSpan.FromMilliseconds(100);

    /// <summary>Windows waits longer before each restart, and forgets failures after a day without one.</summary>
    private static readonly ServiceAction[] Restarts =
        [new() { Kind = Advapi32Service.ActionRestart, DelayMilliseconds = 5_000 }, new() { Kind = Advapi32Service.ActionRestart, DelayMilliseconds = 30_000 }, new() { Kind = Advapi32Service.ActionRestart, DelayMilliseconds = 300_000 }];

    public void Install(string commandLine)
    {
        using SafeServiceHandle manager = Open(Advapi32Service.ConnectManager | Advapi32Service.CreateService);
        // No account: the system's own, which alone may start programs in other sessions.
        using SafeServiceHandle service = Advapi32Service.CreateServiceW(manager, options.Name, options.DisplayName, Advapi32Service.AllAccess, Advapi32Service.OwnProcess, Advapi32Service.AutoStart, Advapi32Service.ErrorNormal, commandLine, 0, 0, 0, 0, 0);
        if (service.IsInvalid) throw Failure("installed");
        try
        {
            Describe(service);
        }
        catch
        {
            _ = Advapi32Service.DeleteService(service);
            throw;
        }
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using SafeServiceHandle manager = Open(Advapi32Service.ConnectManager);
        using SafeServiceHandle service = Open(manager, Advapi32Service.StartRight | Advapi32Service.QueryStatus, "started");
        if (Advapi32Service.StartServiceW(service, 0, 0) == 0 && Marshal.GetLastPInvokeError() != Advapi32Service.AlreadyRunning) throw Failure("started");
        await WaitAsync(service, Advapi32Service.Running, "started", cancellationToken).ConfigureAwait(false);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using SafeServiceHandle manager = Open(Advapi32Service.ConnectManager);
        using SafeServiceHandle service = Open(manager, Advapi32Service.StopRight | Advapi32Service.QueryStatus, "stopped");
        await StopAsync(service, cancellationToken).ConfigureAwait(false);
    }

    public async Task UninstallAsync(CancellationToken cancellationToken)
    {
        using SafeServiceHandle manager = Open(Advapi32Service.ConnectManager);
        using (SafeServiceHandle service = Open(manager, Advapi32Service.StopRight | Advapi32Service.QueryStatus | Advapi32Service.DeleteRight, "removed"))
        {
            await StopAsync(service, cancellationToken).ConfigureAwait(false);
            if (Advapi32Service.DeleteService(service) == 0 && Marshal.GetLastPInvokeError() != Advapi32Service.MarkedForDelete) throw Failure("removed");
        }
        await WaitUntilGoneAsync(manager, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>As Windows numbers it; null when there is no such service.</summary>
    public uint? ReadState()
    {
        using SafeServiceHandle manager = Open(Advapi32Service.ConnectManager);
        using SafeServiceHandle service = Advapi32Service.OpenServiceW(manager, options.Name, Advapi32Service.QueryStatus);
        return service.IsInvalid ? null : StateOf(service, "looked at");
    }

    /// <summary>What Windows has of it; a member is null where this system keeps no such setting.</summary>
    public ServiceSettings ReadSettings()
    {
        using SafeServiceHandle manager = Open(Advapi32Service.ConnectManager);
        using SafeServiceHandle service = Open(manager, Advapi32Service.QueryConfig, "looked at");
        return ServiceSettings.Read(service) ?? throw Failure("looked at");
    }

    private unsafe void Describe(SafeServiceHandle service)
    {
        fixed (char* text = options.Description)
        {
            char* description = text;
            Demand(Change(service, Advapi32Service.Description, &description), "description");
        }
        int isDelayed = 1, onError = 1;
        Demand(Change(service, Advapi32Service.DelayedStart, &isDelayed), "delayed start");
        fixed (ServiceAction* actions = Restarts)
        {
            ServiceFailureActions failure = new() { ResetSeconds = 86_400, Count = (uint)Restarts.Length, Actions = actions };
            Demand(Change(service, Advapi32Service.FailureActions, &failure), "restart after failure");
        }
        // Also when it stops by itself with an error, and not only when it crashes.
        Demand(Change(service, Advapi32Service.FailureFlag, &onError), "restart after an end with an error");
    }

    private unsafe int Change(SafeServiceHandle service, uint setting, void* info) => change is null ? Advapi32Service.ChangeServiceConfig2W(service, setting, info) : change(service, setting, (nint)info);

    private void Demand(int succeeded, string setting)
    {
        if (succeeded != 0) return;
        // Wine has not all of them; the service is its own watchdog for the helper in any case.
        if (Marshal.GetLastPInvokeError() != Advapi32Service.InvalidLevel) throw Failure("set up");
        Log.ServiceSettingUnknown(options.Logger, setting);
    }

    private async Task StopAsync(SafeServiceHandle service, CancellationToken cancellationToken)
    {
        if (!Control(service)) throw Failure("stopped");
        await WaitAsync(service, Advapi32Service.Stopped, "stopped", cancellationToken).ConfigureAwait(false);
    }

    private static unsafe bool Control(SafeServiceHandle service)
    {
        ServiceStatus status;
        return Advapi32Service.ControlService(service, Advapi32Service.ControlStop, &status) != 0 || Marshal.GetLastPInvokeError() == Advapi32Service.NotActive;
    }

    private async Task WaitAsync(SafeServiceHandle service, uint wanted, string done, CancellationToken cancellationToken)
    {
        long began = options.TimeProvider.GetTimestamp();
        while (StateOf(service, done) is var state && state != wanted)
        {
            if (wanted == Advapi32Service.Running && state == Advapi32Service.Stopped) throw new ServiceException(ServiceError.Failed, $"The service {options.Name} ended while it started; the event log and its own log say why.");
            if (options.TimeProvider.GetElapsedTime(began) > Patience) throw new ServiceException(ServiceError.TimedOut, $"The service {options.Name} is not {done} after {Patience.TotalSeconds:0} s.");
            await Task.Delay(Look, options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Windows keeps it in the list, and takes no new one of its name, until the last that has it open lets go: its own process does when it has ended.</summary>
    private async Task WaitUntilGoneAsync(SafeServiceHandle manager, CancellationToken cancellationToken)
    {
        long began = options.TimeProvider.GetTimestamp();
        while (IsListed(manager))
        {
            if (options.TimeProvider.GetElapsedTime(began) > Patience) throw Explain(options, Advapi32Service.MarkedForDelete, "removed");
            await Task.Delay(Look, options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    private bool IsListed(SafeServiceHandle manager)
    {
        using SafeServiceHandle service = Advapi32Service.OpenServiceW(manager, options.Name, Advapi32Service.QueryStatus);
        if (!service.IsInvalid) return true;
        return Marshal.GetLastPInvokeError() == Advapi32Service.DoesNotExist ? false : throw Failure("removed");
    }

    private unsafe uint StateOf(SafeServiceHandle service, string done)
    {
        ServiceStatus status;
        return Advapi32Service.QueryServiceStatus(service, &status) != 0 ? status.State : throw Failure(done);
    }

    private SafeServiceHandle Open(uint access)
    {
        SafeServiceHandle manager = Advapi32Service.OpenSCManagerW(0, 0, access);
        return !manager.IsInvalid ? manager : throw Failure("reached");
    }

    private SafeServiceHandle Open(SafeServiceHandle manager, uint access, string done)
    {
        SafeServiceHandle service = Advapi32Service.OpenServiceW(manager, options.Name, access);
        return !service.IsInvalid ? service : throw Failure(done);
    }

    private ServiceException Failure(string done) => Explain(options, Marshal.GetLastPInvokeError(), done);

    /// <summary>Windows' number, in words that say what to do.</summary>
    internal static ServiceException Explain(WindowsServiceOptions options, int error, string done)
    {
        Win32Exception cause = new(error);
        return error switch
        {
            Advapi32Service.AccessDenied => new(ServiceError.NotAdministrator, $"The service {options.Name} cannot be {done} from here: it takes an administrator's rights. Run this as administrator.", cause),
            Advapi32Service.AlreadyExists or Advapi32Service.DuplicateName => new(ServiceError.Exists, $"There is a service {options.Name}, or one that is shown as \"{options.DisplayName}\", already. Uninstall it first.", cause),
            Advapi32Service.DoesNotExist => new(ServiceError.Missing, $"There is no service {options.Name}.", cause),
            Advapi32Service.MarkedForDelete => new(ServiceError.BeingDeleted, $"The service {options.Name} is being deleted and is still open somewhere. Close the list of services and the task manager, or restart the computer, and try again.", cause),
            _ => new(ServiceError.Failed, $"The service {options.Name} cannot be {done}: {cause.Message}", cause),
        };
    }
}

/// <summary>Changes one setting of a service.</summary>
internal delegate int ChangeServiceSetting(SafeServiceHandle service, uint setting, nint info);
