using Google.Protobuf;
using Microsoft.Extensions.Logging;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>
/// The computer's part in the exchange of checkpoints (docs/ledger-witness.md): sends its own, keeps the technician's, proves that one continues another,
/// and has the session's end signed by both. What a technician asks for is bounded here. For one caller at a time.
/// </summary>
internal sealed class AgentWitness : IAsyncDisposable
{
    /// <summary>The least time between two checkpoints of either side.</summary>
    internal static readonly TimeSpan NoteInterval = TimeSpan.FromSeconds(60);

    /// <summary>A proof reads the whole ledger: a few at once, then one in this time.</summary>
    internal static readonly TimeSpan ProofInterval = TimeSpan.FromSeconds(10);

    private const int ProofsAtOnce = 8;

    private readonly MessageChannel messages;
    private readonly SessionPapers papers;
    private readonly LiveSession session;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly CheckpointNote notes;
    private readonly CancellationTokenSource stopRepeating = new();
    private readonly CancellationTokenSource stopProving = new();
    private readonly long began;
    private LedgerCheckpoint? technician;
    private long technicianSpoke;
    private long sentSize = -1;
    private int proofs;
    private bool isProving;
    private Task repeating = Task.CompletedTask;
    private Task proving = Task.CompletedTask;

    public AgentWitness(MessageChannel messages, LiveSession session, TimeProvider time, ILogger logger)
    {
        this.messages = messages;
        this.session = session;
        this.time = time;
        this.logger = logger;
        papers = session.Papers;
        notes = new CheckpointNote(papers.TechnicianKey.Span);
        began = time.GetTimestamp();
    }

    /// <summary>Sends the first checkpoint, which covers the session's beginning.</summary>
    public ValueTask BeginAsync(CancellationToken cancellationToken) => SendLatestAsync(cancellationToken);

    /// <summary>Takes a witness message of the technician's. Returns what to refuse, in the agent's words; null when it was in order.</summary>
    /// <exception cref="StateException">A checkpoint could not be recorded.</exception>
    public async ValueTask<string?> ReceiveAsync(ControlMessage message, CancellationToken cancellationToken)
    {
        switch (message.KindCase)
        {
            case ControlMessage.KindOneofCase.Witness:
                return await KeepAsync(message.Witness, cancellationToken).ConfigureAwait(false);
            case ControlMessage.KindOneofCase.Prove when !IsProvable(message.Prove):
                return "impossible proof request";
            case ControlMessage.KindOneofCase.Prove when Volatile.Read(ref isProving) || !TryTakeProof():
                return "proof request too soon";
            case ControlMessage.KindOneofCase.Prove:
                (WitnessProofRequest request, Task before) = (message.Prove, proving);
                isProving = true;
                proving = Task.Run(() => ProveAfterAsync(before, request, stopProving.Token), CancellationToken.None);
                return null;
            default:
                return $"{message.KindCase} message";
        }
    }

