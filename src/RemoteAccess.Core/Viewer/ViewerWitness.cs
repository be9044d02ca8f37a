using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>What the technician's side knows of the session that its computer's ledger is watched in.</summary>
internal sealed record WitnessedSession(ReadOnlyMemory<byte> Id, Grant Grant, Operations Operations);

/// <summary>
/// The technician's part in the exchange of checkpoints (docs/ledger-witness.md): keeps the computer's, demands that each continues the one kept before, sends its
/// own, and signs the receipt when it is what was seen. Works beside the session, which hands it what comes; files are written here and nowhere in the session's way.
/// </summary>
internal sealed class ViewerWitness : IDisposable
{
    /// <summary>Messages that may wait; the computer sends one a minute and a few at the end. What is beyond is a flood, and is dropped.</summary>
    private const int MostWaiting = 16;

    /// <summary>How far the computer's clock may be from this one for its receipt to be signed.</summary>
    internal static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(10);

    /// <summary>How much longer or shorter the session may have been for the computer.</summary>
    internal static readonly TimeSpan LengthTolerance = TimeSpan.FromSeconds(10);

    private const int NotesAtOnce = 4;

    /// <summary>The computer sends one a minute; twice as many are taken.</summary>
    private static readonly TimeSpan NoteInterval = TimeSpan.FromSeconds(30);

