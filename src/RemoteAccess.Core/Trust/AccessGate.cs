using System.Collections.Concurrent;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>
/// Steps 4 and 5 of <see cref="TrustFlow"/>: a technician with a verified signature is admitted to one charged guess, or refused; after the right one the
/// grant is read again, the guess refunded, the person asked where that is the rule, and the session recorded before it is live. Thread-safe.
/// </summary>
internal sealed class AccessGate(TrustParts parts, CustomerSurface surface) : IHostAuthority, IAsyncDisposable
{
    private readonly TimeProvider time = parts.Options.TimeProvider;
    private readonly PreGateRejects rejects = new(parts.Ledger, parts.Options.TimeProvider, parts.Options.Logger);
    private readonly ConcurrentDictionary<LiveSession, bool> sessions = new();
    private readonly ConcurrentDictionary<PakeAdmission, PendingAttempt> pending = new(ReferenceEqualityComparer.Instance);

    /// <summary>The sessions that this process serves.</summary>
    public IEnumerable<LiveSession> Sessions => sessions.Keys;

    /// <summary>Which tenants there are.</summary>
    public TenantIndex Tenants { get; } = new(parts.Store, parts.State, parts.Options.TimeProvider, parts.Options.Logger);

    public bool TryGetTenantKey(ReadOnlySpan<byte> tenantId, Span<byte> tenantKey) => Tenants.TryFind(tenantId, tenantKey);

    public void CountPreGateReject(PreGateFailure failure) => rejects.Count(failure);

    public async ValueTask<PakeAdmission> AdmitAsync(ConnectRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        cancellationToken.ThrowIfCancellationRequested();
        PolicyAnswer answer;
        try
        {
            using (parts.State.Lock())
            {
                PolicyQuestion question = parts.Questions.Ask(request) with { IsEntry = true };
                answer = PolicyCheck.Evaluate(question);
                if (answer.IsAllowed && question.Stored is { } stored)
                {
                    GuessCounter guesses = parts.Store.Guesses(stored.Grant);
                    using var attempt = new PendingAttempt(request, parts.Store.TryBeginAttempt(stored.Grant));
                    bool isSpent = stored.Grant.IsAttended && guesses.Read().IsSpent;
                    answer = PolicyCheck.Evaluate(question with { IsCodeSpent = isSpent, Lockout = guesses.ReadLockout(), IsBusy = !attempt.IsHeld });
                    if (answer.IsAllowed) return Charge(stored.Grant, guesses, attempt);
                }
            }
        }
        catch (StateException exception)
        {
            Log.GrantUnreadable(parts.Options.Logger, Convert.ToHexStringLower(request.GrantId.Span), exception);
            answer = new PolicyAnswer(RefusalReason.RecordUnavailable);
        }
        RefusalReason refusal = await RecordRefusalAsync(request, answer, default).ConfigureAwait(false);
        return PakeAdmission.Refuse(refusal, answer.RetryAfter);
    }

    private PakeAdmission Charge(Grant grant, GuessCounter guesses, PendingAttempt attempt)
    {
        var admission = new PakeAdmission { Request = attempt.Request, Grant = grant, Verifier = attempt.Own(parts.Store.LoadVerifier(grant)) };
        guesses.Charge();
        pending[admission] = attempt.Keep();
        return admission;
    }

    public async ValueTask AbandonAsync(PakeAdmission admission, CancellationToken cancellationToken)
    {
        if (!pending.TryRemove(admission, out PendingAttempt? attempt)) return;
        attempt.Dispose();
        await parts.Record.TryWriteAsync(TrustEvents.SessionAbandoned(attempt.Request)).ConfigureAwait(false);
    }

