namespace RemoteAccess.Interop;

/// <summary>That something happened in Windows' sessions: a switch, logging on or off, locking. Thread-safe.</summary>
internal sealed class SessionChanges
{
    private readonly Lock changing = new();
    private TaskCompletionSource next = New();

    /// <summary>Completes with the next change after this was asked.</summary>
    public Task Next
    {
        get
        {
            lock (changing) return next.Task;
        }
    }

    public void Report()
    {
        TaskCompletionSource now;
        lock (changing)
        {
            now = next;
            next = New();
        }
        now.TrySetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
