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

    public ValueTask AskAsync(AskOperation message, CancellationToken cancellationToken) => BeginAsync(
        token => AskOperationAsync((Operations)message.Operation, token),
        () => RefuseAsync((Operations)message.Operation, RefusalReason.Busy, cancellationToken));

    public ValueTask ProposeAsync(ProposeGrant message, CancellationToken cancellationToken) =>
        BeginAsync(token => ProposeGrantAsync(message, token), () => RefuseAsync(RefusalReason.Busy, Proposal, cancellationToken));

    public ValueTask CompleteAsync(CompleteGrant message, CancellationToken cancellationToken) =>
        BeginAsync(token => CompleteGrantAsync(message, token), () => RefuseAsync(RefusalReason.Busy, Completion, cancellationToken));

    /// <summary>Takes an open question off the screen, and returns when nothing runs any more.</summary>
    public async ValueTask DisposeAsync()
    {
        await over.CancelAsync().ConfigureAwait(false);
        await current.ConfigureAwait(false);
        over.Dispose();
    }

    private ValueTask BeginAsync(Func<CancellationToken, Task> question, Func<ValueTask> sayBusy)
    {
        if (!current.IsCompleted) return sayBusy();
        CancellationToken token = over.Token;
        current = Task.Run(() => RunAsync(question, token), CancellationToken.None);
        return ValueTask.CompletedTask;
    }

    private async Task RunAsync(Func<CancellationToken, Task> question, CancellationToken token)
    {
        try
        {
            await question(token).ConfigureAwait(false);
        }
        catch (StateException)
        {
            await session.EndAsync(RefusalReason.RecordUnavailable, "the record could not be kept", CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception error) when (error is ChannelException or OperationCanceledException)
        {
            // The receiving loop sees the same end of channel or session.
            return;
        }
    }

    private async Task AskOperationAsync(Operations operation, CancellationToken token)
    {
        RefusalReason answer = await session.ApproveAsync(operation, token).ConfigureAwait(false);
        if (answer == RefusalReason.None) await AnswerAsync(operation, answer, token).ConfigureAwait(false);
        else await RefuseAsync(operation, answer, token).ConfigureAwait(false);
    }

    private async Task ProposeGrantAsync(ProposeGrant message, CancellationToken token)
    {
        (GrantDraft? draft, RefusalReason refusal) = Read(message) is { } proposal
            ? await session.Proposals.ProposeAsync(proposal, token).ConfigureAwait(false)
            : (null, RefusalReason.NotAcceptable);
        if (draft is null) await RefuseAsync(refusal, Proposal, token).ConfigureAwait(false);
        else await messages.SendAsync(new ControlMessage { DraftedGrant = new DraftedGrant { Draft = ByteString.CopyFrom(draft.Encoded.Span) } }, token).ConfigureAwait(false);
    }

    private async Task CompleteGrantAsync(CompleteGrant message, CancellationToken token)
    {
        RefusalReason refusal = await session.Proposals.CompleteAsync(message.Grant.Memory, message.W0.Memory, message.L.Memory, token).ConfigureAwait(false);
        if (refusal == RefusalReason.None) await messages.SendAsync(new ControlMessage { GrantAnswer = new GrantAnswer { Installed = true } }, token).ConfigureAwait(false);
        else await RefuseAsync(refusal, Completion, token).ConfigureAwait(false);
    }

    private async ValueTask RefuseAsync(RefusalReason reason, string subject, CancellationToken token)
    {
        await recordRefusal(Operations.None, reason, subject).ConfigureAwait(false);
        await messages.SendAsync(new ControlMessage { GrantAnswer = new GrantAnswer { Reason = (uint)reason } }, token).ConfigureAwait(false);
    }

    private async ValueTask RefuseAsync(Operations operation, RefusalReason reason, CancellationToken token)
    {
        await recordRefusal(operation, reason, "question for an operation").ConfigureAwait(false);
        await AnswerAsync(operation, reason, token).ConfigureAwait(false);
    }

    private ValueTask AnswerAsync(Operations operation, RefusalReason answer, CancellationToken token) =>
        messages.SendAsync(new ControlMessage { Operation = new OperationChanged { Operation = (uint)operation, Allowed = answer == RefusalReason.None, Reason = (uint)answer } }, token);

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
