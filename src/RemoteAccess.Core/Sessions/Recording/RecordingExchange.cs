using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>
/// The technician's recording of the session, on the customer's computer: the permit, the ledger and the customer's surface come first, then the answer, then the whole picture once more,
/// with which the file begins. The file itself is written by the technician's side, from what it is sent anyway. When the permit dies, that side is told, and has 5 s to say that it
/// stopped; else the session ends. Beside the session's receiving; called by its loop.
/// </summary>
internal sealed class RecordingExchange : IAsyncDisposable
{
    /// <summary>Recordings that one session may begin: each leaves two entries in the ledger.</summary>
    public const int MostRecordings = 16;

    /// <summary>How long the technician's side has to say that it stopped.</summary>
    public static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(5);

    private const string Subject = "recording";
    private const int HashLength = 32;
    private readonly MessageChannel messages;
    private readonly LiveSession session;
    private readonly Action repeatPicture;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource over;
    private Task recording = Task.CompletedTask;
    private TaskCompletionSource? stopped;
    private volatile OperationPermit? running;
    private int begun;

    /// <param name="messages">To the technician.</param>
    /// <param name="session">Gives the permit.</param>
    /// <param name="repeatPicture">Has the whole picture sent once more, with monitors and cursor.</param>
    /// <param name="time">The agent's clock.</param>
    /// <param name="sessionOver">The session's end.</param>
    public RecordingExchange(MessageChannel messages, LiveSession session, Action repeatPicture, TimeProvider time, CancellationToken sessionOver)
    {
        (this.messages, this.session, this.repeatPicture, this.time) = (messages, session, repeatPicture, time);
        over = CancellationTokenSource.CreateLinkedTokenSource(sessionOver);
    }

    public async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        if (!recording.IsCompleted || begun == MostRecordings)
        {
            await RefuseAsync(RefusalReason.Busy, cancellationToken).ConfigureAwait(false);
            return;
        }
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        stopped = stop;
        CancellationToken token = over.Token;
        recording = SessionWork.Begin(session, () => RecordAsync(stop.Task, token));
    }

    /// <summary>The technician's side has closed its file.</summary>
    /// <exception cref="ChannelException">What it says of it cannot be.</exception>
    /// <exception cref="StateException">It could not be recorded.</exception>
    public async ValueTask StopAsync(StopRecording stop, CancellationToken cancellationToken)
    {
        if (stop.Sha256.Length is not (0 or HashLength) || stop.Bytes > long.MaxValue) throw new ChannelException(ChannelError.Malformed, "The technician's side described a recording that cannot be.");
        if (running is not { } permit)
        {
            await RefuseAsync(RefusalReason.NotAvailable, cancellationToken).ConfigureAwait(false);
            return;
        }
        DeclaredRecording? file = stop.Sha256.IsEmpty ? null : new DeclaredRecording(stop.Sha256.ToByteArray(), stop.Bytes);
        running = null;
        await session.Tools.Recording.EndAsync(permit.WhyDead, file).ConfigureAwait(false);
        stopped!.TrySetResult();
        await recording.ConfigureAwait(false);
        await AnswerAsync(RefusalReason.None, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Returns when nothing runs any more. That the recording is over is recorded with the session's end.</summary>
    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync().ConfigureAwait(false);
        await recording.ConfigureAwait(false);
        over.Dispose();
    }

    private async Task RecordAsync(Task stopping, CancellationToken token)
    {
        if (await BeginAsync(token).ConfigureAwait(false) is { } permit) await HoldAsync(permit, stopping, token).ConfigureAwait(false);
    }

    /// <returns>Null when it was refused.</returns>
    private async ValueTask<OperationPermit?> BeginAsync(CancellationToken token)
    {
        RefusalReason reason;
        try
        {
            OperationPermit permit = await session.PermitAsync(Operations.RecordSession, token).ConfigureAwait(false);
            begun++;
            reason = await session.Tools.Recording.BeginAsync(token).ConfigureAwait(false);
            if (reason == RefusalReason.None) reason = permit.WhyDead;
            if (reason == RefusalReason.None)
            {
                running = permit;
                await AnswerAsync(RefusalReason.None, token).ConfigureAwait(false);
                repeatPicture();
                return permit;
            }
        }
        catch (AccessRefusedException refusal)
        {
            reason = refusal.Reason;
        }
        await session.Tools.Recording.EndAsync(reason, null).ConfigureAwait(false);
        if (session.EndReason == RefusalReason.None) await RefuseAsync(reason, token).ConfigureAwait(false);
        return null;
    }

    /// <summary>Until the technician's side says that it stopped. The customer is shown that it records for just as long.</summary>
    private async ValueTask HoldAsync(OperationPermit permit, Task stopping, CancellationToken token)
    {
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(token, permit.Withdrawn))
        {
            await stopping.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        token.ThrowIfCancellationRequested();
        if (stopping.IsCompleted || session.EndReason != RefusalReason.None) return;
        await messages.SendAsync(new ControlMessage { RecordingOver = new RecordingOver { Reason = (uint)permit.WhyDead } }, token).ConfigureAwait(false);
        try
        {
            await stopping.WaitAsync(StopsWithin, time, token).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await session.EndAsync(RefusalReason.Withdrawn, "the technician's side did not say that it stopped recording", CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async ValueTask RefuseAsync(RefusalReason reason, CancellationToken token)
    {
        await session.RecordRefusalAsync(Operations.RecordSession, reason, Subject).ConfigureAwait(false);
        await AnswerAsync(reason, token).ConfigureAwait(false);
    }

    private ValueTask AnswerAsync(RefusalReason reason, CancellationToken token) =>
        messages.SendAsync(new ControlMessage { RecordingAnswer = new RecordingAnswer { Reason = (uint)reason } }, token);
}
