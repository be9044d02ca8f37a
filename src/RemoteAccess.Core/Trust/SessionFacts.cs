using Microsoft.Extensions.Logging;
using RemoteAccess.Transport;

namespace RemoteAccess.Trust;

/// <summary>What was decided when the session was accepted. Immutable.</summary>
internal sealed record SessionFacts
{
    public required ReadOnlyMemory<byte> SessionId { get; init; }
    public required Grant Grant { get; init; }
    public required TechnicianCertificate Technician { get; init; }
    public required Operations Operations { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }

    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>The same by the monotonic clock.</summary>
    public long AcceptedTimestamp { get; init; }

    /// <summary>From acceptance to <see cref="ExpiresAt"/>, for the monotonic clock.</summary>
    public required TimeSpan Longest { get; init; }
    public ReadOnlyMemory<byte> ResumeToken { get; init; }
    public bool IsResumed { get; init; }
    public FailedAttempts FailedAttempts { get; init; }

    /// <summary>How often the customer had stopped everything when it was accepted.</summary>
    public ulong Stops { get; init; }

    /// <summary>What follows from request, grant and the rules that count; the request is allowed already.</summary>
    public static SessionFacts Of(ConnectRequest request, Grant grant, AccessRules rules, ReadOnlyMemory<byte> sessionId, DateTimeOffset now)
    {
        DateTimeOffset capped = now + rules.SessionCap;
        DateTimeOffset expires = capped < rules.NotAfter ? capped : rules.NotAfter;
        return new SessionFacts
        {
            SessionId = sessionId.ToArray(),
            Grant = grant,
            Technician = request.Certificate,
            Operations = request.Wanted & rules.MaxOperations & request.Certificate.MaxOperations,
            AcceptedAt = now,
            ExpiresAt = expires,
            Longest = expires - now,
        };
    }
}

/// <summary>What a live session needs of the store it came from.</summary>
internal sealed record SessionSurroundings
{
    public required Ledger Ledger { get; init; }

    /// <summary>Signs the session's receipt.</summary>
    public required ISigningKey HostKey { get; init; }
    public required TimeProvider Time { get; init; }
    public required ILogger Logger { get; init; }

    /// <summary>What asks the person at the computer: no input while a prompt is open. Null when nobody is ever asked.</summary>
    public ConsentDesk? Desk { get; init; }

    /// <summary>Asks the policy whether the session may go on; never throws.</summary>
    public required Func<RefusalReason> Check { get; init; }

    /// <summary>The same for the session's own watch, many times: what has not changed on the disk is not read again. One caller at a time.</summary>
    public required Func<RefusalReason> Watch { get; init; }

    /// <summary>Told once, when the end is recorded.</summary>
    public required Action<LiveSession> Ended { get; init; }
}
