using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace RemoteAccess.Trust;

/// <summary>Asks the gate's question for somebody who wants to know, in the gate's order, without charging or recording anything.</summary>
internal sealed class PolicyExplainer(PolicyQuestions questions, GrantStore store, StateDirectory state, ConsentGate consent, TimeProvider time, ILogger logger)
{
    public AccessExplanation Explain(AccessInquiry inquiry)
    {
        DateTimeOffset now = time.GetUtcNow(), at = inquiry.At ?? now;
        var words = new ExplanationWords(time.LocalTimeZone, at);
        try
        {
            using (state.Lock())
            {
                PolicyQuestion question = Ask(inquiry, at);
                PolicyAnswer answer = Evaluate(ref question, now);
                AccessRules? rules = answer.IsAllowed && question.Stored is { } stored ? question.RulesOf(stored.Grant) : null;
                DateTimeOffset? until = rules is null ? null : LatestEnd(rules, at);
                InUseRule whenInUse = rules?.InUse ?? InUseRule.Allow;
                bool byComputer = !answer.IsAllowed && question.Computer is not null && PolicyCheck.Evaluate(question with { Computer = null }).IsAllowed;
                return new AccessExplanation
                {
                    Refusal = answer.Refusal,
                    ByComputerPolicy = byComputer,
                    At = answer.At,
                    Until = until,
                    InUse = whenInUse,
                    CredentialsRequired = rules is { CredentialsRequired: true },
                    Excess = answer.Excess,
                    RetryAfter = answer.RetryAfter,
                    Sentence = words.Say(answer, until, whenInUse, byComputer, rules is { CredentialsRequired: true }),
                };
            }
        }
        catch (StateException exception)
        {
            Log.GrantUnreadable(logger, Convert.ToHexStringLower(inquiry.GrantId.Span), exception);
            var answer = new PolicyAnswer(RefusalReason.RecordUnavailable);
            return new AccessExplanation { Refusal = answer.Refusal, Sentence = words.Say(answer, null, InUseRule.Allow, false, false) + " " + exception.Message };
        }
    }

    private PolicyQuestion Ask(AccessInquiry inquiry, DateTimeOffset at)
    {
        SessionGround ground = questions.Read(inquiry.GrantId);
        return new PolicyQuestion
        {
            Now = at,
            Stored = ground.Stored,
            Computer = ground.Computer,
            BlockedUntil = ground.BlockedUntil,
            TenantId = ground.Stored?.Grant.TenantId,
            GrantDigest = ground.Stored?.Grant.Digest ?? default,
            Suite = GrantFormat.StrongestSuite,
            Wanted = inquiry.Wanted,
            Withdrawn = ground.Withdrawn.Operations,
            TechnicianOperations = inquiry.TechnicianOperations,
            Reason = inquiry.Reason,
            CanSeeAndAsk = consent.CanSeeAndAsk || inquiry.IsInUse is not null,
            CanCheckCredentials = inquiry.CanCheckCredentials ?? questions.CanCheckCredentials,
            IsInUse = inquiry.IsInUse ?? consent.IsInUse,
            IsUnseen = questions.IsUnseen,
            IsEntry = true,
        };
    }

    /// <summary>As the gate does: counter, attempt and verifier are looked at only when all before them allows.</summary>
    private PolicyAnswer Evaluate(ref PolicyQuestion question, DateTimeOffset now)
    {
        PolicyAnswer answer = PolicyCheck.Evaluate(question);
        if (!answer.IsAllowed || question.Stored is not { } stored) return answer;
        using SafeFileHandle? attempt = store.TryBeginAttempt(stored.Grant);
        GuessCounter guesses = store.Guesses(stored.Grant);
        question = question with
        {
            IsCodeSpent = stored.Grant.IsAttended && guesses.Read().IsSpent,
            Lockout = LockoutAt(guesses.ReadLockout(), question.Now - now),
            IsBusy = attempt is null && question.Now <= now,
        };
        answer = PolicyCheck.Evaluate(question);
        if (answer.IsAllowed) store.LoadVerifier(stored.Grant).Dispose();
        return answer;
    }

    private static Lockout LockoutAt(Lockout lockout, TimeSpan later) =>
        later <= TimeSpan.Zero ? lockout : lockout with { Remaining = lockout.Remaining > later ? lockout.Remaining - later : TimeSpan.Zero };

    private static DateTimeOffset LatestEnd(AccessRules rules, DateTimeOffset at)
    {
        DateTimeOffset capped = rules.NotAfter - at > rules.SessionCap ? at + rules.SessionCap : rules.NotAfter;
        return rules.NextHoursChange(at) is { } close && close < capped ? close : capped;
    }
}