    /// <summary>After the end is recorded: the last checkpoint, and the receipt for both to sign. Returns when the technician has, will not, or the time is over.</summary>
    public async ValueTask SayGoodbyeAsync(CancellationToken cancellationToken)
    {
        await StopRepeatingAsync().ConfigureAwait(false);
        if (technician is not { } seen || session.RecordedEnd is not { } end) return;
        try
        {
            // The technician's side signs nothing before it has the proof that it asked for last.
            await proving.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await SignAsync(seen, end, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            LogMessages.ReceiptDeclined(logger, "the technician's side did not answer in time");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopRepeatingAsync().ConfigureAwait(false);
        await stopProving.CancelAsync().ConfigureAwait(false);
        await proving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopRepeating.Dispose();
        stopProving.Dispose();
        notes.Dispose();
    }

    private async ValueTask SignAsync(LedgerCheckpoint seen, RecordedEnd end, CancellationToken cancellationToken)
    {
        await SendAsync(end.Checkpoint, cancellationToken).ConfigureAwait(false);
        byte[] receipt = papers.SignReceipt(end, seen, out byte[] signature);
        var proposal = new Receipt { Receipt_ = ByteString.CopyFrom(receipt), Signature = ByteString.CopyFrom(signature) };
        await messages.SendAsync(new ControlMessage { Receipt = proposal }, cancellationToken).ConfigureAwait(false);
        while (await messages.ReceiveAsync(cancellationToken).ConfigureAwait(false) is { IsEnd: false } received)
        {
            switch (received.Body)
            {
                case ControlMessage { KindCase: ControlMessage.KindOneofCase.Prove } asked when IsProvable(asked.Prove) && TryTakeProof():
                    await ProveAsync(asked.Prove, cancellationToken).ConfigureAwait(false);
                    break;
                case ControlMessage { KindCase: ControlMessage.KindOneofCase.Receipt } answer:
                    await KeepAsync(answer.Receipt, receipt, signature).ConfigureAwait(false);
                    return;
                default:
                    LogMessages.PictureStopped(logger, "what the technician sent after the end is dropped");
                    break;
            }
        }
    }

    private async ValueTask StopRepeatingAsync()
    {
        await stopRepeating.CancelAsync().ConfigureAwait(false);
        // What it failed of is the channel's end, which the session sees.
        await repeating.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async ValueTask<string?> KeepAsync(Witness message, CancellationToken cancellationToken)
    {
        if (!notes.TryReadOne(message.Note.Span, out LedgerCheckpoint? checkpoint)) return "malformed checkpoint";
        if (technician is { } before)
        {
            if (time.GetElapsedTime(technicianSpoke) < NoteInterval) return "checkpoint too soon";
            if (checkpoint.Size <= before.Size) return "checkpoint that is not newer";
        }

        await papers.RecordWitnessAsync(checkpoint, cancellationToken).ConfigureAwait(false);
        bool isFirst = technician is null;
        technician = checkpoint;
        technicianSpoke = time.GetTimestamp();
        if (isFirst) repeating = RepeatAsync();
        return null;
    }

    private async ValueTask KeepAsync(Receipt answer, byte[] receipt, byte[] signature)
    {
        if (answer.Signature.IsEmpty)
        {
            LogMessages.ReceiptDeclined(logger, "the technician's side does not sign");
            return;
        }

        try
        {
            if (!await papers.TryRecordReceiptAsync(receipt, signature, answer.Signature.Memory).ConfigureAwait(false)) LogMessages.ReceiptDeclined(logger, "the technician's signature is wrong");
        }
        catch (StateException error)
        {
            LogMessages.RecordFailed(logger, error);
        }
    }

    private static bool IsProvable(WitnessProofRequest request) => request.FromSize <= request.ToSize && request.ToSize <= (ulong)CanonicalJson.MaxInteger;

    private bool TryTakeProof()
    {
        if (proofs >= ProofsAtOnce + (time.GetElapsedTime(began) / ProofInterval)) return false;
        proofs++;
        return true;
    }

    private async Task ProveAfterAsync(Task before, WitnessProofRequest request, CancellationToken cancellationToken)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await ProveAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private async Task ProveAsync(WitnessProofRequest request, CancellationToken cancellationToken)
    {
        var answer = new WitnessProof { FromSize = request.FromSize, ToSize = request.ToSize };
        try
        {
            // A ledger that is shorter than what it is asked about proves nothing, and that is the answer.
            if (papers.LatestCheckpoint is { } latest && request.ToSize <= (ulong)latest.Size)
                answer.Hashes = ByteString.CopyFrom(papers.Prove((long)request.FromSize, (long)request.ToSize, cancellationToken));
        }
        catch (StateException error)
        {
            LogMessages.RecordFailed(logger, error);
        }

        // Before the answer goes: the next request may be here before the sending returns.
        Volatile.Write(ref isProving, false);
        await messages.SendAsync(new ControlMessage { Proven = answer }, cancellationToken).ConfigureAwait(false);
    }

    private async Task RepeatAsync()
    {
        using var timer = new PeriodicTimer(NoteInterval, time);
        while (await timer.WaitForNextTickAsync(stopRepeating.Token).ConfigureAwait(false)) await SendLatestAsync(stopRepeating.Token).ConfigureAwait(false);
    }

    private ValueTask SendLatestAsync(CancellationToken cancellationToken) =>
        papers.LatestCheckpoint is { } latest ? SendAsync(latest, cancellationToken) : ValueTask.CompletedTask;

    private async ValueTask SendAsync(LedgerCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        if (checkpoint.Size <= sentSize) return;
        sentSize = checkpoint.Size;
        await messages.SendAsync(new ControlMessage { Witness = new Witness { Note = ByteString.CopyFromUtf8(checkpoint.Note) } }, cancellationToken).ConfigureAwait(false);
    }
}
