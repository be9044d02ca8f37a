namespace RemoteAccess.Trust;

/// <summary>
/// When a session is looked at: by the clock, and besides by whoever brings what the technician's side sends, for which no thread has to wake. One look at a
/// time. Thread-safe, but for <see cref="NoteArrival"/>, which is for one caller at a time.
/// </summary>
internal sealed class SessionWatch : IAsyncDisposable
{
    /// <summary>By the clock; what ends a session does so within 1 s with room to spare.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(400);

    /// <summary>When something arrives and the last look is so long ago.</summary>
    public static readonly TimeSpan ArrivalPeriod = TimeSpan.FromMilliseconds(200);

    private readonly Func<ValueTask> look;
    private readonly TimeProvider time;
    private readonly PeriodicTimer timer;
    private readonly Task ticks;
    private Task arrivals = Task.CompletedTask;
    private long lookedAt;
    private int isLooking;

    /// <param name="look">Grant, block, hours and clock; ends the session when one of them says so.</param>
    /// <param name="time">The agent's clock.</param>
    public SessionWatch(Func<ValueTask> look, TimeProvider time)
    {
        this.look = look;
        this.time = time;
        lookedAt = time.GetTimestamp();
        timer = new PeriodicTimer(Period, time);
        ticks = WatchAsync();
    }

    /// <summary>
    /// Something came from the technician's side, and will be carried out. An end that the look brings about is not waited for, but has begun when this
    /// returns: no permit lives.
    /// </summary>
    public void NoteArrival()
    {
        if (time.GetElapsedTime(Volatile.Read(ref lookedAt)) < ArrivalPeriod) return;
        ValueTask looking = LookAsync();
        if (!looking.IsCompletedSuccessfully) arrivals = Task.WhenAll(arrivals, looking.AsTask());
    }

    /// <summary>The session is over.</summary>
    public void Stop() => timer.Dispose();

    /// <summary>Returns when no look is under way. Nothing arrives any more.</summary>
    public async ValueTask DisposeAsync()
    {
        timer.Dispose();
        await ticks.ConfigureAwait(false);
        await arrivals.ConfigureAwait(false);
    }

    private async Task WatchAsync()
    {
        while (await timer.WaitForNextTickAsync().ConfigureAwait(false)) await LookAsync().ConfigureAwait(false);
    }

    private async ValueTask LookAsync()
    {
        // One that is under way is as good.
        if (Interlocked.Exchange(ref isLooking, 1) != 0) return;
        try
        {
            Volatile.Write(ref lookedAt, time.GetTimestamp());
            await look().ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref isLooking, 0);
        }
    }
}
