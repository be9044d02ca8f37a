namespace RemoteAccess.Picture;

/// <summary>Where the service's desktop finds the session helper of the moment, if there is one. Thread-safe.</summary>
internal sealed class HelperHome
{
    private readonly Lock changing = new();
    private HelperLink? current;
    private TaskCompletionSource changed = New();

    public HelperLink? Current
    {
        get
        {
            lock (changing) return current;
        }
    }

    /// <summary>Zero when there is nobody who can tell.</summary>
    public TimeSpan IdleTime => Current?.IdleTime ?? TimeSpan.Zero;

    public void Set(HelperLink? link)
    {
        TaskCompletionSource before;
        lock (changing)
        {
            current = link;
            before = changed;
            changed = New();
        }
        before.TrySetResult();
    }

    /// <summary>Returns when another link is there than <paramref name="known"/>, or none, and after <paramref name="limit"/>.</summary>
    public async Task WaitAsync(HelperLink? known, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
    {
        Task next;
        lock (changing)
        {
            if (current != known) return;
            next = changed.Task;
        }
        try
        {
            await next.WaitAsync(limit, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The caller looks again.
            return;
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
