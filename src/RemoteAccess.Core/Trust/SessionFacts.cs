using Microsoft.Extensions.Logging;

namespace RemoteAccess.Trust;

/// <summary>What was decided when the session was accepted. Immutable.</summary>
internal sealed record SessionFacts
{
    public required ReadOnlyMemory<byte> SessionId { get; init; }
    public required Grant Grant { get; init; }
    public required TechnicianCertificate Technician { get; init; }
    public required Operations Operations { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>From acceptance to <see cref="ExpiresAt"/>, for the monotonic clock.</summary>
    public required TimeSpan Longest { get; init; }
    public required ReadOnlyMemory<byte> ResumeToken { get; init; }
    public required bool IsResumed { get; init; }
    public required FailedAttempts FailedAttempts { get; init; }
}

/// <summary>What a live session needs of the store it came from.</summary>
internal sealed record SessionSurroundings
{
    public required Ledger Ledger { get; init; }
    public required TimeProvider Time { get; init; }
    public required ILogger Logger { get; init; }

    /// <summary>Asks the policy whether the session may go on; never throws.</summary>
    public required Func<RefusalReason> Check { get; init; }

    /// <summary>Told once, when the end is recorded.</summary>
    public required Action<LiveSession> Ended { get; init; }
}
