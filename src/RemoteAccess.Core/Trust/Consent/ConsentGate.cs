using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>
/// The person at the computer, for the gate and for running sessions: sees whether somebody uses it, and asks. What was answered is in the ledger
/// before it counts. When to ask is <see cref="PolicyCheck"/>'s to say.
/// </summary>
internal sealed class ConsentGate(CustomerPresence? presence, TrustRecord record, Func<ReadOnlyMemory<byte>, string?>? organisationOf = null)
{
    /// <summary>Whether the rules that need a person can be kept at all.</summary>
    public bool CanSeeAndAsk => presence is not null;

    /// <summary>Whether somebody uses the computer now; false when nobody can be seen.</summary>
    public bool IsInUse => presence?.IsInUse == true;

    /// <summary>Whose desktop it is, for the record.</summary>
    public string PersonName => presence?.Name ?? Environment.UserName;

    /// <summary>What keeps remote input away while a prompt is open; null when there is none.</summary>
    public ConsentDesk? Desk => presence?.Desk;

    /// <summary>
    /// Asks whether the session may begin: an attended one with its first operation, an unattended one while the computer is in use. The right access
    /// code was given before.
    /// </summary>
    /// <returns><see cref="RefusalReason.None"/> or <see cref="RefusalReason.NotConsented"/>; and whether it was the person who said yes, not their silence.</returns>
    /// <exception cref="StateException">The answer cannot be recorded, and does not count.</exception>
    public async ValueTask<(RefusalReason Refusal, bool IsPressed)> AskToBeginAsync(ConnectRequest request, SessionFacts facts, InUseRule rule, string nickname, CancellationToken cancellationToken)
    {
        // What the customer took away from the grant is not among what they are asked about: it stays away whatever they say.
        Operations begun = (facts.IsAttended ? facts.Approved : facts.Operations) & ~facts.Withdrawn.Operations;
        ConsentRequest question = Of(facts, request.Reason) with { Operations = begun, Kind = ConsentKind.SessionStart };
        if (!facts.IsAttended) question = question with { Kind = ConsentKind.ConnectionWhileInUse, Nickname = nickname, InUse = rule };
        ConsentEvidence? evidence = await AskAsync(question, facts, cancellationToken).ConfigureAwait(false);
        return evidence?.Answer.Decision == ConsentDecision.Allow ? (RefusalReason.None, evidence.Answer.How == ConsentHow.Pressed) : (RefusalReason.NotConsented, false);
    }

    /// <summary>Asks for one more operation of an attended session.</summary>
    /// <returns><see cref="RefusalReason.None"/>, <see cref="RefusalReason.Busy"/> when another question is open, or <see cref="RefusalReason.NotConsented"/>.</returns>
    /// <exception cref="StateException">The answer cannot be recorded, and does not count.</exception>
    public async ValueTask<RefusalReason> AskForOperationAsync(SessionFacts facts, Operations operation, CancellationToken cancellationToken)
    {
        ConsentEvidence? evidence = await AskAsync(Of(facts, "") with { Kind = ConsentKind.Operation, Operations = operation }, facts, cancellationToken).ConfigureAwait(false);
        if (evidence?.Answer.How == ConsentHow.Busy) return RefusalReason.Busy;
        return evidence?.Answer.Decision == ConsentDecision.Allow ? RefusalReason.None : RefusalReason.NotConsented;
    }

    /// <summary>Asks a question of a session's technician.</summary>
    /// <returns>What was asked and answered, recorded; null when nobody can be asked, or cannot be shown this as it is: nobody is asked about what they cannot read.</returns>
    /// <exception cref="StateException">The answer cannot be recorded, and does not count.</exception>
    public async ValueTask<ConsentEvidence?> AskAsync(ConsentRequest question, SessionFacts facts, CancellationToken cancellationToken)
    {
        ConsentRequest named = question with { Organisation = organisationOf?.Invoke(facts.Grant.TenantKey) };
        if (presence is null || TryMakePrompt(named, presence) is not { } prompt) return null;
        ConsentEvidence evidence = await presence.Desk.AskAsync(prompt, presence.Name, cancellationToken).ConfigureAwait(false);
        await record.WriteAsync(TrustEvents.ConsentAnswered(facts, evidence), CancellationToken.None).ConfigureAwait(false);
        return evidence;
    }

    /// <summary>What every question of a session's technician has in common. The gate let nobody in whose certificate the tenant has not signed.</summary>
    public static ConsentRequest Of(SessionFacts facts, string reason) => new()
    {
        Kind = ConsentKind.Operation,
        Operations = facts.Operations,
        TechnicianName = facts.Technician.Name,
        IsVerified = true,
        Reason = string.IsNullOrWhiteSpace(reason) ? null : reason,
    };

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
}
