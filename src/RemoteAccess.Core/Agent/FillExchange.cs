using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>
/// The technician's requests to fill in a stored password, and telling them whether one would be granted. Both run beside the session's receiving: the operating system takes
/// its time over a log-on. Used by the receiving loop.
/// </summary>
internal sealed class FillExchange : IAsyncDisposable
{
    /// <summary>How often is looked whether the log-on screen is there.</summary>
    public static readonly TimeSpan LookPeriod = TimeSpan.FromSeconds(1);

    private readonly MessageChannel messages;
    private readonly LiveSession session;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource over;
    private readonly Task watching;
    private Task filling = Task.CompletedTask;

    public FillExchange(MessageChannel messages, LiveSession session, TimeProvider time, CancellationToken sessionOver)
    {
        (this.messages, this.session, this.time) = (messages, session, time);
        over = CancellationTokenSource.CreateLinkedTokenSource(sessionOver);
        CancellationToken token = over.Token;
        watching = session.Tools.Fill is { } fill && session.Operations.HasFlag(Operations.FillCredential) ? Task.Run(() => WatchAsync(fill, token), CancellationToken.None) : Task.CompletedTask;
    }

    /// <summary>Begins to answer one request.</summary>
    public async ValueTask ReceiveAsync(CancellationToken cancellationToken)
    {
        if (session.Tools.Fill is not { } fill || !filling.IsCompleted)
        {
            RefusalReason reason = session.Tools.Fill is null ? RefusalReason.NotAvailable : RefusalReason.Busy;
            await session.RecordRefusalAsync(Operations.FillCredential, reason, CredentialFill.Subject).ConfigureAwait(false);
            await AnswerAsync(reason, cancellationToken).ConfigureAwait(false);
            return;
        }
        CancellationToken token = over.Token;
        filling = SessionWork.Begin(session, () => FillAsync(fill, token));
    }

    /// <summary>Gives up what is under way, and returns when nothing runs any more.</summary>
    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync().ConfigureAwait(false);
        await filling.ConfigureAwait(false);
        await watching.ConfigureAwait(false);
        over.Dispose();
    }

    private async Task FillAsync(CredentialFill fill, CancellationToken token)
    {
        RefusalReason reason = await fill.FillAsync(token).ConfigureAwait(false);
        if (session.EndReason == RefusalReason.None) await AnswerAsync(reason, token).ConfigureAwait(false);
    }

    private async Task WatchAsync(CredentialFill fill, CancellationToken token)
    {
        using var timer = new PeriodicTimer(LookPeriod, time);
        (RefusalReason, int)? said = null;
        try
        {
            do
            {
                (Trust.FillAnswer answer, int left) = fill.Look();
                if (said == (answer.Refusal, left) || session.EndReason != RefusalReason.None) continue;
                said = (answer.Refusal, left);
                await messages.SendAsync(new ControlMessage { FillOffer = new FillOffer { Reason = (uint)answer.Refusal, Left = (uint)left } }, token).ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(token).ConfigureAwait(false));
        }
        catch (Exception error) when (error is ChannelException or OperationCanceledException)
        {
            // The receiving loop sees the same end of channel or session.
            return;
        }
    }

    private ValueTask AnswerAsync(RefusalReason reason, CancellationToken token) =>
        messages.SendAsync(new ControlMessage { FillAnswer = new Transport.Wire.FillAnswer { Reason = (uint)reason } }, token);
}
