using System.IO.Pipes;

namespace RemoteAccess.Transport;

/// <summary>
/// The listening end of a named pipe: one instance waits at any time, so that a caller always finds the pipe and nobody else can be the first to make it. Thread-safe.
/// </summary>
internal sealed class WaitingPipe : IAsyncDisposable
{
    private readonly string address;
    private readonly Func<bool, NamedPipeServerStream> create;
    private readonly CancellationTokenSource stopped = new();
    private readonly SemaphoreSlim accepting = new(1, 1);
    private NamedPipeServerStream waiting;

    /// <param name="address">For messages.</param>
    /// <param name="create">
    /// Makes an instance; given <c>true</c> it has to be the first of that name. Danger: without that a pipe that somebody made before us would be joined, and its maker would get our callers.
    /// </param>
    public WaitingPipe(string address, Func<bool, NamedPipeServerStream> create)
    {
        this.address = address;
        this.create = create;
        waiting = create(true);
    }

    /// <summary>The next caller, whoever it is; the caller of this owns the pipe to it.</summary>
    /// <exception cref="ChannelException"><see cref="ChannelError.Closed"/> once disposed.</exception>
    public async ValueTask<NamedPipeServerStream> AcceptAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopped.Token);
        try
        {
            await accepting.WaitAsync(either.Token).ConfigureAwait(false);
            try
            {
                while (true)
                {
                    if (await NextAsync(either.Token).ConfigureAwait(false) is { } taken) return taken;
                }
            }
            finally
            {
                accepting.Release();
            }
        }
        catch (Exception failure) when (stopped.IsCancellationRequested && failure is OperationCanceledException or ObjectDisposedException or IOException)
        {
            throw new ChannelException(ChannelError.Closed, $"Nothing listens at {address} any more.", failure);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (stopped.IsCancellationRequested) return;
        await stopped.CancelAsync().ConfigureAwait(false);
        await accepting.WaitAsync().ConfigureAwait(false);
        await waiting.DisposeAsync().ConfigureAwait(false);
        accepting.Release();
    }

    /// <summary>Null when the caller went away while connecting: that instance is spent.</summary>
    private async ValueTask<NamedPipeServerStream?> NextAsync(CancellationToken cancellationToken)
    {
        NamedPipeServerStream taken = waiting;
        bool isThere = true;
        try
        {
            await taken.WaitForConnectionAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (IOException)
        {
            isThere = false;
        }
        waiting = create(false);
        if (isThere) return taken;
        await taken.DisposeAsync().ConfigureAwait(false);
        return null;
    }
}
