namespace RemoteAccess.Trust;

/// <summary>
/// The one place where "may the stored password be filled in now?" is answered: for the request itself, and for whether the technician is shown that they can ask. Pure. The
/// rules of the grant first, in their own order; then those of fill-in.
/// </summary>
internal static class FillCheck
{
    /// <summary>Fills that one session may have.</summary>
    public const int MaxFills = 3;

    public static FillAnswer Evaluate(FillQuestion question)
    {
        if (question.SessionEnd != RefusalReason.None) return new(question.SessionEnd);
        if (!question.Granted.HasFlag(Operations.FillCredential)) return new(RefusalReason.OperationNotGranted);
        if (question.Withdrawn.HasFlag(Operations.FillCredential)) return new(RefusalReason.Withdrawn);
        PolicyAnswer policy = PolicyCheck.Evaluate(question.Policy);
        if (!policy.IsAllowed) return new(policy.Refusal) { At = policy.At };
        if (!question.HasFiller) return new(RefusalReason.NotAvailable);
        if (!question.Screen.IsShown) return new(RefusalReason.NotAtLogon);
        if (question.Fills >= MaxFills) return new(RefusalReason.LimitReached);
        return question.Stored switch
        {
            StoredCredentialState.Stored => new(RefusalReason.None),
            StoredCredentialState.Stale => new(RefusalReason.CredentialStale),
            _ => new(RefusalReason.NothingStored),
        };
    }

    /// <summary>The answer in one English sentence.</summary>
    public static string Explain(FillAnswer answer) => answer.Refusal switch
    {
        RefusalReason.None => "Allowed: the stored password may be filled in.",
        RefusalReason.OperationNotGranted => "Refused: the session does not allow to fill in a stored password.",
        RefusalReason.Withdrawn => "Refused: the customer took this operation away.",
        RefusalReason.NotAvailable => "Refused: this computer has nothing that fills in passwords.",
        RefusalReason.NotAtLogon => "Refused: the computer does not show its log-on screen.",
        RefusalReason.LimitReached => $"Refused: {MaxFills} times is as often as one session may.",
        RefusalReason.NothingStored => "Refused: the customer stored no password for this account.",
        RefusalReason.CredentialStale => "Refused: the stored password was not right any more and is deleted; the customer is asked for the new one.",
        RefusalReason.OutsideHours when answer.At is { } opens => FormattableString.Invariant($"Refused: it is outside the hours agreed to, which open at {opens:yyyy-MM-dd HH:mm:ss zzz}."),
        RefusalReason.Blocked => "Refused: the customer has blocked remote access.",
        _ => $"Refused: {answer.Refusal}.",
    };
}

/// <summary>Everything the answer depends on.</summary>
internal sealed record FillQuestion
{
    /// <summary>Why the session is over; <see cref="RefusalReason.None"/> while it lives.</summary>
    public required RefusalReason SessionEnd { get; init; }

    public required Operations Granted { get; init; }

    public required Operations Withdrawn { get; init; }

    /// <summary>Grant, block, hours and expiry, from the disk as it is now.</summary>
    public required PolicyQuestion Policy { get; init; }

    public required bool HasFiller { get; init; }

    public required LogonScreenState Screen { get; init; }

    /// <summary>Fills that the session has had.</summary>
    public required int Fills { get; init; }

    public required StoredCredentialState Stored { get; init; }
}

/// <summary>Allowed, or the one rule that refuses.</summary>
internal readonly record struct FillAnswer(RefusalReason Refusal)
{
    public bool IsAllowed => Refusal == RefusalReason.None;

    /// <summary>The rule's moment.</summary>
    public DateTimeOffset? At { get; init; }
}
