using System.Runtime.CompilerServices;
using System.Threading.Channels;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Sessions;

/// <summary>A program that runs on the computer. Read its output to the end: while nobody reads, the program waits with writing. Disposing it ends it. Thread-safe, but for the one reader.</summary>
public sealed class RemoteCommand : IAsyncDisposable
{
    private const int AtOnce = CommandRun.Window / 4;
    private readonly MessageChannel messages;
    private readonly uint id;
    private readonly TaskCompletionSource started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<CommandEnd> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Channel<CommandOutput> output = Channel.CreateUnbounded<CommandOutput>();
    private readonly Lock gate = new();
    private int untaken, taken, isCancelling;

    internal RemoteCommand(MessageChannel messages, uint id)
    {
        (this.messages, this.id) = (messages, id);
        // Whoever reads the output alone sees the same error there.
        _ = completion.Task.ContinueWith(static task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        _ = started.Task.ContinueWith(static task => task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    /// <summary>
    /// How it ended, once it has. Faults with <see cref="AccessRefusedException"/> when the customer took the operation away, or ended the session by a rule, and with <see cref="ChannelException"/>
    /// when the session is over otherwise.
    /// </summary>
    public Task<CommandEnd> Completion => completion.Task;

    internal Task Started => started.Task;

    /// <summary>What it writes, in the order in which the computer read it. Ends when the program has ended; throws what <see cref="Completion"/> does.</summary>
    /// <param name="cancellationToken">Stops the reading; the program goes on, and waits once 64 KiB are on their way.</param>
    public async IAsyncEnumerable<CommandOutput> ReadOutputAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await output.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            while (output.Reader.TryRead(out CommandOutput? part))
            {
                taken++;
                yield return part;
                if (taken >= AtOnce) await TakeAsync(cancellationToken).ConfigureAwait(false);
            }
            if (taken > 0) await TakeAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Ends it, with all that it started; <see cref="Completion"/> tells when. Nothing happens when it has ended.</summary>
    /// <exception cref="ChannelException">The session is over.</exception>
    public async Task CancelAsync()
    {
        if (completion.Task.IsCompleted || Interlocked.Exchange(ref isCancelling, 1) != 0) return;
        await messages.SendAsync(new ControlMessage { CommandCancel = new CommandCancel { Id = id } }, CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Ends it, if it still runs, and waits until it has, up to 5 s.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await CancelAsync().ConfigureAwait(false);
        }
        catch (ChannelException)
        {
            // The computer ends it with the session.
            return;
        }
        await ((Task)completion.Task).WaitAsync(TimeSpan.FromSeconds(5), TimeProvider.System).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    internal void Deliver(CommandStarted message)
    {
        if (!started.TrySetResult()) throw new ChannelException(ChannelError.OutOfOrder, $"The computer started command {message.Id} twice.");
    }

    internal void Deliver(CommandChunk chunk)
    {
        if (!started.Task.IsCompletedSuccessfully) throw new ChannelException(ChannelError.OutOfOrder, "The computer sent the output of a command before it was started.");
        if (chunk.Data.Length is 0 or > CommandRun.MaxChunk || chunk.Stream is not (1 or 2)) throw new ChannelException(ChannelError.Malformed, "The computer sent an output of a command that cannot be.");
        lock (gate)
            if (++untaken > CommandRun.Window) throw new ChannelException(ChannelError.LimitExceeded, $"The computer sent more than {CommandRun.Window} outputs of a command that were not taken.");
        output.Writer.TryWrite(new CommandOutput(chunk.Data.Memory, chunk.Stream == 2));
    }

    internal void Deliver(CommandOver message)
    {
        if (message.Reason != 0)
        {
            Close(new AccessRefusedException(message.Reason <= byte.MaxValue ? (RefusalReason)message.Reason : RefusalReason.NotAvailable, operation: Operations.RunCommands));
            return;
        }
        var ending = (CommandEnding)message.Ending;
        if (!Enum.IsDefined(ending)) throw new ChannelException(ChannelError.Malformed, "The computer ended a command in a way that there is not.");
        started.TrySetResult();
        completion.TrySetResult(new CommandEnd(ending, ending == CommandEnding.Exited ? message.ExitCode : null));
        output.Writer.TryComplete();
    }

    /// <summary>It was not run, or may not be told of any more.</summary>
    internal void Close(Exception reason)
    {
        started.TrySetException(reason);
        completion.TrySetException(reason);
        output.Writer.TryComplete(reason);
    }

    private async ValueTask TakeAsync(CancellationToken cancellationToken)
    {
        int chunks = taken;
        taken = 0;
        lock (gate) untaken -= chunks;
        if (completion.Task.IsCompleted) return;
        await messages.SendAsync(new ControlMessage { CommandTaken = new CommandTaken { Id = id, Chunks = (uint)chunks } }, cancellationToken).ConfigureAwait(false);
    }
}
