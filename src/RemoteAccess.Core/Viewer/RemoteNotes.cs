using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;

namespace RemoteAccess;

/// <summary>The technician's session notes on their way to the customer's ledger. Thread-safe.</summary>
internal sealed class RemoteNotes(MessageChannel messages)
{
    private readonly List<TaskCompletionSource<int>> unanswered = [];
    private Exception? ended;

    /// <summary>Completes with the note's number when it is in the computer's ledger.</summary>
    public async Task<int> SendAsync(string text, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!NotesReceiver.IsAcceptable(text)) throw new ArgumentException($"Notes are plain text: 1 to {NotesReceiver.MaxTextBytes} bytes of UTF-8, lines allowed, no other control characters.", nameof(text));
        var answer = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        ValueTask sent;
        lock (unanswered)
        {
            if (ended is not null) throw ended;
            unanswered.Add(answer);
            // Under the lock, because answers come in the order of the notes; and not to be taken back, because then its answer would be the next one's.
            sent = messages.SendAsync(new ControlMessage { Notes = new SessionNotes { Text = text } }, CancellationToken.None);
        }

        try
        {
            await sent.ConfigureAwait(false);
        }
        catch
        {
            lock (unanswered) unanswered.Remove(answer);
            throw;
        }

        return await answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The computer's answer to the oldest note.</summary>
    /// <exception cref="ChannelException">There is none.</exception>
    public void Deliver(SessionNotes answer)
    {
        TaskCompletionSource<int>? oldest;
        lock (unanswered)
        {
            oldest = unanswered.FirstOrDefault();
            if (oldest is not null) unanswered.RemoveAt(0);
        }

        if (oldest is null) throw new ChannelException(ChannelError.OutOfOrder, "The computer answered notes that were not sent.");
        if (answer.Refusal is > 0 and <= byte.MaxValue) oldest.TrySetException(new AccessRefusedException((RefusalReason)answer.Refusal));
        else if (answer is { Refusal: 0, Number: > 0 and <= NotesReceiver.MostNotes }) oldest.TrySetResult((int)answer.Number);
        else oldest.TrySetException(new ChannelException(ChannelError.Malformed, "The computer's answer to the notes cannot be."));
    }

    /// <summary>The session is over: nothing is answered any more.</summary>
    public void Close(Exception reason)
    {
        lock (unanswered)
        {
            ended = reason;
            foreach (TaskCompletionSource<int> waiting in unanswered) waiting.TrySetException(reason);
            unanswered.Clear();
        }
    }
}
