using System.ComponentModel;
using Microsoft.Extensions.Logging;

namespace RemoteAccess.Interop;

/// <summary>
/// Keeps one program running in the session that has the screen: started again when it ends, after a wait that grows; ended and started where the screen is when that changes.
/// One life of it:
/// 1. which session has the screen; none: wait for a change;
/// 2. start it there, confined to a job; refused: wait, as for a user to log on;
/// 3. attend it until it ends, the screen goes to another session, or the service ends; then it is ended with all it started.
/// </summary>
internal sealed class SessionKeeper(string what, ISessionSystem system, SessionChanges changes, TimeProvider time, ILogger logger)
{
    public static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(250), LongestWait = TimeSpan.FromSeconds(10), IsSteadyAfter = TimeSpan.FromSeconds(30), LookEvery = TimeSpan.FromSeconds(5), Rest = TimeSpan.FromMinutes(5);

    /// <summary>So many lives that were no steady ones, one after another, and it is tried once in <see cref="Rest"/>, or when sessions change.</summary>
    public const int MostQuickEnds = 12;

    /// <summary>Which program: its arguments, made anew for each life.</summary>
    public required Func<IReadOnlyList<string>> ArgumentList { get; init; }

    public required SessionAccount Account { get; init; }

    /// <summary>What is done while it lives; ends when the program should. Its text says why, for the log.</summary>
    public required Func<ISessionProcess, IReadOnlyList<string>, CancellationToken, Task<string>> AttendAsync { get; init; }

    /// <summary>Until cancelled; returns when the program has ended.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        TimeSpan wait = FirstWait;
        int quick = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            Task change = changes.Next;
            uint? session = system.ActiveSession;
            if (session is null)
            {
                await PauseAsync(LookEvery, change, cancellationToken).ConfigureAwait(false);
                continue;
            }
            long began = time.GetTimestamp();
            LifeEnd end = await LiveAsync(session.Value, cancellationToken).ConfigureAwait(false);
            if (end == LifeEnd.Moved || time.GetElapsedTime(began) >= IsSteadyAfter) (wait, quick) = (FirstWait, 0);
            if (end == LifeEnd.Moved || cancellationToken.IsCancellationRequested) continue;
            if (end == LifeEnd.Over && ++quick >= MostQuickEnds) Log.SessionProgramKeepsEnding(logger, what, quick, Rest.TotalMinutes);
            // A change, such as somebody logging on, ends the wait.
            await PauseAsync(quick >= MostQuickEnds ? Rest : wait, changes.Next, cancellationToken).ConfigureAwait(false);
            wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
        }
    }

    private async Task<LifeEnd> LiveAsync(uint session, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> arguments = ArgumentList();
        ISessionProcess started;
        try
        {
            started = system.Start(arguments, session, Account);
        }
        catch (Win32Exception refused)
        {
            Log.SessionProgramRefused(logger, what, session, refused.Message);
            return system.ActiveSession != session ? LifeEnd.Moved : LifeEnd.NotStarted;
        }
        using ISessionProcess process = started;
        Log.SessionProgramStarted(logger, what, process.Peer.ProcessId, session);
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task moved = MovedAsync(session, over.Token);
        Task<string> attended = AttendAsync(process, arguments, over.Token);
        Task first = await Task.WhenAny(process.Ended, moved, attended).ConfigureAwait(false);
        bool isMoved = first == moved && !cancellationToken.IsCancellationRequested;
        string why = first == process.Ended ? $"exit code {await process.Ended.ConfigureAwait(false)}" : first == attended ? await attended.ConfigureAwait(false) : isMoved ? "the screen is in another session" : "the service ends";
        await over.CancelAsync().ConfigureAwait(false);
        process.Kill();
        _ = await process.Ended.ConfigureAwait(false);
        _ = await attended.ConfigureAwait(false);
        await moved.ConfigureAwait(false);
        Log.SessionProgramEnded(logger, what, process.Peer.ProcessId, session, why);
        return isMoved ? LifeEnd.Moved : LifeEnd.Over;
    }

    private enum LifeEnd
    {
        /// <summary>The screen is in another session.</summary>
        Moved,
        /// <summary>Windows did not start it, as while nobody is logged on.</summary>
        NotStarted,
        /// <summary>It ended by itself, or was ended because it hung.</summary>
        Over,
    }

    /// <summary>Returns when the screen is in another session, or when cancelled.</summary>
    private async Task MovedAsync(uint session, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            Task change = changes.Next;
            if (system.ActiveSession != session) return;
            await PauseAsync(LookEvery, change, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task PauseAsync(TimeSpan limit, Task change, CancellationToken cancellationToken)
    {
        using CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(change, Task.Delay(limit, time, over.Token)).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
    }
}
