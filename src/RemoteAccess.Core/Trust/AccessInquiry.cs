namespace RemoteAccess.Trust;

/// <summary>What <see cref="TrustFlow.Explain"/> is asked: may this happen? Immutable.</summary>
public sealed record AccessInquiry
{
    /// <summary>16 bytes.</summary>
    public required ReadOnlyMemory<byte> GrantId { get; init; }

    /// <summary>What the technician wants to do.</summary>
    public required Operations Wanted { get; init; }

    /// <summary>The most that the technician's certificate allows.</summary>
    public Operations TechnicianOperations { get; init; } = Operations.All;

    /// <summary>What the technician gives as the reason; empty is none.</summary>
    public string Reason { get; init; } = "";

    /// <summary>
    /// Whether somebody uses the computer then, seen by an agent that can ask them; null is as this process sees it now, and where it sees nobody, no
    /// grant that wants the person seen or asked is kept.
    /// </summary>
    public bool? IsInUse { get; init; }

    /// <summary>Whether the agent can have credentials of the computer checked then; null is as this process can.</summary>
    public bool? CanCheckCredentials { get; init; }

    /// <summary>
    /// When; null is now. For another moment everything is taken to stay as it is on the disk now but the time itself: a block or a delay
    /// runs out, and an attempt under way now is over.
    /// </summary>
    public DateTimeOffset? At { get; init; }
}
