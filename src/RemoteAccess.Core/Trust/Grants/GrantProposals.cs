using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>
/// Unattended access, asked for by the technician of a running session: the person is asked, the computer signs what they agreed to, the tenant
/// countersigns, and only that very grant is installed. Thread-safe.
/// </summary>
internal sealed class GrantProposals(SessionFacts facts, SessionSurroundings around, ApprovalLimits limits, Func<RefusalReason> endReason)
{
    /// <summary>How long a draft waits for the tenant's signature and the code.</summary>
    public static readonly TimeSpan DraftLifetime = TimeSpan.FromMinutes(15);

    private readonly Lock gate = new();
    private Pending? pending;

    /// <summary>Asks the person. What they agreed to is in the ledger, and signed, when a draft comes back; a draft before it is void.</summary>
    /// <returns>The draft, or why not.</returns>
    /// <exception cref="StateException">The answer cannot be recorded, and does not count.</exception>
    public async ValueTask<(GrantDraft? Draft, RefusalReason Refusal)> ProposeAsync(GrantProposal proposal, CancellationToken cancellationToken)
    {
        // Whatever is made is within the rights of whoever makes it.
        if ((proposal.Operations & ~(facts.Technician.MaxOperations & Operations.All)) != 0) return (null, RefusalReason.OperationNotGranted);
        if (!IsAcceptable(proposal)) return (null, RefusalReason.NotAcceptable);
        if (!limits.TryBegin()) return (null, RefusalReason.Busy);
        bool isYes = false;
        try
        {
            ConsentEvidence? evidence = await around.Consent.AskAsync(Question(proposal), facts, cancellationToken).ConfigureAwait(false);
            isYes = evidence?.Answer is { Decision: ConsentDecision.Allow, How: ConsentHow.Pressed };
            if (endReason() is not RefusalReason.None and var ended) return (null, ended);
            if (evidence?.Answer.How == ConsentHow.Busy) return (null, RefusalReason.Busy);
            if (evidence is null || !isYes) return (null, RefusalReason.NotConsented);
            GrantDraft draft = around.Making.Draft(proposal.Terms, RecordedConsent.Of(evidence), facts.Grant.TenantKey.Span);
            lock (gate) pending = new Pending(draft, proposal.Nickname, evidence, around.Time.GetTimestamp());
            return (draft, RefusalReason.None);
        }
        catch (ArgumentException)
        {
            // Its time ran out while the person thought.
            return (null, RefusalReason.NotAcceptable);
        }
        finally
        {
            limits.End(isYes);
        }
    }

    /// <summary>Puts the grant into force that the person agreed to in this session, and no other; once.</summary>
    /// <param name="encoded">The draft with the tenant's signature.</param>
    /// <param name="w0">From the access code, 32 bytes.</param>
    /// <param name="l">From the access code, 65 bytes.</param>
    /// <param name="cancellationToken">Cancels before it is recorded.</param>
    /// <returns><see cref="RefusalReason.None"/> when it is in force.</returns>
    /// <exception cref="StateException">It could not be recorded or stored, and is not in force.</exception>
    public async ValueTask<RefusalReason> CompleteAsync(ReadOnlyMemory<byte> encoded, ReadOnlyMemory<byte> w0, ReadOnlyMemory<byte> l, CancellationToken cancellationToken)
    {
        if (endReason() is not RefusalReason.None and var ended) return ended;
        if (Take(encoded) is not { } agreed || !Grant.TryRead(encoded.Span, out Grant? grant)) return RefusalReason.NotAcceptable;
        using AccessVerifier? verifier = AccessVerifier.TryCreate(w0.Span, l.Span);
        if (verifier is null) return RefusalReason.NotAcceptable;
        InstallOutcome outcome = await around.Making.InstallAsync(grant, verifier, agreed.Nickname, RecordedConsent.Of(agreed.Evidence), cancellationToken).ConfigureAwait(false);
        return outcome switch
        {
            InstallOutcome.Installed => RefusalReason.None,
            InstallOutcome.Expired => RefusalReason.Expired,
            InstallOutcome.RuleNotSupported => RefusalReason.RuleNotSupported,
            _ => RefusalReason.NotAcceptable,
        };
    }

    /// <summary>What waits, when the grant is what was drafted and nothing but a signature longer.</summary>
    private Pending? Take(ReadOnlyMemory<byte> encoded)
    {
        lock (gate)
        {
            if (pending is not { } waiting || around.Time.GetElapsedTime(waiting.Since) > DraftLifetime) return null;
            if (encoded.Length != waiting.Draft.Encoded.Length + P256.SignatureLength || !encoded.Span.StartsWith(waiting.Draft.Encoded.Span)) return null;
            pending = null;
            return waiting;
        }
    }

    private bool IsAcceptable(GrantProposal proposal)
    {
        try
        {
            Nickname.Validate(proposal.Nickname);
            GrantTerms.Validate(proposal.Terms, around.Time.GetUtcNow());
            Question(proposal).Validate();
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private ConsentRequest Question(GrantProposal proposal) => ConsentGate.Of(facts, proposal.Reason) with
    {
        Kind = ConsentKind.UnattendedGrant,
        Operations = proposal.Operations,
        Nickname = proposal.Nickname,
        Until = proposal.NotAfter,
        Hours = proposal.Policy.Hours,
    };

    private sealed record Pending(GrantDraft Draft, string Nickname, ConsentEvidence Evidence, long Since);
}
