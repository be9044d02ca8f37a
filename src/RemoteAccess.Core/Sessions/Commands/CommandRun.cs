using Google.Protobuf;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>
/// One program of the technician's while it runs: what it writes goes out in chunks, at most <see cref="Window"/> that the technician has not taken; the rest waits in the program's own pipe, and
/// then the program waits. When it ends, all that it started ends too.
/// </summary>
internal sealed class CommandRun(uint id, MessageChannel messages) : IDisposable
{
    /// <summary>Chunks on their way, and the bytes of one.</summary>
    public const int Window = 16, MaxChunk = 4096;

    /// <summary>For the operating system to end what was killed. Of the real clock, as processes are.</summary>
    private static readonly TimeSpan DyingLimit = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim window = new(Window, Window);
    private readonly CancellationTokenSource cancelled = new();
    private readonly Lock gate = new();
    private int untaken;
    private long outputBytes, errorBytes;

    public uint Id => id;

    public bool IsCancelled => cancelled.IsCancellationRequested;

    public long OutputBytes => Interlocked.Read(ref outputBytes);

    public long ErrorBytes => Interlocked.Read(ref errorBytes);

    /// <summary>The technician took so many chunks.</summary>
    /// <returns>False when there were not so many.</returns>
    public bool TryTake(uint chunks)
    {
        lock (gate)
        {
            if (chunks == 0 || chunks > untaken) return false;
            untaken -= (int)chunks;
        }
        window.Release((int)chunks);
        return true;
    }

    public Task CancelAsync() => cancelled.CancelAsync();

    /// <summary>Lets the program run until it or its time ends, or it may run no more. When this returns nothing of it runs, but for what may not be ended, which is logged.</summary>
    /// <param name="process">Started.</param>
    /// <param name="line">Its limits and input.</param>
    /// <param name="permit">For as long as it runs.</param>
    /// <param name="time">Of its limit.</param>
    /// <param name="sessionOver">Ends it too.</param>
    /// <returns>Null when it may run no more, by the permit or because the session is over.</returns>
    public async Task<CommandEnding?> RunAsync(IStartedProgram process, CommandLine line, OperationPermit permit, TimeProvider time, CancellationToken sessionOver)
    {
        using var allowed = CancellationTokenSource.CreateLinkedTokenSource(sessionOver, permit.Withdrawn, cancelled.Token);
        using var limit = new CancellationTokenSource(line.TimeLimit, time);
        using var running = CancellationTokenSource.CreateLinkedTokenSource(allowed.Token, limit.Token);
        Task feeding = FeedAsync(process.Input, line.Input, running.Token);
        Task sending = Task.WhenAll(SendAsync(process.Output, isError: false, permit, allowed.Token), SendAsync(process.ErrorOutput, isError: true, permit, allowed.Token));
        await ((Task)process.Exited).WaitAsync(running.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        CommandEnding? ending = process.Exited.IsCompletedSuccessfully ? CommandEnding.Exited : cancelled.IsCancellationRequested ? CommandEnding.Cancelled : allowed.IsCancellationRequested ? null : CommandEnding.TimedOut;
        process.EndAll();
        await ((Task)process.Exited).WaitAsync(DyingLimit, TimeProvider.System, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // What it wrote at the last is the technician's still; a pipe that somebody keeps open is left when nothing more may be sent.
        await Task.WhenAll(sending, feeding).WaitAsync(allowed.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(sending, feeding).WaitAsync(DyingLimit, TimeProvider.System, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return ending;
    }

    public void Dispose()
    {
        cancelled.Dispose();
        window.Dispose();
    }

    /// <summary>Its input, and the end of it.</summary>
    private static async Task FeedAsync(Stream into, ReadOnlyMemory<byte> input, CancellationToken token)
    {
        try
        {
            if (!input.IsEmpty) await into.WriteAsync(input, token).ConfigureAwait(false);
            await into.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // It does not read its input, which is its own affair.
            return;
        }
    }

    private async Task SendAsync(Stream from, bool isError, OperationPermit permit, CancellationToken token)
    {
        byte[] buffer = new byte[MaxChunk];
        while (true)
        {
            await window.WaitAsync(token).ConfigureAwait(false);
            int length = await from.ReadAsync(buffer, token).ConfigureAwait(false);
            permit.Demand();
            if (length == 0)
            {
                window.Release();
                return;
            }
            lock (gate) untaken++;
            Interlocked.Add(ref isError ? ref errorBytes : ref outputBytes, length);
            var chunk = new CommandChunk { Id = id, Stream = isError ? 2u : 1u, Data = ByteString.CopyFrom(buffer, 0, length) };
            await messages.SendAsync(new ControlMessage { CommandChunk = chunk }, token).ConfigureAwait(false);
        }
    }
}
