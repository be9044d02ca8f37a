using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>From a consent to a grant in force, however the consent was given: the computer signs a draft, the tenant countersigns, the computer installs.</summary>
internal sealed class GrantMaking(GrantStore store, StateDirectory state, ISigningKey hostKey, TrustRecord record, TimeProvider time)
{
    /// <exception cref="ArgumentException">A value is outside its range, or a rule is one that this version cannot keep.</exception>
    public GrantDraft Draft(GrantTerms terms, RecordedConsent consent, ReadOnlySpan<byte> tenantPublicKey)
    {
        DateTimeOffset now = time.GetUtcNow();
        GrantTerms.Validate(terms, now);
        return GrantDraft.Sign(GrantFields.Of(terms, consent, hostKey.PublicKey.ToArray(), tenantPublicKey, now), hostKey);
    }

    /// <inheritdoc cref="TrustFlow.InstallAsync"/>
    public async ValueTask<InstallOutcome> InstallAsync(Grant grant, AccessVerifier verifier, string nickname, RecordedConsent consent, CancellationToken cancellationToken)
    {
        if (!grant.HostKey.Span.SequenceEqual(hostKey.PublicKey)) return InstallOutcome.OtherComputer;
        if (!consent.Matches(grant)) return InstallOutcome.OtherConsent;
        if (time.GetUtcNow() >= grant.NotAfter) return InstallOutcome.Expired;
        if (!grant.Policy.CanBeKept) return InstallOutcome.RuleNotSupported;
        if (store.Find(grant.Id.Span) is not null) return InstallOutcome.AlreadyKnown;

        await record.WriteAsync(TrustEvents.GrantCreated(grant, nickname, consent), cancellationToken).ConfigureAwait(false);
        using (state.Lock()) return store.Install(grant, verifier, nickname) ? InstallOutcome.Installed : InstallOutcome.AlreadyKnown;
    }
}
