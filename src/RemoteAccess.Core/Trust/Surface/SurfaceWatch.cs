namespace RemoteAccess.Trust;

/// <summary>
/// Holds one session to what the person can see. A timer of its own, which touches no disk: a slow one must not keep the picture going. While the
/// session is seen it looks when it could be seen no more, and twice a second; then five times a second. It acts a period early, so that what is
/// promised after 2 s and 5 s has happened by then.
/// </summary>
internal sealed class SurfaceWatch : IAsyncDisposable
{
    /// <summary>While it is not seen.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(200);

    /// <summary>While it is: no longer, because timers and clock need not agree on a computer that slept.</summary>
    private static readonly TimeSpan MostRest = TimeSpan.FromMilliseconds(500);

    /// <summary>What timers count in; a look that comes too early by less would be followed by more of them.</summary>
    private static readonly TimeSpan Least = TimeSpan.FromMilliseconds(1);

    private readonly LiveSession session;
    private readonly SurfacePresence presence;
    private readonly long began;
    private readonly ITimer timer;
    private readonly Lock gate = new();
    private Task? ending;
    private bool isStopped;

    public SurfaceWatch(LiveSession session, SurfacePresence presence, TimeProvider time)
    {
        this.session = session;
        this.presence = presence;
        began = time.GetTimestamp();
        timer = time.CreateTimer(static self => ((SurfaceWatch)self!).Look(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        LookAgainAfter(Period);
    }

    /// <summary>The session is over.</summary>
    public void Stop() => timer.Dispose();

    public async ValueTask DisposeAsync()
    {
        Task last;
        lock (gate)
        {
            isStopped = true;
            last = ending ?? Task.CompletedTask;
        }
        await timer.DisposeAsync().ConfigureAwait(false);
        await last.ConfigureAwait(false);
    }

    private void Look()
    {
        TimeSpan unseen = presence.UnseenFor(began) + Period, left = SurfacePresence.StopsAfter - unseen + Least;
        // First of all: whatever happens below, it is not the last look.
        LookAgainAfter(left < Least ? Period : left < MostRest ? left : MostRest);
        if (unseen < SurfacePresence.EndsAfter)
        {
            session.ReportSeen(unseen < SurfacePresence.StopsAfter);
            return;
        }
        lock (gate)
        {
            if (isStopped || ending is not null) return;
            ending = session.EndAsync(RefusalReason.SurfaceLost, "Nothing at the computer showed who is connected.", CancellationToken.None).AsTask();
        }
    }

    private void LookAgainAfter(TimeSpan wait) => timer.Change(wait, Timeout.InfiniteTimeSpan);
}