    public async ValueTask<SessionDecision> AcceptAsync(PakeAdmission admission, ReadOnlyMemory<byte> sessionId, CancellationToken cancellationToken)
    {
        if (!pending.TryRemove(admission, out PendingAttempt? attempt)) throw new InvalidOperationException("The admission was used already, or is not from here.");
        using PendingAttempt held = attempt;
        ConnectRequest request = attempt.Request;
        PolicyAnswer answer;
        try
        {
            SessionFacts? facts = null;
            AccessRules rules = new();
            string nickname = "";
            using (parts.State.Lock())
            {
                PolicyQuestion question = parts.Questions.Ask(request);
                answer = PolicyCheck.Evaluate(question);
                if (answer.IsAllowed && question.Stored is { } stored)
                {
                    rules = question.RulesOf(stored.Grant);
                    (facts, nickname) = (Refund(request, stored, rules, sessionId), stored.Nickname);
                    answer = PolicyCheck.Evaluate(question with { IsInUse = parts.Consent.IsInUse });
                }
            }
            if (facts is not null && answer.Asks && facts.IsAgreedBefore) answer = new PolicyAnswer(RefusalReason.None);
            else if (facts is not null && answer.Asks)
            {
                (RefusalReason said, bool isPressed) = await parts.Consent.AskToBeginAsync(request, facts, rules.InUse, nickname, cancellationToken).ConfigureAwait(false);
                answer = new PolicyAnswer(said);
                // A person may have thought about it for a minute.
                if (answer.IsAllowed) answer = PolicyCheck.Evaluate(parts.Questions.Ask(request));
                facts = facts with { AgreedResumptions = isPressed ? ResumeTokens.MostAgreed : 0 };
            }
            if (facts is not null && answer.IsAllowed)
            {
                facts = facts with { ResumeToken = IssueResumeToken(facts) };
                SessionMark mark = await RecordAcceptedAsync(request, facts, cancellationToken).ConfigureAwait(false);
                return new SessionDecision { Session = await BeginAsync(request, facts, mark).ConfigureAwait(false) };
            }
        }
        catch (StateException exception)
        {
            Log.GrantUnreadable(parts.Options.Logger, Convert.ToHexStringLower(request.GrantId.Span), exception);
            answer = new PolicyAnswer(RefusalReason.RecordUnavailable);
        }
        return SessionDecision.Refuse(await RecordRefusalAsync(request, answer, sessionId).ConfigureAwait(false));
    }

    private SessionFacts Refund(ConnectRequest request, StoredGrant stored, AccessRules rules, ReadOnlyMemory<byte> sessionId)
    {
        Grant grant = stored.Grant;
        // A session code is spent by its one attempt, also by a right one.
        FailedAttempts failed = grant.IsAttended ? default : parts.Store.Guesses(grant).Refund();
        SessionFacts facts = SessionFacts.Of(request, grant, rules, sessionId, time.GetUtcNow()) with
        {
            FailedAttempts = failed,
            AcceptedTimestamp = time.GetTimestamp(),
            Stops = StopMarker.Read(parts.State.Stop),
            Blocks = BlockMarker.ReadCount(parts.State.Block),
            Withdrawn = stored.Withdrawn,
        };
        if (grant.IsAttended) facts = facts with { Approved = SessionFacts.First(facts.Operations & ~stored.Withdrawn.Operations) };
        bool isResumed = parts.Store.Resumes(grant).TryConsume(request.ResumeToken.Span, facts.ResumeHolder(), facts.Operations, out int agreed);
        return facts with { IsResumed = isResumed, IsAgreedBefore = agreed > 0 && !grant.IsAttended, AgreedResumptions = Math.Max(0, agreed - 1) };
    }

    private byte[] IssueResumeToken(SessionFacts facts)
    {
        using (parts.State.Lock()) return parts.Store.Resumes(facts.Grant).Issue(facts.ResumeHolder(), facts.AgreedResumptions, facts.Operations);
    }

    private void ForgetYes(Grant grant)
    {
        using (parts.State.Lock()) parts.Store.Resumes(grant).Clear();
    }