    private readonly Channel<ControlMessage> waiting = Channel.CreateBounded<ControlMessage>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });
    private readonly TaskCompletionSource<LedgerWitness> first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MessageChannel messages;
    private readonly WitnessStore store;
    private readonly WitnessedSession session;
    private readonly CheckpointNote notes;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly Action changed;
    private readonly long began;
    private readonly DateTimeOffset beganAt;
    private LedgerWitness current = new(LedgerWitnessState.NotProven, 0, 0, "The computer has sent no checkpoint of its ledger.");
    private int seen;
    private LedgerCheckpoint? own;
    private LedgerCheckpoint? shown;
    private LedgerCheckpoint? proven;
    private (LedgerCheckpoint Kept, LedgerCheckpoint Shown)? asked;
    private Receipt? proposed;

    public ViewerWitness(MessageChannel messages, WitnessStore store, WitnessedSession session, TimeProvider time, ILogger logger, Action changed)
    {
        this.messages = messages;
        this.store = store;
        this.session = session;
        this.time = time;
        this.logger = logger;
        this.changed = changed;
        notes = new CheckpointNote(session.Grant.HostKey.Span);
        began = time.GetTimestamp();
        beganAt = time.GetUtcNow();
        Running = Task.Run(RunAsync);
    }

    /// <summary>What is known by now.</summary>
    public LedgerWitness Current => Volatile.Read(ref current);

    /// <summary>What the first comparison found; completes at the end of the session at the latest.</summary>
    public Task<LedgerWitness> First => first.Task;

    /// <summary>Whether the computer takes part, so that waiting for a receipt makes sense.</summary>
    public bool IsAnswered => Volatile.Read(ref own) is not null;

    /// <summary>Completes, never faults, after <see cref="Complete"/> when everything that came is dealt with.</summary>
    public Task Running { get; }

    /// <summary>Hands over a message of the computer's; never waits.</summary>
    public void Post(ControlMessage message) => waiting.Writer.TryWrite(message);

    /// <summary>Nothing comes any more.</summary>
    public void Complete() => waiting.Writer.TryComplete();

    /// <summary>Once <see cref="Running"/> is complete.</summary>
    public void Dispose() => notes.Dispose();

    private async Task RunAsync()
    {
        try
        {
            await foreach (ControlMessage message in waiting.Reader.ReadAllAsync().ConfigureAwait(false)) await ReceiveAsync(message).ConfigureAwait(false);
        }
        catch (ChannelException error)
        {
            messages.Fail(error);
        }
        catch (Exception error) when (error is StateException or CryptographicException or InvalidOperationException)
        {
            // The store's disk, a key that lives in hardware, or a store that was closed meanwhile: the session goes on without a witness, and says so.
            LogMessages.WitnessFailed(logger, error);
            Set(LedgerWitnessState.NotProven, 0, $"The witness store cannot be used: {error.Message}");
        }
        finally
        {
            waiting.Writer.TryComplete();
            first.TrySetResult(Current);
        }
    }

    private async ValueTask ReceiveAsync(ControlMessage message)
    {
        switch (message.KindCase)
        {
            case ControlMessage.KindOneofCase.Witness:
                await SeeAsync(message.Witness).ConfigureAwait(false);
                break;
            case ControlMessage.KindOneofCase.Proven:
                await CheckAsync(message.Proven).ConfigureAwait(false);
                break;
            default:
                proposed = message.Receipt;
                break;
        }

        if (asked is null && proposed is { } proposal)
        {
            proposed = null;
            await AnswerAsync(proposal).ConfigureAwait(false);
        }
    }

    private async ValueTask SeeAsync(Witness message)
    {
        if (!notes.TryReadOne(message.Note.Span, out LedgerCheckpoint? checkpoint)) throw Malformed("a checkpoint that it did not sign");
        if (checkpoint.Size <= shown?.Size) throw Malformed("a checkpoint that is not newer than its last one");
        if (++seen > NotesAtOnce + (time.GetElapsedTime(began) / NoteInterval)) throw new ChannelException(ChannelError.LimitExceeded, "The computer sent more checkpoints than it may.");
        shown = checkpoint;
        await store.RecordAsync(Entry(own is null ? "session.witnessed" : "witness.received", new JsonObject { ["note"] = checkpoint.Note })).ConfigureAwait(false);
        if (own is null)
        {
            Volatile.Write(ref own, await store.CheckpointAsync().ConfigureAwait(false));
            await messages.SendAsync(new ControlMessage { Witness = new Witness { Note = ByteString.CopyFromUtf8(own!.Note) } }, CancellationToken.None).ConfigureAwait(false);
        }

        if (asked is null) await CompareAsync(checkpoint).ConfigureAwait(false);
    }

    /// <summary>Holds a checkpoint against the one kept: at once where that can be told, else the computer is asked for a proof.</summary>
    private async ValueTask CompareAsync(LedgerCheckpoint checkpoint)
    {
        if (Current.IsAlarm) return;
        LedgerCheckpoint? kept = store.Find(notes);
        if (kept is null || kept.Size == checkpoint.Size || kept.Size == 0)
        {
            if (kept is null || kept.Size == 0 || kept.Root.Span.SequenceEqual(checkpoint.Root.Span)) await TakeAsync(kept, checkpoint).ConfigureAwait(false);
            else await AlarmAsync(LedgerWitnessState.Forked, kept, checkpoint, $"The computer signed two different ledgers of {kept.Size} entries").ConfigureAwait(false);
            return;
        }

        asked = (kept, checkpoint);
        var request = new WitnessProofRequest { FromSize = (ulong)Math.Min(kept.Size, checkpoint.Size), ToSize = (ulong)Math.Max(kept.Size, checkpoint.Size) };
        await messages.SendAsync(new ControlMessage { Prove = request }, CancellationToken.None).ConfigureAwait(false);
    }

    private async ValueTask CheckAsync(WitnessProof proof)
    {
        if (asked is not var (kept, checkpoint)) throw Malformed("a proof that was not asked for");
        (LedgerCheckpoint older, LedgerCheckpoint newer) = kept.Size < checkpoint.Size ? (kept, checkpoint) : (checkpoint, kept);
        if (proof.FromSize != (ulong)older.Size || proof.ToSize != (ulong)newer.Size) throw Malformed("another proof than the one asked for");
        asked = null;
        if (ConsistencyProof.Verify(older.Size, older.Root.Span, newer.Size, newer.Root.Span, proof.Hashes.Span))
            await TakeAsync(kept, checkpoint).ConfigureAwait(false);
        else if (!proof.Hashes.IsEmpty)
            await AlarmAsync(LedgerWitnessState.Forked, kept, checkpoint, $"The computer's ledger of {checkpoint.Size} entries is not a continuation of the one of {kept.Size} entries that it signed before").ConfigureAwait(false);
        else if (kept.Size > checkpoint.Size)
            await AlarmAsync(LedgerWitnessState.RolledBack, kept, checkpoint, $"The computer had signed {kept.Size} entries and now has {checkpoint.Size}").ConfigureAwait(false);
        else
            Set(LedgerWitnessState.NotProven, kept.Size, $"The computer did not show that its ledger of {checkpoint.Size} entries continues the one of {kept.Size} entries that it signed before.");

        if (!Current.IsAlarm && shown is { } latest && latest != checkpoint) await CompareAsync(latest).ConfigureAwait(false);
    }

    private async ValueTask TakeAsync(LedgerCheckpoint? kept, LedgerCheckpoint checkpoint)
    {
        // One that this side has seen later, in another session that overtook this one, stays.
        if ((kept is null || kept.Size < checkpoint.Size) && !store.TryAdvance(notes, kept, checkpoint))
        {
            await CompareAsync(checkpoint).ConfigureAwait(false);
            return;
        }

        proven = checkpoint;
        if (kept is null || Current.State == LedgerWitnessState.FirstSeen)
        {
            Set(LedgerWitnessState.FirstSeen, 0, "No checkpoint of this computer's ledger had been kept; from now on it is.");
            return;
        }

        // In later comparisons of the session this one's own checkpoints are kept; what it began with is what is told.
        long before = Current.State == LedgerWitnessState.Consistent ? Current.KeptSize : Math.Min(kept.Size, checkpoint.Size);
        Set(LedgerWitnessState.Consistent, before, $"The computer's ledger holds unchanged the {before} entries that were in it.");
    }

    private async ValueTask AlarmAsync(LedgerWitnessState state, LedgerCheckpoint kept, LedgerCheckpoint checkpoint, string text)
    {
        Set(state, kept.Size, $"{text}: its record was set back or changed. Both checkpoints are kept as evidence; have it looked at.");
        LogMessages.LedgerAlarm(logger, notes.HostId, Current.Text);
        var data = new JsonObject { ["state"] = state.ToString(), ["kept"] = kept.Note, ["shown"] = checkpoint.Note };
        await store.RecordAlarmAsync(Entry("witness.alarm", data), notes, Convert.ToHexStringLower(session.Id.Span), kept, checkpoint).ConfigureAwait(false);
    }

    /// <summary>Signs a receipt that says what was seen; any other is answered without a signature.</summary>
    private async ValueTask AnswerAsync(Receipt proposal)
    {
        byte[] receipt = proposal.Receipt_.ToByteArray();
        var answer = new Receipt();
        if (WhatIsWrongWith(receipt, proposal.Signature.Span) is { } wrong)
        {
            LogMessages.ReceiptRefused(logger, wrong);
            await store.RecordAsync(Entry("receipt.refused", new JsonObject { ["wrong"] = wrong })).ConfigureAwait(false);
        }
        else
        {
            byte[] signature = ReceiptBody.Sign(receipt, store.TechnicianKey);
            byte[] whole = [.. receipt, .. session.Grant.HostKey.Span, .. proposal.Signature.Span, .. store.TechnicianKey.PublicKey, .. signature];
            if (!SessionReceipt.TryRead(whole, out SessionReceipt? signed)) throw new InvalidOperationException("A receipt that was just signed does not verify.");
            await store.RecordReceiptAsync(Entry("session.receipt", new JsonObject { ["receipt"] = signed.ToPem() }), signed).ConfigureAwait(false);
            answer.Signature = ByteString.CopyFrom(signature);
        }

        await messages.SendAsync(new ControlMessage { Receipt = answer }, CancellationToken.None).ConfigureAwait(false);
    }

    private string? WhatIsWrongWith(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> signature)
    {
        if (!ReceiptBody.TryRead(bytes, out ReceiptBody? receipt)) return "not a receipt";
        if (!ReceiptBody.IsSigned(bytes, session.Grant.HostKey.Span, signature)) return "the computer's signature";
        if (!receipt!.SessionId.Span.SequenceEqual(session.Id.Span)) return "session";
        if (!receipt.GrantId.Span.SequenceEqual(session.Grant.Id.Span)) return "grant";
        if ((receipt.Used & ~session.Operations) != 0) return "operations";
        if ((receipt.Began - beganAt).Duration() > ClockTolerance) return "beginning";
        if ((receipt.Ended - receipt.Began - time.GetElapsedTime(began)).Duration() > LengthTolerance) return "length";
        if (own is null || receipt.TechnicianSize != own.Size || !receipt.TechnicianRoot.Span.SequenceEqual(own.Root.Span)) return "the technician's checkpoint";
        // Proven in this session, and against everything that was seen before it.
        return proven is not null && !Current.IsAlarm && receipt.HostSize == proven.Size && receipt.HostRoot.Span.SequenceEqual(proven.Root.Span) ? null : "the computer's checkpoint";
    }

    private void Set(LedgerWitnessState state, long keptSize, string text)
    {
        if (Current.IsAlarm) return;
        var now = new LedgerWitness(state, keptSize, shown?.Size ?? 0, text);
        Volatile.Write(ref current, now);
        first.TrySetResult(now);
        changed();
    }

    private LedgerEvent Entry(string type, JsonObject data)
    {
        data["computer"] = notes.HostId;
        return new LedgerEvent
        {
            Type = type,
            SessionId = session.Id,
            GrantId = session.Grant.Id,
            Actor = new JsonObject { ["kind"] = "viewer" },
            Data = data,
        };
    }

    private static ChannelException Malformed(string what) => new(ChannelError.Malformed, $"The computer sent {what}.");
}
