using Google.Protobuf;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>
/// What the technician has the person at the computer asked. Runs beside the receiving of messages, because people take their time; one question
/// at a time, and another meanwhile is <see cref="RefusalReason.Busy"/>. Called from the receiving loop only.
/// </summary>
internal sealed class SessionQuestions(MessageChannel messages, LiveSession session, Func<Operations, RefusalReason, string, ValueTask> recordRefusal, CancellationToken sessionOver) : IAsyncDisposable
{
    private const string Proposal = "question for unattended access", Completion = "grant";
    private readonly CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(sessionOver);
    private Task current = Task.CompletedTask;
    private volatile bool isAsking;

    public ValueTask AskAsync(AskOperation message, CancellationToken cancellationToken) => BeginAsync(
        token => AskOperationAsync((Operations)message.Operation, token),
        () => RefusalAsync((Operations)message.Operation, RefusalReason.Busy),
        cancellationToken);

    public ValueTask ProposeAsync(ProposeGrant message, CancellationToken cancellationToken) =>
        BeginAsync(token => ProposeGrantAsync(message, token), () => RefusalAsync(RefusalReason.Busy, Proposal), cancellationToken);

    public ValueTask CompleteAsync(CompleteGrant message, CancellationToken cancellationToken) =>
        BeginAsync(token => CompleteGrantAsync(message, token), () => RefusalAsync(RefusalReason.Busy, Completion), cancellationToken);

    /// <summary>Takes an open question off the screen, and returns when nothing runs any more.</summary>
    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync().ConfigureAwait(false);
        await current.ConfigureAwait(false);
        over.Dispose();
    }

    private async ValueTask BeginAsync(Func<CancellationToken, Task<ControlMessage>> question, Func<ValueTask<ControlMessage>> busy, CancellationToken cancellationToken)
    {
        if (isAsking)
        {
            await messages.SendAsync(await busy().ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
            return;
        }
        isAsking = true;
        CancellationToken token = over.Token;
        current = Task.WhenAll(current, SessionWork.Begin(session, () => RunAsync(question, token)));
    }

    private async Task RunAsync(Func<CancellationToken, Task<ControlMessage>> question, CancellationToken token)
    {
        ControlMessage answer = await question(token).ConfigureAwait(false);
        // Before it is sent: whoever has the answer may ask again.
        isAsking = false;
        await messages.SendAsync(answer, token).ConfigureAwait(false);
    }

    private async Task<ControlMessage> AskOperationAsync(Operations operation, CancellationToken token)
    {
        RefusalReason answer = await session.ApproveAsync(operation, token).ConfigureAwait(false);
        return answer == RefusalReason.None ? Answer(operation, answer) : await RefusalAsync(operation, answer).ConfigureAwait(false);
    }

    private async Task<ControlMessage> ProposeGrantAsync(ProposeGrant message, CancellationToken token)
    {
        (GrantDraft? draft, RefusalReason refusal) = Read(message) is { } proposal
            ? await session.Proposals.ProposeAsync(proposal, token).ConfigureAwait(false)
            : (null, RefusalReason.NotAcceptable);
        return draft is null ? await RefusalAsync(refusal, Proposal).ConfigureAwait(false) : new ControlMessage { DraftedGrant = new DraftedGrant { Draft = ByteString.CopyFrom(draft.Encoded.Span) } };
    }

    private async Task<ControlMessage> CompleteGrantAsync(CompleteGrant message, CancellationToken token)
    {
        RefusalReason refusal = await session.Proposals.CompleteAsync(message.Grant.Memory, message.W0.Memory, message.L.Memory, token).ConfigureAwait(false);
        return refusal == RefusalReason.None ? new ControlMessage { GrantAnswer = new GrantAnswer { Installed = true } } : await RefusalAsync(refusal, Completion).ConfigureAwait(false);
    }

    /// <summary>What is said of a refusal that is recorded.</summary>
    private async ValueTask<ControlMessage> RefusalAsync(RefusalReason reason, string subject)
    {
        await recordRefusal(Operations.None, reason, subject).ConfigureAwait(false);
        return new ControlMessage { GrantAnswer = new GrantAnswer { Reason = (uint)reason } };
    }

    private async ValueTask<ControlMessage> RefusalAsync(Operations operation, RefusalReason reason)
    {
        await recordRefusal(operation, reason, "question for an operation").ConfigureAwait(false);
        return Answer(operation, reason);
    }

    private static ControlMessage Answer(Operations operation, RefusalReason answer) =>
        new() { Operation = new OperationChanged { Operation = (uint)operation, Allowed = answer == RefusalReason.None, Reason = (uint)answer } };

    private static GrantProposal? Read(ProposeGrant message)
    {
        if (!GrantPolicy.TryRead(PlainText.Utf8.GetBytes(message.PolicyJson), out GrantPolicy? policy)) return null;
        if (message.NotAfterUnixMs is < 0 or > 253_402_300_799_000) return null;
        return new GrantProposal
        {
            Nickname = message.Nickname,
            Operations = (Operations)message.Operations,
            NotAfter = DateTimeOffset.FromUnixTimeSeconds(message.NotAfterUnixMs / 1000),
            Policy = policy,
            Reason = message.Reason,
            CodeKind = (AccessCodeKind)(byte)Math.Min(message.CodeKind, byte.MaxValue),
        };
    }
}
