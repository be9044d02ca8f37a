using Microsoft.Extensions.Logging;
using RemoteAccess.Picture;
using RemoteAccess.Sessions;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>
/// A technician's session with one computer. Thread-safe except where a member says otherwise. Dispose it to finish; the computer ends
/// it too when it hears nothing for 30 s.
/// </summary>
public sealed class RemoteSession : IAsyncDisposable
{
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FarewellLimit = TimeSpan.FromSeconds(2);
    private static readonly LedgerWitness Unwatched = new(LedgerWitnessState.NotProven, 0, 0, "The computer's ledger is not watched: no witness store was given.");

    private readonly MessageChannel messages;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource<SessionEnd> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<(long Sent, long Received)> count;
    private readonly ILogger logger;
    private readonly ViewerWitness? witness;
    private readonly RemoteNotes notes;
    private readonly RemoteTools tools;
    private readonly Task receiving;
    private readonly Task pinging;
    private readonly CredentialsGiver credentials;
    private readonly RemotePings pings;
    private SessionEnding? announced;
    private bool finishing;
    private int disposed;

    /// <exception cref="ChannelException"><see cref="ChannelError.Malformed"/>: what the computer says of itself cannot be, or would steer a terminal it is shown on.</exception>
    internal RemoteSession(MessageChannel messages, Accepted accepted, Func<(long Sent, long Received)> count, Grant grant, WitnessStore? store, TimeProvider time, ILogger logger)
    {
        AcceptedCheck.Demand(accepted);
        this.messages = messages;
        this.time = time;
        this.count = count;
        Id = Convert.ToHexStringLower(accepted.SessionId.Span);
        Operations = (Operations)accepted.Operations & Operations.All;
        ComputerName = accepted.ComputerName;
        Platform = accepted.Platform;
        ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(accepted.ExpiresUnixMs);
        FailedAttempts = (int)accepted.FailedAttempts;
        credentials = new CredentialsGiver(messages, accepted.CredentialsWanted is not null);
        this.logger = logger;
        notes = new RemoteNotes(messages);
        witness = store is null ? null : new ViewerWitness(messages, store, new WitnessedSession(accepted.SessionId.Memory, grant, Operations), time, logger, OnWitnessChanged);
        var inputs = new InputTimes();
        Picture = new RemotePicture(messages, inputs, time);
        Input = new RemoteInput(messages, inputs, time);
        Customer = new RemoteCustomer(messages, grant, Operations);
        tools = new RemoteTools(messages, Operations, new RemoteRecording(messages, accepted.SessionId.Memory, grant, time, logger), logger);
        ResumeToken = accepted.ResumeToken.ToByteArray();
        pings = new RemotePings(messages, time);
        receiving = Task.Run(ReceiveAsync);
        pinging = Task.Run(() => pings.RunAsync(stop.Token));
    }

    /// <summary>16 bytes in hex; the same in the computer's ledger.</summary>
    public string Id { get; }

    /// <summary>What the computer permits in this session.</summary>
    public Operations Operations { get; }

    /// <summary>The computer's own name for itself.</summary>
    public string ComputerName { get; }

    /// <summary>The computer's operating system, for people.</summary>
    public string Platform { get; }

    /// <summary>When the computer ends the session at the latest.</summary>
    public DateTimeOffset ExpiresAt { get; }

    /// <summary>Wrong access codes since the last success: if it was not you, tell the customer.</summary>
    public int FailedAttempts { get; }

    /// <summary>
    /// Whether the customer's rules want credentials of the computer before anything else: until they were accepted all else is refused
    /// (<see cref="RefusalReason.CredentialsRequired"/>). The computer waits a minute for the first, and two in all.
    /// </summary>
    public bool NeedsCredentials => credentials.AreNeeded;

    /// <summary>The screen.</summary>
    public RemotePicture Picture { get; }

    /// <summary>Keyboard and mouse.</summary>
    public RemoteInput Input { get; }

    /// <summary>The person at the computer: what they can be asked for.</summary>
    public RemoteCustomer Customer { get; }

    /// <summary>The computer's clipboard.</summary>
    public RemoteClipboard Clipboard => tools.Clipboard;

    /// <summary>Writing to the customer.</summary>
    public RemoteChat Chat => tools.Chat;

    /// <summary>The folders that the customer shares.</summary>
    public RemoteFiles Files => tools.Files;

    /// <summary>Restarting the computer.</summary>
    public RemotePower Power => tools.Power;

    /// <summary>Recording it to a file.</summary>
    public RemoteRecording Recording => tools.Recording;

