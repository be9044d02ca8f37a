using Microsoft.Extensions.Logging;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>Takes the technician's session notes into the customer's ledger: plain text, and so many that a session cannot fill it. For one caller at a time.</summary>
internal sealed class NotesReceiver(MessageChannel messages, LiveSession session, ILogger logger)
{
    /// <summary>Notes that one session may leave.</summary>
    public const int MostNotes = 16;

    /// <summary>The longest note in UTF-8 bytes.</summary>
    public const int MaxTextBytes = 4096;

    private int recorded;

    /// <summary>Records one note and says which it is; or refuses it, in the ledger too.</summary>
    /// <exception cref="StateException">It could not be recorded.</exception>
    public async ValueTask ReceiveAsync(SessionNotes notes, CancellationToken cancellationToken)
    {
        string? wrong = recorded >= MostNotes ? "more notes than a session may leave" : IsAcceptable(notes.Text) ? null : "notes that are not plain text";
        if (wrong is not null)
        {
            await session.RecordRefusalAsync(Operations.None, RefusalReason.OperationNotGranted, wrong).ConfigureAwait(false);
            LogMessages.Refused(logger, wrong, RefusalReason.OperationNotGranted);
            await messages.SendAsync(new ControlMessage { Notes = new SessionNotes { Refusal = (uint)RefusalReason.OperationNotGranted } }, cancellationToken).ConfigureAwait(false);
            return;
        }

        await session.Papers.RecordNotesAsync(notes.Text, cancellationToken).ConfigureAwait(false);
        recorded++;
        await messages.SendAsync(new ControlMessage { Notes = new SessionNotes { Number = (uint)recorded } }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether a text can be a note: not blank, lines allowed, nothing that steers what it is shown on.</summary>
    public static bool IsAcceptable(string text) => !string.IsNullOrWhiteSpace(text) && PlainText.IsAcceptable(text, MaxTextBytes, allowLines: true);
}
