using Google.Protobuf;
using Microsoft.Extensions.Logging;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess.Sessions;

/// <summary>
/// The technician's request to restart the computer: on a permit, in the ledger with a signed head before it has an effect, and answered with a token that lets them come back. Once
/// it is granted there is no other in the session. Beside the session's receiving; called by its loop.
/// </summary>
internal sealed class RestartExchange : IAsyncDisposable
{
    private const string Subject = "request to restart";
    private readonly MessageChannel messages;
    private readonly LiveSession session;
    private readonly IPowerControl? power;
    private readonly ILogger logger;
    private readonly CancellationTokenSource over;
    private Task answering = Task.CompletedTask;
    private volatile bool isGranted, isAnswering;

    public RestartExchange(MessageChannel messages, LiveSession session, IPowerControl? power, ILogger logger, CancellationToken sessionOver)
    {
        (this.messages, this.session, this.power, this.logger) = (messages, session, power, logger);
        over = CancellationTokenSource.CreateLinkedTokenSource(sessionOver);
    }

    public async ValueTask ReceiveAsync(RestartRequest request, CancellationToken cancellationToken)
    {
        if (isGranted || isAnswering)
        {
            await RefuseAsync(RefusalReason.Busy, cancellationToken).ConfigureAwait(false);
            return;
        }
        isAnswering = true;
        CancellationToken token = over.Token;
        answering = Task.WhenAll(answering, SessionWork.Begin(session, () => RestartAsync((RestartMode)request.Mode, token)));
    }

    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync().ConfigureAwait(false);
        await answering.ConfigureAwait(false);
        over.Dispose();
    }

    private async Task RestartAsync(RestartMode mode, CancellationToken token)
    {
        try
        {
            if (!Enum.IsDefined(mode)) throw new AccessRefusedException(RefusalReason.NotAcceptable, operation: Operations.Restart);
            OperationPermit permit = await session.PermitAsync(Operations.Restart, token).ConfigureAwait(false);
            if (power is null || !power.Supports(mode)) throw new AccessRefusedException(RefusalReason.NotAvailable, operation: Operations.Restart);
            await session.Tools.RecordRestartAsync(mode).ConfigureAwait(false);
            byte[] resume = session.Tools.IssueResumeToken();
            permit.Demand();
            TimeSpan until = await power.RestartAsync(mode, permit, token).ConfigureAwait(false);
            isGranted = true;
            var answer = new RestartAnswer { ResumeToken = ByteString.CopyFrom(resume), InSeconds = (uint)Math.Ceiling(until.TotalSeconds) };
            await messages.SendAsync(new ControlMessage { RestartAnswer = answer }, token).ConfigureAwait(false);
        }
        catch (AccessRefusedException refusal)
        {
            if (session.EndReason == RefusalReason.None) await AnswerRefusedAsync(refusal.Reason, token).ConfigureAwait(false);
        }
        catch (DesktopException error)
        {
            LogMessages.DesktopFailed(logger, error);
            await AnswerRefusedAsync(RefusalReason.DesktopUnavailable, token).ConfigureAwait(false);
        }
    }

    /// <summary>Whoever has the answer may ask again.</summary>
    private ValueTask AnswerRefusedAsync(RefusalReason reason, CancellationToken token)
    {
        isAnswering = false;
        return RefuseAsync(reason, token);
    }

    private async ValueTask RefuseAsync(RefusalReason reason, CancellationToken token)
    {
        await session.RecordRefusalAsync(Operations.Restart, reason, Subject).ConfigureAwait(false);
        await messages.SendAsync(new ControlMessage { RestartAnswer = new RestartAnswer { Reason = (uint)reason } }, token).ConfigureAwait(false);
    }
}
