namespace RemoteAccess.Trust;

/// <summary>
/// What the pages stand on: what the agent said last, what the customer asked of it and what came of that. On the surface's thread; what takes time
/// runs beside it and comes back through <paramref name="post"/>.
/// </summary>
internal sealed class SurfaceDesk(ISurfaceAgent agent, SurfaceTexts texts, SurfaceTimes times, TimeProvider time, Action<Action> post) : IAsyncDisposable
{
    private readonly CancellationTokenSource ending = new();
    private readonly HashSet<Task> running = [];

    public SurfaceStatus Status { get; private set; } = agent.Status;

    public ISurfaceAgent Agent => agent;

    public SurfaceTexts Texts => texts;

    public SurfaceTimes Times => times;

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>What came of the last act, in a sentence; empty for nothing to say.</summary>
    public string Said { get; private set; } = "";

    public bool IsSaidBad { get; private set; }

    /// <summary>Whether an act is on its way.</summary>
    public bool IsBusy => running.Count > 0;

    /// <summary>Something changed since this was set to false.</summary>
    public bool IsChanged { get; set; } = true;

    /// <summary>Takes the agent's newest word.</summary>
    /// <returns>Whether it is another one.</returns>
    public bool Look()
    {
        SurfaceStatus now = agent.Status;
        if (ReferenceEquals(now, Status)) return false;
        Status = now;
        return IsChanged = true;
    }

    public void Say(string words, bool isBad = false) => (Said, IsSaidBad, IsChanged) = (words, isBad, true);

    /// <summary>Asks the agent to do it and says what came of it.</summary>
    public void Do(SurfaceAction action, string done) => Run(async token =>
    {
        await agent.DoAsync(action, token).ConfigureAwait(false);
        return () => Say(done);
    });

    /// <summary>Runs beside the thread; what it gives is done on the thread. Its <see cref="SurfaceException"/> is said.</summary>
    public void Run(Func<CancellationToken, Task<Action>> work)
    {
        Say("");
        Task task = Task.Run(async () =>
        {
            Action after;
            try
            {
                after = await work(ending.Token).WaitAsync(ending.Token).ConfigureAwait(false);
            }
            catch (SurfaceException error)
            {
                after = () => Say(error.Message, isBad: true);
            }
            catch (OperationCanceledException)
            {
                after = static () => { };
            }
            post(after);
        });
        running.Add(task);
        _ = task.ContinueWith(ended => post(() => Forget(ended)), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>Gives up what is on its way.</summary>
    public void End() => ending.Cancel();

    /// <summary>Awaits its end; from any thread, once the surface's has ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(running).ConfigureAwait(false);
        ending.Dispose();
    }

    private void Forget(Task ended)
    {
        running.Remove(ended);
        IsChanged = true;
    }
}
