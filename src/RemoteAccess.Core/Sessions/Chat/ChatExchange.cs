using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>
/// The chat of one session: each text goes on a permit, in the ledger before it goes: that it did and how long it was, never what it says. A technician who writes faster than a
/// person reads is refused. Messages are handed in by the receiving loop; the customer's side runs beside it.
/// </summary>
internal sealed class ChatExchange : IAsyncDisposable
{
    /// <summary>How many texts may wait for the customer's side to take them.</summary>
    public const int MaxUnread = 32;

    private const string Subject = "Chat message";

    /// <summary>How long the customer's side may take to go when the session is over; after that it is left alone.</summary>
    private static readonly TimeSpan LeaveLimit = TimeSpan.FromSeconds(2);

    private readonly MessageChannel messages;
    private readonly LiveSession session;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly CancellationTokenSource over;
    private readonly CancellationToken isOver;
    private readonly TextsRecord record;
    private readonly ChatPace pace;
    private readonly Channel<string> unread = Channel.CreateBounded<string>(new BoundedChannelOptions(MaxUnread) { SingleWriter = true });
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly Lock gate = new();
    private readonly Task talking;
    private Task telling = Task.CompletedTask;
    private OperationPermit? watched;
    private volatile bool isTalking;

    public ChatExchange(MessageChannel messages, LiveSession session, TimeProvider time, ILogger logger, CancellationToken sessionOver)
    {
        (this.messages, this.session, this.time, this.logger) = (messages, session, time, logger);
        record = session.Tools.ChatTexts;
        pace = new ChatPace(time);
        over = CancellationTokenSource.CreateLinkedTokenSource(sessionOver);
        isOver = over.Token;
        isTalking = session.Operations.HasFlag(Operations.Chat) && session.Tools.Chat is not null;
        talking = isTalking ? Task.Run(() => TalkAsync(session.Tools.Chat!), CancellationToken.None) : Task.CompletedTask;
    }

    /// <summary>Takes a text of the technician's, and answers whether it is with the customer.</summary>
    public async ValueTask ReceiveAsync(ChatMessage message, CancellationToken cancellationToken)
    {
        RefusalReason answer = RefusalReason.None;
        try
        {
            await TakeAsync(message.Text, cancellationToken).ConfigureAwait(false);
        }
        catch (AccessRefusedException refusal)
        {
            answer = refusal.Reason;
            await session.RecordRefusalAsync(Operations.Chat, answer, Subject).ConfigureAwait(false);
            // The farewell says why.
            if (session.EndReason != RefusalReason.None) return;
        }
        await messages.SendAsync(new ControlMessage { ChatAnswer = new ChatAnswer { Reason = (uint)answer } }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Returns when nothing runs any more. What went is recorded with the session's end.</summary>
    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync().ConfigureAwait(false);
        unread.Writer.TryComplete();
        try
        {
            await talking.WaitAsync(LeaveLimit, time, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException slow)
        {
            LogMessages.HandlerFailed(logger, nameof(ICustomerChat), slow);
        }
        await turn.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        await telling.ConfigureAwait(false);
        // The turn is not given back: whoever still waits for it has the cancelled token.
        over.Dispose();
    }

    private async ValueTask TakeAsync(string received, CancellationToken cancellationToken)
    {
        OperationPermit held = await PermitAsync(cancellationToken).ConfigureAwait(false);
        if (ChatText.TryRead(received) is not { } text) throw new AccessRefusedException(RefusalReason.NotAcceptable, operation: Operations.Chat);
        if (!isTalking) throw new AccessRefusedException(RefusalReason.NotAvailable, operation: Operations.Chat);
        if (unread.Reader.Count >= MaxUnread || !pace.TryTake()) throw new AccessRefusedException(RefusalReason.Busy, operation: Operations.Chat);
        await record.AddAsync(isToComputer: true, ChatText.BytesOf(text)).ConfigureAwait(false);
        held.Demand();
        unread.Writer.TryWrite(text);
    }

    /// <summary>The customer's own text; one after the other.</summary>
    private async Task SayAsync(string text, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, isOver);
        try
        {
            await turn.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Over();
        }
        try
        {
            isOver.ThrowIfCancellationRequested();
            OperationPermit held = await PermitAsync(either.Token).ConfigureAwait(false);
            await record.AddAsync(isToComputer: false, ChatText.BytesOf(text)).ConfigureAwait(false);
            held.Demand();
            await messages.SendAsync(new ChatMessage { Text = text, SentUnixMs = time.GetUtcNow().ToUnixTimeMilliseconds() }, either.Token).ConfigureAwait(false);
        }
        catch (StateException)
        {
            await session.EndAsync(RefusalReason.RecordUnavailable, "the record could not be kept", CancellationToken.None).ConfigureAwait(false);
            throw new AccessRefusedException(RefusalReason.RecordUnavailable, operation: Operations.Chat);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Over();
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>The permit at this use; when the customer takes it away the technician is told, once.</summary>
    private async ValueTask<OperationPermit> PermitAsync(CancellationToken cancellationToken)
    {
        OperationPermit held = await session.PermitAsync(Operations.Chat, cancellationToken).ConfigureAwait(false);
        lock (gate)
        {
            if (ReferenceEquals(held, watched)) return held;
            watched = held;
            telling = Task.WhenAll(telling, TellAsync(held));
        }
        return held;
    }

    private async Task TellAsync(OperationPermit held)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(isOver, held.Withdrawn);
        await Task.Delay(Timeout.InfiniteTimeSpan, time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (isOver.IsCancellationRequested || session.EndReason != RefusalReason.None) return;
        try
        {
            await messages.SendAsync(new ControlMessage { Refused = new Refused { Operation = (uint)Operations.Chat, Reason = (uint)held.WhyDead } }, isOver).ConfigureAwait(false);
        }
        catch (Exception error) when (error is ChannelException or OperationCanceledException)
        {
            // The receiving loop sees the same end of channel or session.
            return;
        }
    }

    private async Task TalkAsync(ICustomerChat chat)
    {
        var conversation = new CustomerConversation(Convert.ToHexStringLower(session.Id.Span), session.Technician.Name, unread.Reader.ReadAllAsync, SayAsync);
        try
        {
            await chat.TalkAsync(conversation, isOver).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (isOver.IsCancellationRequested)
        {
            return;
        }
        catch (Exception error)
        {
            // The host application's code, in a loop of its own: the session goes on without chat.
            LogMessages.HandlerFailed(logger, nameof(ICustomerChat), error);
        }
        finally
        {
            isTalking = false;
        }
    }

    private static ChannelException Over() => new(ChannelError.Closed, "The session is over.");
}
