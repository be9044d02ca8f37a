using RemoteAccess.Interop;
using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>
/// Restarts Windows. Programs with unsaved work may stop it, unless the session is locked: then nobody can answer them, and Windows restarts only by force, after a longer notice. Thread-safe.
/// </summary>
internal sealed class WindowsPower(SafeMode? safeMode, InitiateRestart restart) : IPowerControl
{
    private static readonly TimeSpan Notice = TimeSpan.FromSeconds(10), LockedNotice = TimeSpan.FromSeconds(60);
    private readonly Lock gate = new();

    public bool Supports(RestartMode mode) => mode == RestartMode.Normal || (mode == RestartMode.SafeModeWithNetworking && safeMode is not null);

    public async ValueTask<TimeSpan> RestartAsync(RestartMode mode, OperationPermit permit, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(permit);
        if (permit.Operation != Operations.Restart) throw new ArgumentException($"This needs a permit for {Operations.Restart}, not {permit.Operation}.", nameof(permit));
        if (!Supports(mode)) throw new ArgumentOutOfRangeException(nameof(mode), mode, "This computer cannot be started that way.");
        permit.Demand();
        cancellationToken.ThrowIfCancellationRequested();
        // The boot menu's program takes its time.
        return await Task.Run(() => Restart(mode, permit), CancellationToken.None).ConfigureAwait(false);
    }

    private TimeSpan Restart(RestartMode mode, OperationPermit permit)
    {
        lock (gate)
        {
            if (mode == RestartMode.SafeModeWithNetworking) safeMode?.Prepare();
            else _ = safeMode?.Undo(out _);
            try
            {
                permit.Demand();
                TimeSpan notice = Notice;
                int error = restart(notice, false);
                if (error == Advapi32Power.MachineLocked) error = restart(notice = LockedNotice, true);
                return error == 0 ? notice : throw new DesktopException(DesktopError.MissingExtension, $"Windows does not restart (error {error}).");
            }
            catch
            {
                _ = safeMode?.Undo(out _);
                throw;
            }
        }
    }
}
