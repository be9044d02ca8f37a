using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>Keeps a grant's rule about a computer that is in use: lets in, refuses, or asks the person, whose answer is in the ledger before it counts.</summary>
internal sealed class InUseGate(CustomerPresence? presence, TrustRecord record)
{
    /// <summary>Whether the rules that need a person can be kept at all.</summary>
    public bool CanSeeAndAsk => presence is not null;

    /// <summary>What keeps remote input away while a prompt is open; null when there is none.</summary>
    public ConsentDesk? Desk => presence?.Desk;

    /// <summary>May take as long as the person has to answer. The right access code was given before.</summary>
    /// <returns><see cref="RefusalReason.None"/>, <see cref="RefusalReason.InUse"/> or <see cref="RefusalReason.NotConsented"/>.</returns>
    /// <exception cref="StateException">The answer cannot be recorded, and does not count.</exception>
    public async ValueTask<RefusalReason> PassAsync(ConnectRequest request, SessionFacts facts, string nickname, CancellationToken cancellationToken)
    {
        InUseRule rule = facts.Grant.Policy.InUse;
        if (rule == InUseRule.Allow) return RefusalReason.None;
        if (presence is null) return RefusalReason.RuleNotSupported;
        if (!presence.IsInUse) return RefusalReason.None;
        if (rule == InUseRule.Refuse) return RefusalReason.InUse;
        // Also after a cut connection: a resume token does not tell whether anybody was there to say yes to the session before.

        if (TryMakePrompt(Describe(request, facts, nickname, rule), presence) is not { } prompt) return RefusalReason.NotConsented;
        ConsentEvidence evidence = await presence.Desk.AskAsync(prompt, presence.Name, cancellationToken).ConfigureAwait(false);
        await record.WriteAsync(TrustEvents.ConsentAnswered(facts, evidence), CancellationToken.None).ConfigureAwait(false);
        return evidence.Answer.Decision == ConsentDecision.Allow ? RefusalReason.None : RefusalReason.NotConsented;
    }

    /// <summary>Null when a name or reason cannot be shown as it is: nobody is asked about what they cannot read.</summary>
    private static ConsentPrompt? TryMakePrompt(ConsentRequest request, CustomerPresence presence)
    {
        try
        {
            return ConsentPrompt.Create(request, presence.Culture, presence.Zone);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static ConsentRequest Describe(ConnectRequest request, SessionFacts facts, string nickname, InUseRule rule) => new()
    {
        Kind = ConsentKind.ConnectionWhileInUse,
        Operations = facts.Operations,
        TechnicianName = request.Certificate.Name,
        // The gate let nobody in whose certificate the tenant has not signed.
        IsVerified = true,
        Nickname = nickname,
        Reason = string.IsNullOrWhiteSpace(request.Reason) ? null : request.Reason,
        InUse = rule,
    };
}
