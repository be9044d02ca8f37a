namespace RemoteAccess.Trust;

/// <summary>Allowed, or the exact rule that refuses with the data of that rule. Immutable.</summary>
public sealed record AccessExplanation
{
    /// <summary>The rule; <see cref="RefusalReason.None"/> when everything but the access code is fulfilled.</summary>
    public required RefusalReason Refusal { get; init; }

    /// <summary>Whether the gate would ask for the access code.</summary>
    public bool IsAllowed => Refusal == RefusalReason.None;

    /// <summary>Whether the grant alone would have allowed it, and the computer's own policy narrows it.</summary>
    public bool ByComputerPolicy { get; init; }

    /// <summary>
    /// The moment of the rule: begin or end of the grant's time, the revocation, the end of the block (year 9999 is without end), or when the hours
    /// open next. Null when the rule has none, and when the hours do not open within three weeks.
    /// </summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>When allowed: when a session that began at that moment would end at the latest.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>When allowed: what happens if somebody uses the computer at that moment.</summary>
    public InUseRule InUse { get; init; }

    /// <summary>When allowed: whether credentials of the computer must be given before anything is permitted.</summary>
    public bool CredentialsRequired { get; init; }

    /// <summary>What was wanted beyond what is allowed.</summary>
    public Operations Excess { get; init; }

    /// <summary>How long until the next access code is taken; zero when waiting does not help.</summary>
    public TimeSpan RetryAfter { get; init; }

    /// <summary>Why, in one English sentence; times are the computer's local ones.</summary>
    public required string Sentence { get; init; }
}
