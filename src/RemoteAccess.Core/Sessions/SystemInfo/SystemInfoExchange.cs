using Microsoft.Extensions.Logging;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>Tells the technician about the computer: on a permit, each time in the ledger before. Beside the session's receiving, because a disk can keep it waiting; called by its loop.</summary>
internal sealed class SystemInfoExchange : IAsyncDisposable
{
    /// <summary>In one session: each leaves an entry in the ledger, which nobody shall fill.</summary>
    public const int MaxInSession = 100;

    private const string Subject = "request for system information";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly MessageChannel messages;
    private readonly LiveSession session;
    private readonly TimeProvider time;
    private readonly ILogger logger;
    private readonly CancellationTokenSource over;
    private Task answering = Task.CompletedTask;
    private volatile Task<SystemInfoAnswer>? reading;
    private volatile bool isAnswering;
    private int told;

    public SystemInfoExchange(MessageChannel messages, LiveSession session, TimeProvider time, ILogger logger, CancellationToken sessionOver)
    {
        (this.messages, this.session, this.time, this.logger) = (messages, session, time, logger);
        over = CancellationTokenSource.CreateLinkedTokenSource(sessionOver);
    }

    public async ValueTask ReceiveAsync(CancellationToken cancellationToken)
    {
        if (isAnswering)
        {
            await RefuseAsync(RefusalReason.Busy, cancellationToken).ConfigureAwait(false);
            return;
        }
        isAnswering = true;
        CancellationToken token = over.Token;
        answering = Task.WhenAll(answering, SessionWork.Begin(session, () => AnswerAsync(token)));
    }

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync().ConfigureAwait(false);
        await answering.ConfigureAwait(false);
        over.Dispose();
    }

    private async Task AnswerAsync(CancellationToken token)
    {
        try
        {
            SystemInfoAnswer answer = await ReadAsync(token).ConfigureAwait(false);
            // Whoever has the answer may ask again.
            isAnswering = false;
            await messages.SendAsync(new ControlMessage { SystemInfoAnswer = answer }, token).ConfigureAwait(false);
        }
        catch (AccessRefusedException refusal)
        {
            isAnswering = false;
            if (session.EndReason == RefusalReason.None) await RefuseAsync(refusal.Reason, token).ConfigureAwait(false);
        }
    }

    private async Task<SystemInfoAnswer> ReadAsync(CancellationToken token)
    {
        OperationPermit permit = await session.PermitAsync(Operations.SystemInfo, token).ConfigureAwait(false);
        // One that hangs is waited for, and no other begun beside it.
        if (reading is { IsCompleted: false }) throw Refusal(RefusalReason.NotAvailable);
        if (++told > MaxInSession) throw Refusal(RefusalReason.LimitReached);
        await session.Tools.RecordSystemInfoAsync().ConfigureAwait(false);
        permit.Demand();
        Task<SystemInfoAnswer> mine = reading = Task.Run(() => SystemInfoReader.Read(time), CancellationToken.None);
        try
        {
            SystemInfoAnswer answer = await mine.WaitAsync(Patience, TimeProvider.System, token).ConfigureAwait(false);
            permit.Demand();
            return answer;
        }
        catch (Exception error) when (error is not (OperationCanceledException or AccessRefusedException))
        {
            LogMessages.SystemInfoFailed(logger, error);
            throw Refusal(RefusalReason.NotAvailable);
        }
    }

    private static AccessRefusedException Refusal(RefusalReason reason) => new(reason, operation: Operations.SystemInfo);

    private async ValueTask RefuseAsync(RefusalReason reason, CancellationToken token)
    {
        await session.RecordRefusalAsync(Operations.SystemInfo, reason, Subject).ConfigureAwait(false);
        await messages.SendAsync(new ControlMessage { SystemInfoAnswer = new SystemInfoAnswer { Reason = (uint)reason } }, token).ConfigureAwait(false);
    }
}
