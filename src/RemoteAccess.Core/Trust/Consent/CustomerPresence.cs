using System.Globalization;

namespace RemoteAccess.Trust;

/// <summary>
/// The person at the computer, as far as the agent can know: whether somebody uses it now, and how to ask. Without it no session starts under a
/// grant whose rule depends on that. Immutable.
/// </summary>
public sealed record CustomerPresence
{
    /// <summary>Somebody uses the computer when keyboard or mouse were touched within this time.</summary>
    public static readonly TimeSpan InUseWithin = TimeSpan.FromMinutes(5);

    /// <summary>Asks the person. While one of its prompts is open, no session's input reaches the computer.</summary>
    public required ConsentDesk Desk { get; init; }

    /// <summary>Time since the last input of a person, not of a technician; as <see cref="IDesktop.PhysicalIdleTime"/>. Any thread.</summary>
    public required Func<TimeSpan> IdleTime { get; init; }

    /// <summary>Whose desktop it is, for the record; 1 to 256 UTF-8 bytes without control characters. Default: the account.</summary>
    public string Name { get; init; } = Environment.UserName;

    /// <summary>The language to ask in. Default: the process's.</summary>
    public CultureInfo Culture { get; init; } = CultureInfo.CurrentUICulture;

    /// <summary>The zone of the times in a prompt. Default: the computer's.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Local;

    internal bool IsInUse => IdleTime() < InUseWithin;
}
