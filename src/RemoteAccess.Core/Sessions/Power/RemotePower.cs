using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Sessions;

/// <summary>The computer is about to restart.</summary>
/// <param name="ResumeToken">For <see cref="ConnectOptions.ResumeToken"/>, within 15 minutes and once: a person who agreed to this session is not asked again. 32 bytes.</param>
/// <param name="In">How long until it begins; whoever sits there is told by the operating system, and may stop it.</param>
public sealed record ComputerRestart(ReadOnlyMemory<byte> ResumeToken, TimeSpan In);

/// <summary>Restarting the computer. Needs <see cref="Operations.Restart"/>. Thread-safe.</summary>
public sealed class RemotePower
{
    private const int TokenLength = 32;
    private const uint LongestSeconds = 3600;
    private readonly MessageChannel messages;
    private readonly Lock gate = new();
    private TaskCompletionSource<ComputerRestart>? pending;
    private Exception? closed;

    internal RemotePower(MessageChannel messages) => this.messages = messages;

    /// <summary>Has the computer restart. The session ends when it does; <see cref="RemoteAccessViewer.ReconnectAsync"/> waits for it to be back.</summary>
    /// <param name="mode">How it starts again.</param>
    /// <param name="cancellationToken">Ends the wait; the computer may restart all the same.</param>
    /// <exception cref="AccessRefusedException">It does not, with the rule; <see cref="RefusalReason.NotAvailable"/> when it cannot start that way.</exception>
    /// <exception cref="InvalidOperationException">A request is open already.</exception>
    /// <exception cref="ChannelException">The session is over.</exception>
    public async Task<ComputerRestart> RestartAsync(RestartMode mode = RestartMode.Normal, CancellationToken cancellationToken = default)
    {
        if (!Enum.IsDefined(mode)) throw new ArgumentOutOfRangeException(nameof(mode), mode, "There is no such way to restart.");
        var answer = new TaskCompletionSource<ComputerRestart>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (closed is not null) throw closed;
            if (pending is not null) throw new InvalidOperationException("A request is open already. Wait for its answer.");
            pending = answer;
        }
        // Not to be taken back, because then its answer would be the next one's.
        await messages.SendAsync(new ControlMessage { Restart = new RestartRequest { Mode = (uint)mode } }, CancellationToken.None).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        return await answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <exception cref="ChannelException">Nobody had asked, or the answer cannot be.</exception>
    internal void Deliver(RestartAnswer answer)
    {
        lock (gate)
        {
            if (pending is not { } waiting) throw new ChannelException(ChannelError.OutOfOrder, "The computer answered a request to restart that was not made.");
            if (answer.Reason == 0 && (answer.ResumeToken.Length != TokenLength || answer.InSeconds > LongestSeconds)) throw new ChannelException(ChannelError.Malformed, "The computer's answer to a request to restart cannot be.");
            pending = null;
            if (answer.Reason == 0) waiting.TrySetResult(new ComputerRestart(answer.ResumeToken.ToByteArray(), TimeSpan.FromSeconds(answer.InSeconds)));
            else waiting.TrySetException(new AccessRefusedException(answer.Reason <= byte.MaxValue ? (RefusalReason)answer.Reason : RefusalReason.NotAvailable, operation: Operations.Restart));
        }
    }

    /// <summary>Nobody answers any more.</summary>
    internal void Close(Exception reason)
    {
        lock (gate)
        {
            closed = reason;
            pending?.TrySetException(reason);
        }
    }
}
