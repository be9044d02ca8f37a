using Microsoft.Extensions.Logging;
using RemoteAccess.Interop;
using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>
/// Restarts Windows. Programs with unsaved work may stop it, unless the session is locked: then nobody can answer them, and Windows restarts only by force, after a longer notice. Taken back, safe mode
/// too, when the customer takes the permit away before it happens; not when the technician merely leaves. Thread-safe.
/// </summary>
/// <param name="safeMode">Null where there is none.</param>
/// <param name="restart">Windows' own.</param>
/// <param name="abort">Takes it back.</param>
/// <param name="time">For how long it is waited for.</param>
/// <param name="logger">Told what cannot be taken back.</param>
internal sealed class WindowsPower(SafeMode? safeMode, InitiateRestart restart, AbortRestart abort, TimeProvider time, ILogger logger) : IPowerControl, IAsyncDisposable
{
    /// <summary>A computer that runs on for so long after its notice does not restart: a program or a person has stopped it.</summary>
    public static readonly TimeSpan StoppedAfter = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Notice = TimeSpan.FromSeconds(10), LockedNotice = TimeSpan.FromSeconds(60);
    private readonly Lock gate = new();
    private readonly CancellationTokenSource over = new();
    private Task watching = Task.CompletedTask;
    private int orders, disposed;

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

    /// <summary>What Windows was asked for remains so.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0) return;
        await over.CancelAsync().ConfigureAwait(false);
        Task last;
        lock (gate) last = watching;
        await last.ConfigureAwait(false);
        over.Dispose();
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
                if (error != 0) throw new DesktopException(DesktopError.MissingExtension, $"Windows does not restart (error {error}).");
                watching = Task.WhenAll(watching, WatchAsync(++orders, notice, permit));
                return notice;
            }
            catch
            {
                _ = safeMode?.Undo(out _);
                throw;
            }
        }
    }

    /// <summary>Until it happens: what the customer takes away is not done later either, and safe mode is for this restart and for no later one.</summary>
    private async Task WatchAsync(int order, TimeSpan notice, OperationPermit permit)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(permit.Withdrawn, over.Token);
        await Task.Delay(notice, time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (IsTakenAway(permit))
        {
            await Task.Run(() => Undo(order, isTakenAway: true), CancellationToken.None).ConfigureAwait(false);
            return;
        }
        await Task.Delay(StoppedAfter, time, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!over.IsCancellationRequested) await Task.Run(() => Undo(order, isTakenAway: false), CancellationToken.None).ConfigureAwait(false);
    }

    private void Undo(int order, bool isTakenAway)
    {
        lock (gate)
        {
            // One that was asked for since has taken its place.
            if (order != orders) return;
            if (isTakenAway)
            {
                // Where none is under way any more somebody else was quicker.
                if (abort() is not 0 and not Advapi32Power.NoShutdown and var error) Log.RestartNotTakenBack(logger, error);
                else Log.RestartTakenBack(logger);
            }
            if (safeMode is null) return;
            if (safeMode.Undo(out string? failure)) Log.SafeModeTakenBack(logger);
            else if (failure is not null) Log.SafeModeStays(logger, failure);
        }
    }

    /// <summary>By the customer, or by one of their rules; the end of the session alone is not that.</summary>
    private static bool IsTakenAway(OperationPermit permit)
    {
        try
        {
            permit.Demand();
            return false;
        }
        catch (AccessRefusedException refusal)
        {
            return refusal.Reason != RefusalReason.SessionEnded;
        }
    }
}
