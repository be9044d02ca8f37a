namespace RemoteAccess.Trust;

/// <summary>
/// Whether the person at the computer can see who is connected: what the surfaces said last, and when. Only that one of them showed it counts,
/// whether it is still connected or not; so one that is killed, one that is frozen and one that says "not shown" come to the same. Thread-safe.
/// </summary>
internal sealed class SurfacePresence(TimeProvider time)
{
    /// <summary>Not shown for this long: nobody watches or steers.</summary>
    public static readonly TimeSpan StopsAfter = TimeSpan.FromSeconds(2);

    /// <summary>Not shown for this long: the session ends.</summary>
    public static readonly TimeSpan EndsAfter = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly Dictionary<object, (long At, long Status)> showing = new(ReferenceEqualityComparer.Instance);
    private readonly List<(long Status, TaskCompletionSource Shown)> waiting = [];
    private long lastShown;
    private bool wasShown;
    private long demanded;

    /// <summary>Whether a connected surface says, not longer ago than 2 s, that it shows: only then a session may begin.</summary>
    public bool IsShown
    {
        get
        {
            long now = time.GetTimestamp();
            lock (gate) return showing.Values.Any(shown => time.GetElapsedTime(shown.At, now) < StopsAfter);
        }
    }

    /// <summary>What a surface says of itself.</summary>
    /// <param name="surface">Which.</param>
    /// <param name="isShown">Whether the person can see it.</param>
    /// <param name="status">The number of the status that it shows: what it does not know of it cannot show.</param>
    /// <param name="age">How long ago it was seen to be shown.</param>
    public void Report(object surface, bool isShown, long status, TimeSpan age = default)
    {
        long at = time.GetTimestamp() - (long)(age.TotalSeconds * time.TimestampFrequency);
        lock (gate)
        {
            if (!isShown)
            {
                showing.Remove(surface);
                return;
            }
            if (status < demanded) return;
            showing[surface] = (at, status);
            lastShown = wasShown ? Math.Max(lastShown, at) : at;
            wasShown = true;
            foreach ((long wanted, TaskCompletionSource shown) in waiting)
                if (wanted <= status && time.GetElapsedTime(at) < StopsAfter) shown.TrySetResult();
        }
    }

    /// <summary>The surface is gone.</summary>
    public void Forget(object surface)
    {
        lock (gate) showing.Remove(surface);
    }

    /// <summary>From now on only a surface counts that has this status, in which a session is new.</summary>
    public void Demand(long status)
    {
        lock (gate) demanded = Math.Max(demanded, status);
    }

    /// <summary>Completes when a surface says, not longer ago than 2 s, that it shows this status or a later one.</summary>
    public async Task WaitUntilShownAsync(long status, CancellationToken cancellationToken)
    {
        var shown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (showing.Values.Any(one => one.Status >= status && time.GetElapsedTime(one.At) < StopsAfter)) return;
            waiting.Add((status, shown));
        }
        try
        {
            await shown.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (gate) waiting.RemoveAll(one => one.Shown == shown);
        }
    }

    /// <summary>For how long nothing has shown a session that began at <paramref name="began"/>, a timestamp.</summary>
    public TimeSpan UnseenFor(long began)
    {
        long now = time.GetTimestamp();
        lock (gate) return time.GetElapsedTime(wasShown ? Math.Max(began, lastShown) : began, now);
    }
}
