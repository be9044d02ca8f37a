using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace RemoteAccess.Trust;

/// <summary>What happens when a technician connects while somebody uses the computer.</summary>
public enum InUseRule
{
    /// <summary>The session starts; the person sees it.</summary>
    Allow,
    /// <summary>The person is asked for 60 s; no answer is yes.</summary>
    AskThenAllow,
    /// <summary>The person is asked for 60 s; no answer is no.</summary>
    AskThenRefuse,
    /// <summary>No session while somebody uses the computer.</summary>
    Refuse,
}

/// <summary>Whether sessions are recorded as a film.</summary>
public enum RecordingRule
{
    /// <summary>Never.</summary>
    Never,
    /// <summary>When the operation is granted and the technician wants it.</summary>
    Allowed,
    /// <summary>Always; no session without.</summary>
    Required,
}

/// <summary>The rules of a grant beside its operations and period. Immutable.</summary>
public sealed record GrantPolicy
{
    /// <summary>No session lasts longer, whatever the grant says.</summary>
    public static readonly TimeSpan LongestSession = TimeSpan.FromHours(12);

    /// <summary>When sessions may happen; null is at any time.</summary>
    public WeeklyHours? Hours { get; init; }

    /// <summary>What happens while somebody uses the computer.</summary>
    public InUseRule InUse { get; init; } = InUseRule.Allow;

    /// <summary>Whether the technician must first give credentials of the computer itself.</summary>
    public bool CredentialsRequired { get; init; }

    /// <summary>Whether the technician must give a reason for each session.</summary>
    public bool ReasonRequired { get; init; }

    /// <summary>When a session ends at the latest; whole minutes, 1 min to 12 h.</summary>
    public TimeSpan SessionCap { get; init; } = LongestSession;

    /// <summary>Whether sessions are recorded.</summary>
    public RecordingRule Recording { get; init; } = RecordingRule.Never;

    /// <summary>
    /// Whether this version can keep every rule, on a computer where it sees whether somebody is there, can ask, and can check credentials. A rule that cannot be kept
    /// refuses: the gate admits nobody under such a grant.
    /// </summary>
    internal bool CanBeKept => CanKeep(Recording);

    internal static bool CanKeep(RecordingRule recording) => recording != RecordingRule.Required;

    /// <summary>Reads the JSON of a grant; false when anything is unknown, missing, repeated or out of range.</summary>
    public static bool TryRead(ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out GrantPolicy? policy) => GrantPolicyJson.TryRead(utf8, out policy);

    /// <summary>The JSON that goes into the grant.</summary>
    /// <exception cref="ArgumentException">A rule is outside its range.</exception>
    public string ToJson()
    {
        if (!Enum.IsDefined(InUse) || !Enum.IsDefined(Recording)) throw new ArgumentException("The policy holds a rule that does not exist.");
        if (SessionCap.Ticks % TimeSpan.TicksPerMinute != 0) throw new ArgumentException($"{nameof(SessionCap)} must be whole minutes.");
        byte[] utf8 = GrantPolicyJson.Write(this);
        return TryRead(utf8, out _) ? Encoding.UTF8.GetString(utf8) : throw new ArgumentException("The policy holds a rule that no grant may have.");
    }
}
