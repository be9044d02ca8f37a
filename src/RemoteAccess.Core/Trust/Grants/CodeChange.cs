namespace RemoteAccess.Trust;

/// <summary>
/// Gives a grant another access code. The code's salt is in the signed grant, so that is a new grant under the consent of the old one, never wider, and the
/// old one is revoked in the same step: the entry is in the ledger before, and at no moment are both in force. Thread-safe.
/// </summary>
internal sealed class CodeChange(GrantStore store, StateDirectory state, ComputerIdentity identity, TrustRecord record, TimeProvider time, Func<ValueTask> checkSessions)
{
    /// <summary>
    /// Makes a draft of the grant that is to follow one, with its consent and its tenant, fresh id and salt, signed by this computer. Nothing is in force yet.
    /// </summary>
    /// <param name="grantId">The grant whose code is to be changed.</param>
    /// <param name="terms">Those of the old grant (<see cref="GrantTerms.Of"/>) with the new code's kind, or narrower ones.</param>
    /// <exception cref="ArgumentException">There is no such grant, or a term is outside its range or wider than the old one's.</exception>
    public GrantDraft Draft(ReadOnlyMemory<byte> grantId, GrantTerms terms)
    {
        ArgumentNullException.ThrowIfNull(terms);
        if (store.Find(grantId.Span) is not { } stored) throw new ArgumentException("This computer has no such grant.", nameof(grantId));
        if (stored.Grant.IsAttended) throw new ArgumentException("The code of an attended session is not changed: call for help again.", nameof(grantId));
        DateTimeOffset now = time.GetUtcNow();
        GrantTerms.Validate(terms, now);
        GrantFields fields = GrantFields.Following(stored.Grant, terms, now);
        if (!GrantNarrowing.IsWithin(AccessRules.Of(fields), stored.Grant.Rules))
            throw new ArgumentException("The new terms allow something that the old ones do not, or have hours of another zone. That takes a new consent: revoke this grant and make another.", nameof(terms));
        return GrantDraft.Sign(fields, identity.Key);
    }

    /// <summary>
    /// Puts the new grant with its new code in the old one's place. Sessions under the old one end, in other processes within 1 s. Wrong codes are counted anew, and
    /// a grant that is locked stays so: unlock it first. Anything but <see cref="CodeChangeOutcome.Changed"/> changes nothing.
    /// </summary>
    /// <param name="grantId">The old grant, 16 bytes.</param>
    /// <param name="following">Drafted by <see cref="TrustFlow.DraftCodeChange"/> and countersigned.</param>
    /// <param name="verifier">Made from the new code for the new grant; stays the caller's.</param>
    /// <param name="changedBy">The person, for the ledger.</param>
    /// <param name="cancellationToken">Cancels before the entry is written.</param>
    /// <exception cref="StateException">It could not be recorded or stored. Then the old code holds; or, after a crash of the disk half way, neither.</exception>
    public async ValueTask<CodeChangeOutcome> ApplyAsync(ReadOnlyMemory<byte> grantId, Grant following, AccessVerifier verifier, string changedBy, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(following);
        ArgumentNullException.ThrowIfNull(verifier);
        OnSiteConsent.ValidateName(changedBy);
        StoredGrant? old;
        using (state.Lock())
        {
            if (Judge(grantId, following, out old) is not CodeChangeOutcome.Changed and var refusal) return refusal;
        }

        await record.WriteAsync(TrustEvents.GrantCodeChanged(grantId, following, old!.Nickname, changedBy), cancellationToken).ConfigureAwait(false);
        CodeChangeOutcome outcome;
        using (state.Lock())
        {
            // Somebody may have revoked it, or guessed it locked, while the entry was written.
            outcome = Judge(grantId, following, out old);
            if (outcome == CodeChangeOutcome.Changed) store.Replace(old!, following, verifier);
        }
        if (outcome == CodeChangeOutcome.Changed) await checkSessions().ConfigureAwait(false);
        else await record.WriteLastAsync(TrustEvents.GrantCodeUnchanged(grantId, following, outcome), CancellationToken.None).ConfigureAwait(false);
        return outcome;
    }

    private CodeChangeOutcome Judge(ReadOnlyMemory<byte> grantId, Grant following, out StoredGrant? old)
    {
        old = store.Find(grantId.Span);
        if (old is null) return CodeChangeOutcome.GrantUnknown;
        DateTimeOffset now = time.GetUtcNow();
        if (old.IsRevoked || now >= old.Grant.NotAfter || now >= following.NotAfter) return CodeChangeOutcome.NotLive;
        // Consent to one attended session is not consent to a grant.
        if (old.Grant.IsAttended || following.IsAttended || !GrantNarrowing.IsWithin(following, old.Grant)) return CodeChangeOutcome.Wider;
        if (!following.Policy.CanBeKept) return CodeChangeOutcome.RuleNotSupported;
        if (store.Guesses(old.Grant).ReadLockout().IsActive) return CodeChangeOutcome.LockedOut;
        return store.Find(following.Id.Span) is null ? CodeChangeOutcome.Changed : CodeChangeOutcome.AlreadyKnown;
    }
}
