namespace RemoteAccess.Trust;

/// <summary>Shows one agent after another, as they come and go.</summary>
/// <param name="show">Shows one until it is cancelled, or until it was said long enough that the agent is gone.</param>
/// <param name="connect">Finds an agent; a <see cref="SurfaceException"/> means that there is none yet. What it gives is disposed here.</param>
/// <param name="time">For the time between two looks.</param>
internal sealed class OneAgentAfterAnother(Func<ISurfaceAgent, CancellationToken, Task> show, Func<CancellationToken, Task<ISurfaceAgent>> connect, TimeProvider time)
{
    private static readonly TimeSpan TryAgain = TimeSpan.FromMilliseconds(500);

    /// <summary>Until it is cancelled, which is not an error.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        ISurfaceAgent? agent = await FindAsync(cancellationToken).ConfigureAwait(false);
        while (agent is not null) agent = await RunUntilNextAsync(agent, cancellationToken).ConfigureAwait(false);
    }

    private async Task<ISurfaceAgent?> RunUntilNextAsync(ISurfaceAgent agent, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task showing = ShowAsync();
        ISurfaceAgent? next = await FindNextAsync(agent, over.Token).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        try
        {
            await showing.ConfigureAwait(false);
            return next;
        }
        catch
        {
            if (next is not null) await next.DisposeAsync().ConfigureAwait(false);
            throw;
        }
        finally
        {
            await agent.DisposeAsync().ConfigureAwait(false);
        }

        async Task ShowAsync()
        {
            try
            {
                await show(agent, over.Token).ConfigureAwait(false);
            }
            catch
            {
                // There is no display any more to show a next one on.
                await over.CancelAsync().ConfigureAwait(false);
                throw;
            }
        }
    }

    /// <summary>The agent after this one; null when cancelled.</summary>
    private async Task<ISurfaceAgent?> FindNextAsync(ISurfaceAgent agent, CancellationToken cancellationToken)
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        agent.StatusChanged += Look;
        Look(agent, EventArgs.Empty);
        try
        {
            await gone.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
        finally
        {
            agent.StatusChanged -= Look;
        }
        return await FindAsync(cancellationToken).ConfigureAwait(false);

        void Look(object? sender, EventArgs change)
        {
            if (!agent.IsConnected) gone.TrySetResult();
        }
    }

    private async Task<ISurfaceAgent?> FindAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await connect(cancellationToken).ConfigureAwait(false);
            }
            catch (SurfaceException)
            {
                await Task.Delay(TryAgain, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return null;
            }
            if (cancellationToken.IsCancellationRequested) return null;
        }
    }
}