    private async ValueTask<SessionMark> RecordAcceptedAsync(ConnectRequest request, SessionFacts facts, CancellationToken cancellationToken)
    {
        SessionMark mark = SessionMark.Make(parts.State, facts.SessionId, parts.Ledger.LatestCheckpoint?.Size ?? 0);
        try
        {
            await parts.Record.WriteAsync(TrustEvents.SessionAccepted(request, facts), cancellationToken).ConfigureAwait(false);
            return mark;
        }
        catch
        {
            mark.Remove();
            throw;
        }
    }

    private async ValueTask<LiveSession> BeginAsync(ConnectRequest request, SessionFacts facts, SessionMark mark)
    {
        var watched = new WatchedGrant(parts.Store, parts.State, request.GrantId, time);
        bool hasWithdrawn = false;
        var session = new LiveSession(facts, new SessionSurroundings
        {
            Ledger = parts.Ledger,
            HostKey = parts.HostKey,
            Time = time,
            Logger = parts.Options.Logger,
            Consent = parts.Consent,
            Making = parts.Making,
            AccountCheck = parts.Options.AccountCheck,
            LastWords = parts.Options.LastWords,
            CredentialTries = parts.Store.CredentialTries(facts.Grant),
            Vault = parts.Vault,
            IssueResumeToken = () => IssueResumeToken(Volatile.Read(ref hasWithdrawn) ? facts with { AgreedResumptions = 0 } : facts),
            Withdrew = () =>
            {
                surface.Changed();
                Volatile.Write(ref hasWithdrawn, true);
                ForgetYes(facts.Grant);
            },
            Ask = () => parts.Questions.Ask(request) with { Wanted = Operations.FillCredential },
            Check = () => parts.Questions.CheckSession(request, facts, () => parts.Questions.Read(request.GrantId)),
            Watch = () => parts.Questions.CheckSession(request, facts, watched.Read),
            Surface = surface.Presence,
            Chat = parts.Options.Chat ?? surface.Chat,
            Changed = surface.Changed,
            MustShow = surface.MustShow,
            Ended = over =>
            {
                sessions.TryRemove(over, out _);
                surface.Ended(over, facts);
                Close(mark, over);
            },
        });
        sessions[session] = true;
        surface.MustShow();
        // Whoever revoked or blocked while the entry was written has not seen this session.
        await session.CheckAsync().ConfigureAwait(false);
        if (session.EndReason != RefusalReason.None) sessions.TryRemove(session, out _);
        return session;
    }

    /// <summary>An end that could not be recorded is left to the next process that opens the state, whose notice would be the second.</summary>
    private void Close(SessionMark mark, LiveSession over)
    {
        using SessionMark held = mark;
        try
        {
            if (over.RecordedEnd is not null) mark.Remove();
            else mark.MarkTold();
        }
        catch (StateException failure)
        {
            Log.SessionMarkNotClosed(parts.Options.Logger, failure);
        }
    }

    /// <summary>Has every session look at grant, block, hours and clock now; those that may not go on have ended when it completes.</summary>
    public async ValueTask CheckSessionsAsync() => await Task.WhenAll([.. sessions.Keys.Select(static session => session.CheckAsync().AsTask())]).ConfigureAwait(false);

    /// <summary>Ends sessions, gives up attempts, records what is outstanding.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll([.. sessions.Keys.Select(static session => session.EndAsync(RefusalReason.SessionEnded, "The agent stops.", CancellationToken.None).AsTask())]).ConfigureAwait(false);
        foreach (PakeAdmission admission in pending.Keys) await AbandonAsync(admission, CancellationToken.None).ConfigureAwait(false);
        await rejects.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Records a refusal and returns what to answer: a refusal that cannot be recorded is answered as such.</summary>
    private async ValueTask<RefusalReason> RecordRefusalAsync(ConnectRequest request, PolicyAnswer answer, ReadOnlyMemory<byte> sessionId) =>
        await parts.Record.TryWriteAsync(TrustEvents.SessionRefused(request, answer, sessionId)).ConfigureAwait(false) ? answer.Refusal : RefusalReason.RecordUnavailable;
}