    /// <summary>Running programs on the computer.</summary>
    public RemoteCommands Commands => tools.Commands;

    /// <summary>Facts about the computer.</summary>
    public RemoteSystemInfo SystemInfo => tools.SystemInfo;

    /// <summary>For <see cref="ConnectOptions.ResumeToken"/> within 15 minutes of the session's beginning, once; 32 bytes. A restart gives a fresh one.</summary>
    public ReadOnlyMemory<byte> ResumeToken { get; }

    /// <summary>The password that the customer stored for the log-on screen: whether it can be filled in, and to have it filled in.</summary>
    public RemoteStoredPassword StoredPassword => tools.StoredPassword;

    /// <summary>
    /// What has become of the computer's ledger since it was last seen, by now: see <see cref="ConnectOptions.Witness"/>. The session goes on after an alarm;
    /// whether it should is the caller's to decide.
    /// </summary>
    public LedgerWitness LedgerWitness => witness?.Current ?? Unwatched;

    /// <summary>The first thing that is found out about the computer's ledger; at the session's end at the latest, whatever is known then. Never faults.</summary>
    public Task<LedgerWitness> LedgerWitnessed => witness?.First ?? Task.FromResult(Unwatched);

    /// <summary><see cref="LedgerWitness"/> changed; raised on a thread of its own. An alarm must be shown to the technician.</summary>
    public event EventHandler? LedgerWitnessChanged;

    /// <summary>Completes, never faults, when the session is over.</summary>
    public Task<SessionEnd> Completion => completion.Task;

    /// <summary>Bytes received on the link so far, with encryption and framing.</summary>
    public long BytesReceived => count().Received;
    /// <summary>Bytes sent on the link so far, with encryption and framing.</summary>
    public long BytesSent => count().Sent;

    /// <summary>
    /// Asks the computer for an answer and returns the time it took. The computer answers in order: everything sent before, input
    /// included, has been carried out or refused when this returns.
    /// </summary>
    /// <exception cref="AccessRefusedException">The computer ended the session meanwhile, by a rule of the customer's.</exception>
    /// <exception cref="ChannelException">The session is over.</exception>
    public Task<TimeSpan> PingAsync(CancellationToken cancellationToken = default) => pings.PingAsync(cancellationToken);

    /// <summary>
    /// Gives credentials of one of the computer's accounts, which its operating system checks; that may take half a minute. They travel inside the channel only, and no copy
    /// that this software made is kept. Calls wait for each other.
    /// </summary>
    /// <param name="user">The account; 1 to 256 UTF-8 bytes without control characters. The computer records it.</param>
    /// <param name="password">1 to 1024 UTF-8 bytes without U+0000; stays the caller's, to be wiped.</param>
    /// <param name="cancellationToken">Ends the wait; the computer counts the try all the same.</param>
    /// <exception cref="ArgumentException">The name or password cannot be one; nothing was sent.</exception>
    /// <exception cref="InvalidOperationException">The session needs no credentials, or none any more.</exception>
    /// <exception cref="AccessRefusedException">The computer ended the session: after the last wrong try <see cref="RefusalReason.CredentialsWrong"/>.</exception>
    /// <exception cref="ChannelException">The session is over.</exception>
    public Task<CredentialsOutcome> GiveCredentialsAsync(string user, ReadOnlyMemory<char> password, CancellationToken cancellationToken = default) =>
        credentials.GiveAsync(user, password, cancellationToken);

    /// <summary>
    /// Leaves notes about the session in the customer's history and reports, under the technician's name; up to 16 in a session. They are in the computer's ledger
    /// when this completes, and cannot be taken back.
    /// </summary>
    /// <param name="text">For the customer: 1 to 4096 bytes of UTF-8, lines allowed, no other control characters, not blank.</param>
    /// <param name="cancellationToken">Stops the waiting; notes that were sent may be recorded all the same.</param>
    /// <returns>Which of the session's notes they are, from 1.</returns>
    /// <exception cref="ArgumentException">Not such a text.</exception>
    /// <exception cref="AccessRefusedException">The computer did not take them, or ended the session by a rule of the customer's.</exception>
    /// <exception cref="ChannelException">The session is over.</exception>
    public Task<int> SendNotesAsync(string text, CancellationToken cancellationToken = default) => notes.SendAsync(text, cancellationToken);

