using Microsoft.Extensions.Logging;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>The customer wrote something.</summary>
/// <param name="text">1 to 4096 bytes of UTF-8; lines end with LF, no other control characters but tabs.</param>
public sealed class ChatTextEventArgs(string text) : EventArgs
{
    /// <summary>Lines end with LF; no other control characters but tabs.</summary>
    public string Text { get; } = text;
}

/// <summary>Writing to the customer, and reading what they answer. Needs <see cref="Operations.Chat"/>. Thread-safe.</summary>
public sealed class RemoteChat
{
    private readonly MessageChannel messages;
    private readonly bool isGranted;
    private readonly ILogger logger;
    private readonly Lock gate = new();
    private readonly Queue<TaskCompletionSource<RefusalReason>> pending = new();
    private Task sending = Task.CompletedTask;
    private Exception? closed;

    internal RemoteChat(MessageChannel messages, bool isGranted, ILogger logger) => (this.messages, this.isGranted, this.logger) = (messages, isGranted, logger);

    /// <summary>The customer wrote something; also before anything was written to them. Raised on the session's thread, which it must not block.</summary>
    public event EventHandler<ChatTextEventArgs>? TextReceived;

    /// <summary>The customer took the chat away, with the rule. Write again when they gave it back.</summary>
    public event EventHandler<AccessRefusedEventArgs>? Refused;

    /// <summary>Writes to the customer. Texts arrive in the order of the calls.</summary>
    /// <param name="text">1 to 4096 bytes of UTF-8 with something to read, without control characters but tabs and ends of lines.</param>
    /// <param name="cancellationToken">Ends the wait; a text that was sent may be shown all the same.</param>
    /// <returns>
    /// <see cref="RefusalReason.None"/> when it is with whatever shows it to the customer, who may read it later or never; <see cref="RefusalReason.Busy"/> when too much waits unread
    /// or it is more than 20 at once and one a second after that; <see cref="RefusalReason.NotAvailable"/> when nothing shows it; otherwise the rule.
    /// </returns>
    /// <exception cref="ArgumentException">Not such a text.</exception>
    /// <exception cref="AccessRefusedException">The computer ended the session, by a rule of the customer's.</exception>
    /// <exception cref="ChannelException">The session is over.</exception>
    public async Task<RefusalReason> SendAsync(string text, CancellationToken cancellationToken = default)
    {
        string plain = ChatText.TryRead(text) ?? throw new ArgumentException($"A text is 1 to {ChatText.MaxBytes} bytes of UTF-8, with something to read and without control characters but tabs and ends of lines.", nameof(text));
        var answer = new TaskCompletionSource<RefusalReason>(TaskCreationOptions.RunContinuationsAsynchronously);
        cancellationToken.ThrowIfCancellationRequested();
        lock (gate)
        {
            if (closed is not null) throw closed;
            pending.Enqueue(answer);
            sending = SendAfterAsync(sending, plain);
        }
        return await answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <exception cref="ChannelException">The session has no chat, or it is no text, or would steer what it is shown on.</exception>
    internal void Deliver(ChatMessage message)
    {
        if (!isGranted) throw new ChannelException(ChannelError.OutOfOrder, "The computer sent a text of a chat, which the session has not.");
        string text = ChatText.TryRead(message.Text) ?? throw new ChannelException(ChannelError.Malformed, "What the customer's side wrote is not a text.");
        Raise(TextReceived, new ChatTextEventArgs(text), nameof(TextReceived));
    }

    /// <exception cref="ChannelException">Nothing had been written.</exception>
    internal void Deliver(ChatAnswer answer)
    {
        TaskCompletionSource<RefusalReason>? first;
        lock (gate)
            if (!pending.TryDequeue(out first)) throw new ChannelException(ChannelError.OutOfOrder, "The computer answered a text that was not written.");
        first.TrySetResult(answer.Reason <= byte.MaxValue ? (RefusalReason)answer.Reason : RefusalReason.NotAvailable);
    }

    internal void Refuse(AccessRefusedException refusal) => Raise(Refused, new AccessRefusedEventArgs(refusal.Reason), nameof(Refused));

    /// <summary>Nobody answers any more.</summary>
    internal void Close(Exception reason)
    {
        TaskCompletionSource<RefusalReason>[] given;
        lock (gate)
        {
            closed = reason;
            given = [.. pending];
            pending.Clear();
        }
        foreach (TaskCompletionSource<RefusalReason> one in given) one.TrySetException(reason);
    }

    private async Task SendAfterAsync(Task before, string text)
    {
        // Not under the caller's lock, and whatever came of the one before.
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        try
        {
            // Not to be taken back, because then its answer would be the next one's.
            await messages.SendAsync(new ChatMessage { Text = text }, CancellationToken.None).ConfigureAwait(false);
        }
        catch (ChannelException)
        {
            // The receiving loop sees the same end, and closes what waits for an answer.
            return;
        }
    }

    private void Raise<T>(EventHandler<T>? handlers, T arguments, string name)
    {
        try
        {
            handlers?.Invoke(this, arguments);
        }
        catch (Exception error)
        {
            LogMessages.HandlerFailed(logger, name, error);
        }
    }
}
