using System.IO.Pipes;

namespace RemoteAccess.Transport;

/// <summary>
/// Listens on a named pipe that only this account can open. One instance always waits, so a caller finds the pipe at any time.
/// Thread-safe.
/// </summary>
public sealed class NamedPipeLinkListener : ILinkListener
{
    private readonly string name;
    private readonly CancellationTokenSource stopped = new();
    private readonly SemaphoreSlim accepting = new(1, 1);
    private NamedPipeServerStream waiting;

    private NamedPipeLinkListener(string name, NamedPipeServerStream first)
    {
        this.name = name;
        waiting = first;
    }

    /// <inheritdoc/>
    public string Address => $"pipe {name}";

    /// <summary>Begins to listen; links may come in from now on.</summary>
    /// <exception cref="ChannelException"><see cref="ChannelError.Unreachable"/> when the pipe exists already or may not be made.</exception>
    public static NamedPipeLinkListener Listen(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        // Danger: without FirstPipeInstance a pipe that somebody made before us would be joined, and its maker would get our links.
        return new NamedPipeLinkListener(name, Create(name, PipeOptions.FirstPipeInstance));
    }

    /// <inheritdoc/>
    public async ValueTask<ILink> AcceptAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopped.Token);
        try
        {
            await accepting.WaitAsync(either.Token).ConfigureAwait(false);
            try
            {
                return await NextAsync(either.Token).ConfigureAwait(false);
            }
            finally
            {
                accepting.Release();
            }
        }
        catch (Exception failure) when (stopped.IsCancellationRequested && failure is OperationCanceledException or ObjectDisposedException or IOException)
        {
            throw new ChannelException(ChannelError.Closed, $"Nothing listens at {Address} any more.", failure);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (stopped.IsCancellationRequested) return;
        await stopped.CancelAsync().ConfigureAwait(false);
        await accepting.WaitAsync().ConfigureAwait(false);
        await waiting.DisposeAsync().ConfigureAwait(false);
        accepting.Release();
    }

    private async ValueTask<ILink> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            NamedPipeServerStream taken = waiting;
            try
            {
                await taken.WaitForConnectionAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (IOException)
            {
                // The caller went away while connecting; this instance is spent.
                waiting = Create(name, PipeOptions.None);
                await taken.DisposeAsync().ConfigureAwait(false);
                continue;
            }
            waiting = Create(name, PipeOptions.None);
            return new NamedPipeLink(taken, name);
        }
    }

    private static NamedPipeServerStream Create(string name, PipeOptions extra)
    {
        try
        {
            return new NamedPipeServerStream(name, PipeDirection.InOut, NamedPipeServerStream.MaxAllowedServerInstances, PipeTransmissionMode.Byte,
                PipeOptions.Asynchronous | PipeOptions.CurrentUserOnly | extra, inBufferSize: 64 * 1024, outBufferSize: 64 * 1024);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw SocketEnds.CannotListen($"pipe {name}", failure);
        }
    }
}
