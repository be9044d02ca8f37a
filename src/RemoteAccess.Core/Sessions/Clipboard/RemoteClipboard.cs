using Microsoft.Extensions.Logging;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess.Sessions;

/// <summary>A text that was copied at the computer.</summary>
/// <param name="text">Lines end with a line feed.</param>
public sealed class ClipboardTextEventArgs(string text) : EventArgs
{
    /// <summary>1 to <see cref="ClipboardText.MaxBytes"/> bytes of UTF-8.</summary>
    public string Text { get; } = text;
}

/// <summary>The computer's clipboard, text only. Needs <see cref="Operations.Clipboard"/>. Thread-safe.</summary>
public sealed class RemoteClipboard
{
    private readonly MessageChannel messages;
    private readonly ILogger logger;
    private readonly Lock gate = new();
    private Task setting = Task.CompletedTask;
    private TaskCompletionSource<RefusalReason>? pending;
    private Exception? closed;
    private bool hasAsked;

    internal RemoteClipboard(MessageChannel messages, ILogger logger)
    {
        this.messages = messages;
        this.logger = logger;
    }

    /// <summary>The customer's programs copied a text, while <see cref="ListenAsync"/> is on. Raised on the session's thread, which it must not block.</summary>
    public event EventHandler<ClipboardTextEventArgs>? TextCopied;

    /// <summary>The computer tells of nothing copied any more, with the rule: the customer took it away. Ask again when they gave it back.</summary>
    public event EventHandler<AccessRefusedEventArgs>? Refused;

    /// <summary>Has the computer tell what is copied there from now on, or no longer. It does not until this was called.</summary>
    /// <exception cref="ChannelException">The session is over.</exception>
    public async ValueTask ListenAsync(bool isOn, CancellationToken cancellationToken = default)
    {
        lock (gate) hasAsked |= isOn;
        await messages.SendAsync(new ControlMessage { ListenClipboard = new ListenClipboard { On = isOn } }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Puts a text on the computer's clipboard. It does not come back as <see cref="TextCopied"/>. Calls wait for each other.</summary>
    /// <param name="text">1 to <see cref="ClipboardText.MaxBytes"/> bytes of UTF-8 without U+0000.</param>
    /// <param name="cancellationToken">Ends the wait; a text that was sent may be put there all the same.</param>
    /// <returns><see cref="RefusalReason.None"/> when it is there; otherwise the rule, or what kept it from it.</returns>
    /// <exception cref="ArgumentException">Not such a text.</exception>
    /// <exception cref="AccessRefusedException">The computer ended the session, by a rule of the customer's.</exception>
    /// <exception cref="ChannelException">The session is over.</exception>
    public async Task<RefusalReason> SetAsync(string text, CancellationToken cancellationToken = default)
    {
        if (!ClipboardText.CanTravel(text)) throw new ArgumentException($"A text of the clipboard is 1 to {ClipboardText.MaxBytes} bytes of UTF-8 without U+0000.", nameof(text));
        cancellationToken.ThrowIfCancellationRequested();
        Task<RefusalReason> mine;
        // A turn lasts until the answer has come, whoever still waits for it.
        lock (gate) setting = mine = SetAfterAsync(setting, text);
        return await mine.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <exception cref="ChannelException">Nothing was asked for, or it is no text.</exception>
    internal void Deliver(ReadOnlySpan<byte> message)
    {
        lock (gate)
            if (!hasAsked) throw new ChannelException(ChannelError.OutOfOrder, "The computer sent its clipboard, which was not asked for.");
        string text = ClipboardText.TryDecode(message) ?? throw new ChannelException(ChannelError.Malformed, "The computer's clipboard is not a text.");
        Raise(TextCopied, new ClipboardTextEventArgs(text), nameof(TextCopied));
    }

    /// <exception cref="ChannelException">Nothing had been set.</exception>
    internal void Deliver(ClipboardAnswer answer)
    {
        lock (gate)
        {
            if (pending is not { } waiting) throw new ChannelException(ChannelError.OutOfOrder, "The computer answered a clipboard that was not set.");
            pending = null;
            waiting.TrySetResult(answer.Reason <= byte.MaxValue ? (RefusalReason)answer.Reason : RefusalReason.NotAvailable);
        }
    }

    internal void Refuse(AccessRefusedException refusal) => Raise(Refused, new AccessRefusedEventArgs(refusal.Reason), nameof(Refused));

    /// <summary>Nobody answers any more.</summary>
    internal void Close(Exception reason)
    {
        lock (gate)
        {
            closed = reason;
            pending?.TrySetException(reason);
        }
    }

    private async Task<RefusalReason> SetAfterAsync(Task before, string text)
    {
        // Not under the caller's lock, and whatever came of the one before.
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        var answer = new TaskCompletionSource<RefusalReason>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (closed is not null) throw closed;
            pending = answer;
        }
        await messages.SendAsync(MessageStream.Clipboard, ClipboardText.Encode(text), CancellationToken.None).ConfigureAwait(false);
        return await answer.Task.ConfigureAwait(false);
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

/// <summary>Something is not permitted any more.</summary>
/// <param name="reason">The rule.</param>
public sealed class AccessRefusedEventArgs(RefusalReason reason) : EventArgs
{
    /// <summary>The rule.</summary>
    public RefusalReason Reason { get; } = reason;
}
