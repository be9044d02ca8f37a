using System.Runtime.CompilerServices;
using RemoteAccess.Interop;
using RemoteAccess.Picture;
using RemoteAccess.Sessions;
using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>
/// The agent as a Windows service: in session 0, with a helper in the session that has the screen (<see cref="HelperProcess"/>), both this very program. Visible in the list of
/// services by name and description; started by Windows some time after the computer, and again when it fails. See docs/windows-service.md. Thread-safe.
/// </summary>
public sealed class WindowsService
{
    private readonly WindowsServiceOptions options;
    private readonly InstalledService installed;

    /// <summary>Does nothing yet.</summary>
    /// <exception cref="ArgumentException">An option is outside its range.</exception>
    public WindowsService(WindowsServiceOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        this.options = options;
        installed = new InstalledService(options);
    }

    /// <summary>Where a service keeps its state: <c>%ProgramData%\Name</c>. <see cref="TrustFlow"/> makes it, closed to everybody but the system and administrators.</summary>
    public string StateDirectory => Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), options.Name);

    /// <summary>Whether there is such a service, and it runs. Null: there is none.</summary>
    /// <exception cref="ServiceException">Windows does not say.</exception>
    public bool? IsRunning => installed.ReadState() is { } state ? state == Advapi32Service.Running : null;

    /// <summary>Puts this program into the list of services, under the system's account, with a delayed start at the computer's. Does not start it.</summary>
    /// <exception cref="ServiceException">No administrator; there is one already; it is being deleted; others could replace the program.</exception>
    public void Install() => Install(ProgramAccess.WhyReplaceable);

    /// <param name="whyReplaceable">The seam: why others could replace a file.</param>
    internal void Install(Func<string, string?> whyReplaceable)
    {
        OwnProgram program = OwnProgram.Find();
        foreach (string file in program.First.Prepend(program.Path))
        {
            if (whyReplaceable(file) is { } why)
                throw new ServiceException(ServiceError.Exposed, $"Others could replace the program that would run with the system's rights. {why}. Put it into a folder that only administrators can write, such as one in C:\\Program Files.");
        }
        installed.Install(program.CommandLine(options.ServiceArguments));
    }

    internal ServiceSettings ReadSettings() => installed.ReadSettings();

    /// <summary>Starts the service and returns when it runs.</summary>
    /// <exception cref="ServiceException">No right to; there is none; it ended or does not come up within 30 s.</exception>
    public Task StartAsync(CancellationToken cancellationToken = default) => installed.StartAsync(cancellationToken);

    /// <summary>Stops the service and returns when it has; every session ends. Nothing when it does not run.</summary>
    /// <exception cref="ServiceException">No right to; there is none; it does not stop within 30 s.</exception>
    public Task StopAsync(CancellationToken cancellationToken = default) => installed.StopAsync(cancellationToken);

    /// <summary>Stops the service and takes it from the list; returns when another of its name can be installed. Its state stays: the record is the customer's.</summary>
    /// <exception cref="ServiceException">No administrator; there is none; it does not stop within 30 s; it is still open somewhere after 30 s more, and goes when that is closed.</exception>
    public Task UninstallAsync(CancellationToken cancellationToken = default) => installed.UninstallAsync(cancellationToken);

    /// <summary>
    /// Runs as the service: for a program that was started with <see cref="WindowsServiceOptions.ServiceArguments"/>. Started by hand, it runs all the same, with a helper in this very session, until
    /// <paramref name="cancellationToken"/>: for looking for faults.
    /// </summary>
    /// <param name="work">The agent, on the desktop and with the prompt it is given. It should end when its token is cancelled; when it ends or fails by itself, the service does.</param>
    /// <param name="startedByHand">Told, before the work begins, that this is no service: say so to whoever sits there.</param>
    /// <param name="cancellationToken">Ends it when it was started by hand; a service is ended by Windows.</param>
    /// <exception cref="ServiceException">Windows does not let it be a service.</exception>
    public async Task RunAsync(Func<ServiceContext, CancellationToken, Task> work, Action? startedByHand = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        SessionChanges changes = new();
        OwnProgram program = OwnProgram.Find();
        if (await ServiceProcess.RunAsync(options.Name, changes.Report, (running, stop) =>
            ServeAsync(new WindowsSessions(program, isService: true), changes, WindowsSafeMode.Of(options.Name), work, running, stop)).ConfigureAwait(false)) return;
        startedByHand?.Invoke();
        await ServeAsync(new WindowsSessions(program, isService: false), changes, safeMode: null, work, static () => { }, cancellationToken).ConfigureAwait(false);
    }

    /// <param name="system">Windows' sessions.</param>
    /// <param name="changes">Of them.</param>
    /// <param name="safeMode">Of this service, undone before anything else; null when it is none.</param>
    /// <param name="work">The agent.</param>
    /// <param name="running">Called when everything has begun.</param>
    /// <param name="stop">Ends it.</param>
    internal async Task ServeAsync(ISessionSystem system, SessionChanges changes, SafeMode? safeMode, Func<ServiceContext, CancellationToken, Task> work, Action running, CancellationToken stop)
    {
        if (safeMode is not null) Undo(safeMode);
        using LoopWatch? watch = system.IsService ? LoopWatch.OfThisProcess(options.Logger) : null;
        HelperHome home = new();
        SecureAttention attention = new(options.Logger, system.IsService, new WindowsSecureAttention());
        WindowsPower power = new(safeMode, SystemRestart.Initiate, SystemRestart.Abort, options.TimeProvider, options.Logger);
        await using ConfiguredAsyncDisposable powering = power.ConfigureAwait(false);
        // Not on the link's reading loop, which calls it.
        SessionDesktop desktop = new(home, power, helper => _ = Task.Run(() => attention.SendIn(helper), CancellationToken.None), () => system.ActiveSession, options.TimeProvider);
        SessionConsentPrompt prompt = new(home, options.TimeProvider);
        HelperKeeping keeping = new(home, desktop.Held, options.TimeProvider, options.Logger);
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        List<Task> keepers = [HelperKeeper(keeping, system, changes).RunAsync(over.Token)];
        if (options.SurfaceArguments is { } surface) keepers.Add(SurfaceKeeper(surface, system, changes).RunAsync(over.Token));
        Task working = Task.Run(() => work(new ServiceContext(desktop, prompt, StateDirectory, new SessionCredentialPrompt(home, options.LogonScreen)), over.Token), over.Token);
        running();
        try
        {
            await working.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to.
            return;
        }
        catch (Exception failure)
        {
            Log.ServiceWorkFailed(options.Logger, failure);
            throw;
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(keepers).ConfigureAwait(false);
        }
    }

    /// <summary>Safe mode is for one start. What keeps it does not keep the agent from starting: there it is needed most.</summary>
    private void Undo(SafeMode safeMode)
    {
        if (safeMode.Undo(out string? failure)) Log.SafeModeUndone(options.Logger);
        else if (failure is not null) Log.SafeModeStays(options.Logger, failure);
    }

    private SessionKeeper HelperKeeper(HelperKeeping keeping, ISessionSystem system, SessionChanges changes) => new("session helper", system, changes, options.TimeProvider, options.Logger)
    {
        ArgumentList = () => [.. options.HelperArguments, Transport.HelperPipe.NewName(Environment.ProcessId)],
        Account = SessionAccount.Own,
        AttendAsync = (process, arguments, token) => keeping.AttendAsync(process, arguments[^1], token),
    };

    private SessionKeeper SurfaceKeeper(IReadOnlyList<string> arguments, ISessionSystem system, SessionChanges changes) => new("customer's surface", system, changes, options.TimeProvider, options.Logger)
    {
        ArgumentList = () => arguments,
        Account = SessionAccount.User,
        AttendAsync = static async (_, _, token) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return "the service ends it";
        },
    };
}

/// <summary>What the agent in a service works with. Thread-safe.</summary>
/// <param name="Desktop">The screen, keyboard and mouse of whoever sits before the computer.</param>
/// <param name="Prompt">Asks that person.</param>
/// <param name="StateDirectory">As <see cref="WindowsService.StateDirectory"/>.</param>
/// <param name="CredentialPrompt">Asks that person for their password, for fill-in: for <see cref="CredentialFilling.Prompt"/>.</param>
public sealed record ServiceContext(SessionDesktop Desktop, SessionConsentPrompt Prompt, string StateDirectory, ICredentialPrompt CredentialPrompt);
