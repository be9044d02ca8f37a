using Google.Protobuf;
using RemoteAccess.Transport;
using RemoteAccess.Transport.Wire;
using RemoteAccess.Trust;

namespace RemoteAccess;

/// <summary>
/// The person at the computer, as a technician can ask them during a session: for one more operation of an attended session, or for unattended access.
/// They have a minute to answer, and no answer is no. One question at a time; more than that is <see cref="RefusalReason.Busy"/>. Thread-safe.
/// </summary>
public sealed class RemoteCustomer
{
    private readonly MessageChannel messages;
    private readonly Grant session;
    private readonly Lock gate = new();
    private (Operations Operation, TaskCompletionSource<RefusalReason> Answer)? question;
    private (GrantProposal Proposal, TaskCompletionSource<GrantDraft> Answer)? proposal;
    private TaskCompletionSource? completion;
    private Operations agreed;
    private Exception? closed;

    internal RemoteCustomer(MessageChannel messages, Grant session, Operations operations)
    {
        this.messages = messages;
        this.session = session;
        // The first operation of an attended session was agreed to when it began.
        agreed = session.IsAttended ? operations & (Operations)(-(int)operations) : operations;
    }

    /// <summary>Whether the session is an attended one, where the person agrees to each operation by itself.</summary>
    public bool IsAttended => session.IsAttended;

    /// <summary>What the person has agreed to so far; everything the session permits when it is not attended.</summary>
    public Operations Agreed
    {
        get
        {
            lock (gate) return agreed;
        }
    }

    /// <summary>Asks for one of the operations that were wanted when connecting; at once when it was agreed to already.</summary>
    /// <param name="operation">One operation.</param>
    /// <param name="cancellationToken">Stops waiting; the person may still answer, and then <see cref="Agreed"/> says so.</param>
    /// <returns><see cref="RefusalReason.None"/> when they allowed it; otherwise why not.</returns>
    /// <exception cref="ArgumentException">Not one operation.</exception>
    /// <exception cref="InvalidOperationException">Another question of this kind is open.</exception>
    /// <exception cref="ChannelException">The session is over.</exception>
    /// <exception cref="AccessRefusedException">The computer ended the session meanwhile, by a rule of the customer's.</exception>
    public async Task<RefusalReason> AskForAsync(Operations operation, CancellationToken cancellationToken = default)
    {
        if (!uint.IsPow2((uint)operation)) throw new ArgumentException("Name one operation.", nameof(operation));
        var answer = new TaskCompletionSource<RefusalReason>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (agreed.HasFlag(operation)) return RefusalReason.None;
            DemandOpen(question is not null);
            question = (operation, answer);
        }
        await messages.SendAsync(new ControlMessage { AskOperation = new AskOperation { Operation = (uint)operation } }, cancellationToken).ConfigureAwait(false);
        return await answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Asks for unattended access. What comes back is what the person agreed to, signed by the computer; have the tenant countersign it
    /// (<see cref="TenantIdentity.Countersign"/>) and give it to <see cref="CompleteGrantAsync"/> within 15 minutes and in this session.
    /// </summary>
    /// <param name="wanted">What is asked for.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="ArgumentException">A rule of the policy is outside its range.</exception>
    /// <exception cref="AccessRefusedException">They did not agree, or the computer refused to ask them; or it ended the session meanwhile.</exception>
    /// <exception cref="InvalidOperationException">Another question of this kind is open.</exception>
    /// <exception cref="ChannelException">The session is over, or the computer signed something else than was asked for.</exception>
    public async Task<GrantDraft> ProposeGrantAsync(GrantProposal wanted, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        var message = new ProposeGrant
        {
            Nickname = wanted.Nickname,
            Operations = (uint)wanted.Operations,
            NotAfterUnixMs = wanted.NotAfter.ToUnixTimeSeconds() * 1000,
            PolicyJson = wanted.Policy.ToJson(),
            Reason = wanted.Reason,
            CodeKind = (uint)wanted.CodeKind,
        };
        var answer = new TaskCompletionSource<GrantDraft>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            DemandOpen(proposal is not null || completion is not null);
            proposal = (wanted, answer);
        }
        await messages.SendAsync(new ControlMessage { ProposeGrant = message }, cancellationToken).ConfigureAwait(false);
        return await answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Puts the grant into force. The access code stays here: only what the computer needs to recognise it is sent.</summary>
    /// <param name="grant">The draft with the tenant's signature.</param>
    /// <param name="accessCode">Of the kind that was proposed.</param>
    /// <param name="cancellationToken">Stops waiting; the grant may come into force all the same.</param>
    /// <exception cref="ArgumentException">The code is of another kind.</exception>
    /// <exception cref="AccessRefusedException">The computer did not install it, or ended the session.</exception>
    /// <exception cref="InvalidOperationException">Another question of this kind is open.</exception>
    /// <exception cref="ChannelException">The session is over.</exception>
    public async Task CompleteGrantAsync(Grant grant, AccessCode accessCode, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(grant);
        ArgumentNullException.ThrowIfNull(accessCode);
        using AccessVerifier verifier = await Task.Run(() => accessCode.MakeVerifier(grant), cancellationToken).ConfigureAwait(false);
        var message = new CompleteGrant { Grant = ByteString.CopyFrom(grant.Encoded.Span), W0 = ByteString.CopyFrom(verifier.W0), L = ByteString.CopyFrom(verifier.L) };
        var answer = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            DemandOpen(proposal is not null || completion is not null);
            completion = answer;
        }
        await messages.SendAsync(new ControlMessage { CompleteGrant = message }, cancellationToken).ConfigureAwait(false);
        await answer.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    internal void Deliver(OperationChanged changed)
    {
        var operation = (Operations)changed.Operation;
        lock (gate)
        {
            if (changed.Allowed) agreed |= operation;
            if (question is not { } open || open.Operation != operation) return;
            question = null;
            open.Answer.TrySetResult(changed.Allowed ? RefusalReason.None : changed.Reason == 0 ? RefusalReason.NotConsented : (RefusalReason)changed.Reason);
        }
    }

