using Microsoft.Extensions.Logging;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>
/// The password that the customer stored on the computer for fill-in. It never comes to the technician's side: the computer puts it into its own log-on screen, and only
/// there. Needs <see cref="Operations.FillCredential"/>. Thread-safe.
/// </summary>
public sealed class RemoteStoredPassword
{
    private readonly MessageChannel messages;
    private readonly ILogger logger;
    private readonly Lock gate = new();
    private TaskCompletionSource<RefusalReason>? pending;
    private Exception? closed;
    private (RefusalReason Reason, int Left) offer = (RefusalReason.NotAvailable, 0);

    internal RemoteStoredPassword(MessageChannel messages, ILogger logger)
    {
        this.messages = messages;
        this.logger = logger;
    }

    /// <summary>Whether the technician is to see a button for it: the computer shows its log-on screen, has the password, and may fill it in.</summary>
    public bool IsOffered => Refusal == RefusalReason.None;

    /// <summary>Why it is not offered; <see cref="RefusalReason.None"/> when it is. <see cref="RefusalReason.NotAvailable"/> until the computer has said something.</summary>
    public RefusalReason Refusal
    {
        get
        {
            lock (gate) return closed is null ? offer.Reason : RefusalReason.SessionEnded;
        }
    }

    /// <summary>How many times this session may still have it filled in.</summary>
    public int Left
    {
        get
        {
            lock (gate) return offer.Left;
        }
    }

    /// <summary><see cref="IsOffered"/>, <see cref="Refusal"/> or <see cref="Left"/> changed; raised on the session's thread, which it must not block.</summary>
    public event EventHandler? OfferChanged;

    /// <summary>Has the computer fill it in. One at a time.</summary>
    /// <param name="cancellationToken">Ends the wait; the computer may fill it in all the same.</param>
    /// <returns>
    /// <see cref="RefusalReason.None"/> when the operating system accepted it; <see cref="RefusalReason.NothingStored"/>; <see cref="RefusalReason.CredentialStale"/> when it was not
    /// right any more, and is deleted; or the rule that refuses.
    /// </returns>
    /// <exception cref="InvalidOperationException">One is under way.</exception>
    /// <exception cref="AccessRefusedException">The computer ended the session meanwhile, by a rule of the customer's.</exception>
    /// <exception cref="ChannelException">The session is over.</exception>
    public async Task<RefusalReason> FillAsync(CancellationToken cancellationToken = default)
    {
        var answer = new TaskCompletionSource<RefusalReason>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (closed is not null) throw closed;
            if (pending is not null) throw new InvalidOperationException("A request is open already. Wait for its answer.");
            pending = answer;
        }
        // Not to be taken back, because then its answer would be the next one's.
        await messages.SendAsync(new ControlMessage { FillCredential = new FillCredential() }, CancellationToken.None).AsTask().WaitAsync(cancellationToken).ConfigureAwait(false);
        return await answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <exception cref="ChannelException">Nobody had asked.</exception>
    internal void Deliver(Transport.Wire.FillAnswer answer)
    {
        lock (gate)
        {
            if (pending is not { } waiting) throw new ChannelException(ChannelError.OutOfOrder, "The computer answered a request to fill in a password that was not made.");
            pending = null;
            waiting.TrySetResult(answer.Reason <= byte.MaxValue ? (RefusalReason)answer.Reason : RefusalReason.NotAvailable);
        }
    }

    internal void Deliver(FillOffer said)
    {
        lock (gate) offer = (said.Reason <= byte.MaxValue ? (RefusalReason)said.Reason : RefusalReason.NotAvailable, (int)Math.Min(said.Left, FillCheck.MaxFills));
        try
        {
            OfferChanged?.Invoke(this, EventArgs.Empty);
        }
        catch (Exception error)
        {
            LogMessages.HandlerFailed(logger, nameof(OfferChanged), error);
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