    /// <summary>Finishes the session: says so to the computer, which then closes. Waits for it 2 s at most, and as long before for the receipt when there is a witness.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, 1) != 0) return;
        await FinishRecordingAsync().ConfigureAwait(false);
        Volatile.Write(ref finishing, true);
        if (witness is { IsAnswered: true }) await LeaveWithReceiptAsync().ConfigureAwait(false);
        using var limit = new CancellationTokenSource(FarewellLimit, time);
        try
        {
            await messages.CloseAsync(limit.Token).ConfigureAwait(false);
            await receiving.WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is ChannelException or OperationCanceledException)
        {
            // The computer did not close in turn; the channel is torn down all the same.
            await stop.CancelAsync().ConfigureAwait(false);
        }

        await stop.CancelAsync().ConfigureAwait(false);
        await messages.DisposeAsync().ConfigureAwait(false);
        await receiving.ConfigureAwait(false);
        await pinging.ConfigureAwait(false);
        await tools.Recording.QuietAsync().ConfigureAwait(false);
        if (witness is not null)
        {
            await witness.Running.ConfigureAwait(false);
            witness.Dispose();
        }

        stop.Dispose();
    }

    /// <summary>While the computer can still record what file there is.</summary>
    private async ValueTask FinishRecordingAsync()
    {
        tools.Recording.Finish(RefusalReason.None);
        await tools.Recording.QuietAsync().WaitAsync(FarewellLimit, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Without closing, so that the receipt can still be signed: the computer closes when it has it.</summary>
    private async ValueTask LeaveWithReceiptAsync()
    {
        using var limit = new CancellationTokenSource(FarewellLimit, time);
        try
        {
            await messages.SendAsync(new ControlMessage { Ending = new SessionEnding { Reason = (uint)RefusalReason.SessionEnded } }, limit.Token).ConfigureAwait(false);
            await receiving.WaitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is ChannelException or OperationCanceledException)
        {
            // The session is over already, or the computer does not take part: it has no receipt.
            LogMessages.ReceiptDeclined(logger, error.Message);
        }
    }

    private void OnWitnessChanged()
    {
        try { LedgerWitnessChanged?.Invoke(this, EventArgs.Empty); }
        catch (Exception error) { LogMessages.WitnessHandlerFailed(logger, error); }
    }

    private async Task ReceiveAsync()
    {
        using var silence = new CancellationTokenSource(SilenceLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop.Token, silence.Token);
        SessionEnd end;
        Exception? failure = null;
        try
        {
            while (true)
            {
                ReceivedMessage message = await messages.ReceiveAsync(either.Token).ConfigureAwait(false);
                silence.CancelAfter(SilenceLimit);
                if (message.IsEnd) break;
                await HandleAsync(message, either.Token).ConfigureAwait(false);
            }

            await CloseInTurnAsync().ConfigureAwait(false);
            end = Volatile.Read(ref finishing) || announced is not { } ending
                ? new SessionEnd(SessionEndKind.Finished, RefusalReason.None, "finished")
                : new SessionEnd(SessionEndKind.EndedByComputer, (RefusalReason)ending.Reason, ending.Text);
        }
        catch (OperationCanceledException) when (Volatile.Read(ref finishing))
        {
            end = new SessionEnd(SessionEndKind.Finished, RefusalReason.None, "finished; the computer did not answer the close");
        }
        catch (OperationCanceledException)
        {
            end = new SessionEnd(SessionEndKind.Truncated, RefusalReason.None, "nothing was heard from the computer for 30 s");
            failure = new ChannelException(ChannelError.Truncated, end.Text);
        }
        catch (ChannelException error)
        {
            SessionEndKind kind = error.Error is ChannelError.Truncated or ChannelError.Closed ? SessionEndKind.Truncated : SessionEndKind.ProtocolViolation;
            end = new SessionEnd(kind, RefusalReason.None, error.Message);
            failure = error;
        }

        if (end.Kind == SessionEndKind.EndedByComputer) failure = WhyRefused(announced!);
        Picture.Close(failure);
        await FinishWitnessAsync().ConfigureAwait(false);
        Exception over = failure ?? new ChannelException(ChannelError.Closed, "The session has ended.");
        Customer.Close(over);
        credentials.Close(over);
        notes.Close(over);
        tools.Close(over);
        completion.TrySetResult(end);
        pings.Close(over);

        // Without a close the computer must see the end as what it is, a cut; not as the finish that a later disposal would announce.
        if (end.Kind is SessionEndKind.Truncated or SessionEndKind.ProtocolViolation) await messages.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>What came last is dealt with before the session counts as over.</summary>
    private async ValueTask FinishWitnessAsync()
    {
        if (witness is null) return;
        witness.Complete();
        // A message that cannot be sent any more may hold it up until the channel is disposed.
        await witness.Running.WaitAsync(FarewellLimit, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>The computer keeps the link until it has heard the close, so that its last words are not lost.</summary>
    private async ValueTask CloseInTurnAsync()
    {
        using var limit = new CancellationTokenSource(FarewellLimit, time);
        try
        {
            await messages.CloseAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is ChannelException or OperationCanceledException)
        {
            return; // The computer's close is authenticated and was the end; it need not hear ours.
        }
    }

    /// <summary>The customer's rule that ended the session; null when none did.</summary>
    private static AccessRefusedException? WhyRefused(SessionEnding ending) =>
        (RefusalReason)ending.Reason is RefusalReason.None or RefusalReason.SessionEnded ? null : new AccessRefusedException((RefusalReason)ending.Reason);

    private async ValueTask HandleAsync(ReceivedMessage message, CancellationToken cancellationToken)
    {
        if (message.IsUnknownKind || tools.TryDeliver(message)) return;
        switch (message.Stream)
        {
            case MessageStream.Picture:
                tools.Recording.AddPicture(message.Payload.Span);
                await Picture.DeliverAsync(message.Payload, cancellationToken).ConfigureAwait(false);
                break;
            case MessageStream.Cursor:
                tools.Recording.Add((CursorMessage)message.Body!);
                Picture.Deliver((CursorMessage)message.Body!);
                break;
            case MessageStream.Control:
                await HandleAsync((ControlMessage)message.Body!, cancellationToken).ConfigureAwait(false);
                break;
            default:
                throw new ChannelException(ChannelError.OutOfOrder, $"The computer sent something on stream {message.Stream} that was not asked for.");
        }
    }

    private async ValueTask HandleAsync(ControlMessage message, CancellationToken cancellationToken)
    {
        switch (message.KindCase)
        {
            case ControlMessage.KindOneofCase.Screen:
                tools.Recording.Add(message.Screen);
                Picture.Deliver(message.Screen);
                break;
            case ControlMessage.KindOneofCase.Proof:
                Picture.Deliver(message.Proof);
                break;
            case ControlMessage.KindOneofCase.Refused:
                var operation = (Operations)message.Refused.Operation;
                var refusal = new AccessRefusedException((RefusalReason)message.Refused.Reason, TimeSpan.FromSeconds(message.Refused.RetryAfterSeconds), operation);
                if (operation == Operations.ViewScreen) Picture.Refuse(refusal);
                else if (operation == Operations.ControlInput) Input.Refuse(refusal);
                else tools.Refuse(operation, refusal);
                break;
            case ControlMessage.KindOneofCase.CredentialsAnswer:
                credentials.Deliver(message.CredentialsAnswer);
                break;
            case ControlMessage.KindOneofCase.Ending:
                if (!PlainText.IsAcceptable(message.Ending.Text, AcceptedCheck.MaxTextBytes)) throw new ChannelException(ChannelError.Malformed, "The computer's farewell is not a line of plain text.");
                announced = message.Ending;
                if (!Volatile.Read(ref finishing) && WhyRefused(announced) is { } rule)
                {
                    Picture.Cut(rule);
                    tools.Recording.Finish(rule.Reason);
                }
                break;
            case ControlMessage.KindOneofCase.Ping:
                await messages.SendAsync(new ControlMessage { Pong = message.Ping }, cancellationToken).ConfigureAwait(false);
                break;
            case ControlMessage.KindOneofCase.Pong:
                pings.Deliver(message.Pong);
                break;
            case ControlMessage.KindOneofCase.Witness or ControlMessage.KindOneofCase.Proven or ControlMessage.KindOneofCase.Receipt:
                witness?.Post(message);
                break;
            case ControlMessage.KindOneofCase.Notes:
                notes.Deliver(message.Notes);
                break;
            case ControlMessage.KindOneofCase.Operation:
                Customer.Deliver(message.Operation);
                break;
            case ControlMessage.KindOneofCase.DraftedGrant:
                Customer.Deliver(message.DraftedGrant);
                break;
            case ControlMessage.KindOneofCase.GrantAnswer:
                Customer.Deliver(message.GrantAnswer);
                break;
            case ControlMessage.KindOneofCase.Notice:
                break;
            default:
                throw new ChannelException(ChannelError.OutOfOrder, $"The computer sent {message.KindCase} at a moment it is not allowed.");
        }
    }
}
