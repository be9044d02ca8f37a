namespace RemoteAccess.Trust;

/// <summary>
/// What a session is measured by: a grant's rules, the rules that the computer lays over every grant, or what both leave. The default
/// restricts nothing. Immutable.
/// </summary>
internal sealed record AccessRules
{
    public Operations MaxOperations { get; init; } = Operations.All;
    public DateTimeOffset NotBefore { get; init; } = DateTimeOffset.MinValue;
    public DateTimeOffset NotAfter { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>All of them must contain the moment, each by the clock of its own zone; none is at any time.</summary>
    public IReadOnlyList<WeeklyHours> Hours { get; init; } = [];

    public InUseRule InUse { get; init; } = InUseRule.Allow;
    public bool CredentialsRequired { get; init; }
    public bool ReasonRequired { get; init; }
    public TimeSpan SessionCap { get; init; } = GrantPolicy.LongestSession;
    public RecordingRule Recording { get; init; } = RecordingRule.Allowed;

    /// <summary>What another rule than <see cref="MaxOperations"/> closes: a session that wants more than this goes on without it.</summary>
    public Operations Closed => Recording == RecordingRule.Never ? Operations.RecordSession : Operations.None;

    /// <summary>One side forbids recording and the other demands it: no session can be right.</summary>
    public bool IsContradictory { get; init; }

    /// <inheritdoc cref="GrantPolicy.CanBeKept"/>
    public bool CanBeKept => !IsContradictory && GrantPolicy.CanKeep(Recording);

    public static AccessRules Of(Grant grant) => Of(grant.MaxOperations, grant.NotBefore, grant.NotAfter, grant.Policy);

    /// <summary>Of a grant that is about to be made.</summary>
    public static AccessRules Of(GrantFields fields) => Of(fields.MaxOperations, fields.NotBefore, fields.NotAfter, fields.Policy);

    private static AccessRules Of(Operations operations, DateTimeOffset notBefore, DateTimeOffset notAfter, GrantPolicy policy) => new()
    {
        MaxOperations = operations,
        NotBefore = notBefore,
        NotAfter = notAfter,
        Hours = policy.Hours is { } hours ? [hours] : [],
        InUse = policy.InUse,
        CredentialsRequired = policy.CredentialsRequired,
        ReasonRequired = policy.ReasonRequired,
        SessionCap = policy.SessionCap,
        Recording = policy.Recording,
    };

    /// <summary>
    /// What both allow: the stricter of each rule. Whatever one of them refuses, the result refuses; the order does not matter, and narrowing
    /// twice by the same changes nothing.
    /// </summary>
    public static AccessRules Narrow(AccessRules local, AccessRules remote) => new()
    {
        MaxOperations = local.MaxOperations & remote.MaxOperations,
        NotBefore = local.NotBefore > remote.NotBefore ? local.NotBefore : remote.NotBefore,
        NotAfter = local.NotAfter < remote.NotAfter ? local.NotAfter : remote.NotAfter,
        Hours = local.Hours.Count == 0 ? remote.Hours : remote.Hours.Count == 0 ? local.Hours : [.. local.Hours.Union(remote.Hours)],
        InUse = local.InUse > remote.InUse ? local.InUse : remote.InUse,
        CredentialsRequired = local.CredentialsRequired || remote.CredentialsRequired,
        ReasonRequired = local.ReasonRequired || remote.ReasonRequired,
        SessionCap = local.SessionCap < remote.SessionCap ? local.SessionCap : remote.SessionCap,
        Recording = local.Recording == RecordingRule.Allowed ? remote.Recording
            : remote.Recording == RecordingRule.Required ? RecordingRule.Required
            : local.Recording,
        IsContradictory = local.IsContradictory || remote.IsContradictory
            || (local.Recording != remote.Recording && local.Recording != RecordingRule.Allowed && remote.Recording != RecordingRule.Allowed),
    };

    public bool IsWithinHours(DateTimeOffset instant)
    {
        for (int i = 0; i < Hours.Count; i++)
        {
            if (!Hours[i].Contains(instant)) return false;
        }
        return true;
    }

    /// <summary>As <see cref="WeeklyHours.NextChange"/>, of all hours together.</summary>
    public DateTimeOffset? NextHoursChange(DateTimeOffset instant)
    {
        bool inside = IsWithinHours(instant);
        DateTimeOffset?[] next = [.. Hours.Select(hours => hours.NextChange(instant))];
        while (next.Min() is { } at && at - instant <= WeeklyHours.Outlook)
        {
            if (IsWithinHours(at) != inside) return at;
            for (int i = 0; i < next.Length; i++)
            {
                if (next[i] == at) next[i] = Hours[i].NextChange(at);
            }
        }
        return null;
    }
}
