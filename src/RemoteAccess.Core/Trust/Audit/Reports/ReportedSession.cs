namespace RemoteAccess.Trust;

/// <summary>What is known of how a session ended.</summary>
public enum ReportedEnd
{
    /// <summary>Its end is recorded.</summary>
    Recorded,
    /// <summary>It has no end yet: it may be running.</summary>
    Open,
    /// <summary>It cannot be running any more and has no end: the computer lost power, or the agent was killed.</summary>
    Lost,
}

/// <summary>One session as the ledger tells it. Immutable, thread-safe.</summary>
public sealed record ReportedSession
{
    /// <summary>16 bytes.</summary>
    public required ReadOnlyMemory<byte> SessionId { get; init; }
    /// <summary>16 bytes.</summary>
    public required ReadOnlyMemory<byte> GrantId { get; init; }
    /// <summary>What the grant calls the computer; empty when its creation was not among the entries.</summary>
    public required string Nickname { get; init; }
    /// <summary>The technician's name, as the certificate had it; empty when the session's beginning was not among the entries.</summary>
    public required string Technician { get; init; }
    /// <summary>The technician's public key in hexadecimal.</summary>
    public required string TechnicianKey { get; init; }
    /// <summary>Where the technician connected from.</summary>
    public required string Peer { get; init; }
    /// <summary>The reason given; may be empty.</summary>
    public required string Reason { get; init; }
    /// <summary>When it began, or when it is first heard of.</summary>
    public required DateTimeOffset Started { get; init; }
    /// <summary>When it ended, or is last heard of.</summary>
    public required DateTimeOffset LastSeen { get; init; }
    /// <summary>Whether <see cref="LastSeen"/> is its end.</summary>
    public required ReportedEnd End { get; init; }
    /// <summary>How long it was, in whole seconds, by the clock that nobody can set; without a recorded end, how long at least.</summary>
    public required TimeSpan Duration { get; init; }
    /// <summary>Why it ended: the name of a <see cref="RefusalReason"/>; empty without a recorded end.</summary>
    public required string EndReason { get; init; }
    /// <summary>What was said at the end; may be empty.</summary>
    public required string EndText { get; init; }
    /// <summary>The operations it was let in for, by name.</summary>
    public required IReadOnlyList<string> Allowed { get; init; }
    /// <summary>The operations it used, by name.</summary>
    public required IReadOnlyList<string> Used { get; init; }
    /// <summary>The operations the customer took away while it ran, by name.</summary>
    public required IReadOnlyList<string> Withdrawn { get; init; }
    /// <summary>What it asked for and was refused, and how often; at most 64 different ones, the rest under <c>other</c>.</summary>
    public required IReadOnlyList<KeyValuePair<string, long>> Refused { get; init; }
    /// <summary>What the technician noted, in order; each may have several lines.</summary>
    public required IReadOnlyList<string> Notes { get; init; }
    /// <summary>Whether both sides signed a receipt of its end.</summary>
    public required bool HasReceipt { get; init; }
    /// <summary>Wrong access codes before it, since the success before.</summary>
    public required long FailedAttempts { get; init; }
}
