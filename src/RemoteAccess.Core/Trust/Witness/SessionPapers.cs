using System.Text.Json.Nodes;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>How a session ended, once that is in the ledger and signed.</summary>
internal sealed record RecordedEnd(DateTimeOffset Began, DateTimeOffset Ended, Operations Used, LedgerCheckpoint Checkpoint);

/// <summary>What one session puts into the ledger beside its operations: the technician's checkpoints and notes, and the receipt. Thread-safe.</summary>
internal sealed class SessionPapers(SessionFacts facts, SessionSurroundings around)
{
    // As many as NotesReceiver takes.
    private readonly List<string> notes = [];

    /// <summary>The computer's latest checkpoint, from memory.</summary>
    public LedgerCheckpoint? LatestCheckpoint => around.Ledger.LatestCheckpoint;

    /// <summary>The technician's key, 65 bytes.</summary>
    public ReadOnlyMemory<byte> TechnicianKey => facts.Technician.TechnicianKey;

    /// <inheritdoc cref="Ledger.Prove"/>
    public byte[] Prove(long first, long second, CancellationToken cancellationToken) => around.Ledger.Prove(first, second, cancellationToken);

    /// <summary>Keeps a checkpoint of the technician's ledger; it is on the disk when this completes.</summary>
    /// <exception cref="StateException">It could not be written.</exception>
    public async ValueTask RecordWitnessAsync(LedgerCheckpoint checkpoint, CancellationToken cancellationToken) =>
        await around.Ledger.AppendAsync(Entry("witness.received", TrustEvents.Technician(facts.Technician), new JsonObject { ["note"] = checkpoint.Note }), cancellationToken).ConfigureAwait(false);

    /// <summary>Keeps a note of the technician's; it is on the disk when this completes.</summary>
    /// <exception cref="StateException">It could not be written.</exception>
    public async ValueTask RecordNotesAsync(string text, CancellationToken cancellationToken)
    {
        await around.Ledger.AppendAsync(Entry("session.notes", TrustEvents.Technician(facts.Technician), new JsonObject { ["text"] = text }), cancellationToken).ConfigureAwait(false);
        lock (notes) notes.Add(text);
    }

    /// <summary>What the technician noted so far, for the customer.</summary>
    public string Notes
    {
        get
        {
            lock (notes) return string.Join('\n', notes);
        }
    }

    /// <summary>Writes the session's end and signs the ledger's head. Null when it could not be; then the log says so.</summary>
    public async ValueTask<RecordedEnd?> RecordEndAsync(RefusalReason reason, string text, DateTimeOffset began, TimeSpan length, Operations used)
    {
        try
        {
            await around.Ledger.AppendLastAsync(TrustEvents.SessionEnded(facts, reason, text, length, used), CancellationToken.None).ConfigureAwait(false);
            return new RecordedEnd(began, began + length, used, await around.Ledger.CheckpointAsync(CancellationToken.None).ConfigureAwait(false));
        }
        catch (StateException exception)
        {
            Log.EndNotRecorded(around.Logger, Convert.ToHexStringLower(facts.SessionId.Span), exception);
            return null;
        }
    }

    /// <summary>The receipt for a session that has ended, signed by the computer.</summary>
    /// <param name="end">Its end.</param>
    /// <param name="technician">The technician's checkpoint.</param>
    /// <param name="signature">64 bytes.</param>
    public byte[] SignReceipt(RecordedEnd end, LedgerCheckpoint technician, out byte[] signature)
    {
        byte[] receipt = new ReceiptBody
        {
            SessionId = facts.SessionId,
            GrantId = facts.Grant.Id,
            Began = end.Began,
            Ended = end.Ended,
            HostSize = end.Checkpoint.Size,
            HostRoot = end.Checkpoint.Root,
            TechnicianSize = technician.Size,
            TechnicianRoot = technician.Root,
            Used = end.Used,
        }.Encode();
        signature = ReceiptBody.Sign(receipt, around.HostKey);
        return receipt;
    }

    /// <summary>Keeps the receipt with both signatures. False when the technician's is not theirs; then nothing is written.</summary>
    /// <exception cref="StateException">It could not be written.</exception>
    public async ValueTask<bool> TryRecordReceiptAsync(ReadOnlyMemory<byte> receipt, ReadOnlyMemory<byte> signature, ReadOnlyMemory<byte> technicianSignature)
    {
        byte[] whole = [.. receipt.Span, .. around.HostKey.PublicKey, .. signature.Span, .. facts.Technician.TechnicianKey.Span, .. technicianSignature.Span];
        if (!SessionReceipt.TryRead(whole, out SessionReceipt? signed)) return false;
        await around.Ledger.AppendLastAsync(Entry("session.receipt", TrustEvents.Agent(), new JsonObject { ["receipt"] = signed.ToPem() }), CancellationToken.None).ConfigureAwait(false);
        await around.Ledger.CheckpointAsync(CancellationToken.None).ConfigureAwait(false);
        return true;
    }

    private LedgerEvent Entry(string type, JsonObject actor, JsonObject data) => new()
    {
        Type = type,
        SessionId = facts.SessionId,
        GrantId = facts.Grant.Id,
        Actor = actor,
        Data = data,
    };
}
