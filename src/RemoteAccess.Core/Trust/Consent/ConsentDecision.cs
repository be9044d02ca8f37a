namespace RemoteAccess.Trust;

/// <summary>No or yes.</summary>
public enum ConsentDecision
{
    /// <summary>Nothing is allowed.</summary>
    Refuse = 0,
    /// <summary>What the prompt lists is allowed.</summary>
    Allow = 1,
}

/// <summary>How a decision came about.</summary>
public enum ConsentHow
{
    /// <summary>The person chose it.</summary>
    Pressed,
    /// <summary>Nobody answered in time.</summary>
    TimedOut,
    /// <summary>The prompt could not be shown, broke, or did not keep its contract. Always a refusal.</summary>
    RendererFailed,
    /// <summary>The prompt was closed without an answer. Always a refusal.</summary>
    Closed,
    /// <summary>The request was taken back before there was an answer. Always a refusal.</summary>
    Withdrawn,
    /// <summary>Another prompt was open; this one was not shown. Always a refusal.</summary>
    Busy,
}

/// <summary>What came of a prompt.</summary>
/// <param name="Decision">No or yes.</param>
/// <param name="How">How it came about.</param>
/// <param name="At">When, by the computer's clock.</param>
public sealed record ConsentAnswer(ConsentDecision Decision, ConsentHow How, DateTimeOffset At);
