namespace RemoteAccess.Trust;

/// <summary>
/// What a session has begun to record and is not through with: a command that runs, a file that goes, an entry that is being written. The session's own end waits for all of it, and nothing begins
/// behind that. Thread-safe.
/// </summary>
/// <param name="whyOver">The rule that ended the session.</param>
internal sealed class OpenEntries(Func<RefusalReason> whyOver)
{
    private readonly Lock gate = new();
    private readonly TaskCompletionSource none = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int open;
    private bool isClosed;

    /// <summary>To be disposed once its last entry is written, or will not be; not while the session is ended from within.</summary>
    /// <exception cref="AccessRefusedException">The session is over.</exception>
    public IDisposable Begin(Operations operation)
    {
        lock (gate)
        {
            if (isClosed) throw new AccessRefusedException(whyOver(), operation: operation);
            open++;
        }
        return new Entry(this);
    }

    /// <summary>Lets nothing more begin.</summary>
    /// <returns>Completes when all that had begun is over.</returns>
    public Task CloseAsync()
    {
        lock (gate)
        {
            isClosed = true;
            if (open == 0) none.TrySetResult();
        }
        return none.Task;
    }

    private void End()
    {
        lock (gate)
        {
            if (--open == 0 && isClosed) none.TrySetResult();
        }
    }

    private sealed class Entry(OpenEntries entries) : IDisposable
    {
        private int isOver;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref isOver, 1) == 0) entries.End();
        }
    }
}
