namespace RemoteAccess.Trust;

/// <summary>What a grant is worth at this moment.</summary>
public enum GrantState
{
    /// <summary>Technicians with key and code get in, within the rules.</summary>
    Live,
    /// <summary>Its time has not begun.</summary>
    NotYet,
    /// <summary>Its time is over.</summary>
    Expired,
    /// <summary>The customer revoked it.</summary>
    Revoked,
    /// <summary>Too many wrong codes: nobody gets in until it is unlocked at the computer, or until the delay is over.</summary>
    LockedOut,
    /// <summary>Its files are damaged: nobody gets in.</summary>
    Damaged,
}

/// <summary>One grant as the customer sees it. Immutable.</summary>
public sealed record GrantSummary
{
    /// <summary>16 bytes.</summary>
    public required ReadOnlyMemory<byte> Id { get; init; }

    /// <summary>What it is worth now.</summary>
    public required GrantState State { get; init; }

    /// <summary>What the computer is called under it; empty when damaged.</summary>
    public required string Nickname { get; init; }

    /// <summary>The grant itself; null when damaged.</summary>
    public required Grant? Grant { get; init; }

    /// <summary>What of it the customer took away for now (<see cref="TrustFlow.WithdrawAsync"/>).</summary>
    public Operations Withdrawn { get; init; }

    /// <summary>When it was revoked.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Wrong access codes since the last success.</summary>
    public int FailedAttempts { get; init; }

    /// <summary>How long until the next code is taken, when <see cref="GrantState.LockedOut"/> by a delay.</summary>
    public TimeSpan RetryAfter { get; init; }

    /// <summary>Whether only an unlock at the computer allows further codes.</summary>
    public bool NeedsUnlock { get; init; }
}
