using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>Sees whether the computer is in use, and asks the person, whose answer is in the ledger before it counts. The rule itself is <see cref="PolicyCheck"/>'s.</summary>
internal sealed class InUseGate(CustomerPresence? presence, TrustRecord record)
{
    /// <summary>Whether the rules that need a person can be kept at all.</summary>
    public bool CanSeeAndAsk => presence is not null;

    /// <summary>Whether somebody uses the computer now; false when nobody can be seen.</summary>
    public bool IsInUse => presence?.IsInUse == true;

    /// <summary>What keeps remote input away while a prompt is open; null when there is none.</summary>
    public ConsentDesk? Desk => presence?.Desk;

    /// <summary>May take as long as the person has to answer. The right access code was given before.</summary>
    /// <returns><see cref="RefusalReason.None"/> or <see cref="RefusalReason.NotConsented"/>.</returns>
    /// <exception cref="StateException">The answer cannot be recorded, and does not count.</exception>
    public async ValueTask<RefusalReason> AskAsync(ConnectRequest request, SessionFacts facts, InUseRule rule, string nickname, CancellationToken cancellationToken)
    {
        if (presence is null) return RefusalReason.NotConsented;
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