    /// <exception cref="ChannelException">Not what was asked for.</exception>
    internal void Deliver(DraftedGrant drafted)
    {
        lock (gate)
        {
            if (proposal is not { } open) throw new ChannelException(ChannelError.OutOfOrder, "The computer sent a grant that nobody had asked for.");
            if (!GrantDraft.TryRead(drafted.Draft.Span, out GrantDraft? draft) || !IsAsProposed(draft, open.Proposal))
                throw new ChannelException(ChannelError.Malformed, "The computer signed something else than was asked for.");
            proposal = null;
            open.Answer.TrySetResult(draft);
        }
    }

    /// <exception cref="ChannelException">Nobody had asked.</exception>
    internal void Deliver(GrantAnswer answer)
    {
        var refusal = new AccessRefusedException(answer.Reason == 0 ? RefusalReason.NotConsented : (RefusalReason)answer.Reason);
        lock (gate)
        {
            switch (proposal, completion, answer.Installed)
            {
                case ({ } open, _, false): open.Answer.TrySetException(refusal); break;
                case (_, { } open, false): open.TrySetException(refusal); break;
                case (null, { } open, true): open.TrySetResult(); break;
                default: throw new ChannelException(ChannelError.OutOfOrder, "The computer answered a question that nobody had asked.");
            }
            (proposal, completion) = (null, null);
        }
    }

    /// <summary>Nobody answers any more.</summary>
    internal void Close(Exception? failure)
    {
        lock (gate)
        {
            closed = failure ?? new ChannelException(ChannelError.Closed, "The session has ended.");
            question?.Answer.TrySetException(closed);
            proposal?.Answer.TrySetException(closed);
            completion?.TrySetException(closed);
        }
    }

    private void DemandOpen(bool isAsking)
    {
        if (closed is ChannelException channel) throw new ChannelException(channel.Error, channel.Message);
        if (closed is AccessRefusedException refused) throw new AccessRefusedException(refused.Reason);
        if (isAsking) throw new InvalidOperationException("A question is open already. Wait for its answer.");
    }

    private bool IsAsProposed(GrantDraft draft, GrantProposal wanted) =>
        draft.HostKey.Span.SequenceEqual(session.HostKey.Span) && draft.TenantKey.Span.SequenceEqual(session.TenantKey.Span)
        && draft.MaxOperations == wanted.Operations && draft.NotAfter.ToUnixTimeSeconds() == wanted.NotAfter.ToUnixTimeSeconds() && draft.Policy.ToJson() == wanted.Policy.ToJson();
}
