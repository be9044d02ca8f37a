namespace RemoteAccess.Trust;

/// <summary>
/// Whether one grant allows nothing that another does not: what the customer agreed to once covers it, and no new consent is needed. When that cannot be told
/// (hours of different zones), the answer is no. Pure.
/// </summary>
internal static class GrantNarrowing
{
    private const int MinutesPerWeek = 7 * HoursWindow.MinutesPerDay;

    /// <summary>The same consent by the same person for the same two sides, and no term wider.</summary>
    public static bool IsWithin(Grant grant, Grant agreed) =>
        grant.HostKey.Span.SequenceEqual(agreed.HostKey.Span)
        && grant.TenantKey.Span.SequenceEqual(agreed.TenantKey.Span)
        && grant.ConsentMethod == agreed.ConsentMethod
        && grant.ConsentTextHash.Span.SequenceEqual(agreed.ConsentTextHash.Span)
        && grant.ConsentedBy == agreed.ConsentedBy
        && grant.MinSuite >= agreed.MinSuite
        && grant.ScryptLog2N >= agreed.ScryptLog2N && grant.ScryptR >= agreed.ScryptR && grant.ScryptP >= agreed.ScryptP
        && IsWithin(grant.Rules, agreed.Rules);

    /// <summary>Whatever <paramref name="rules"/> allows, <paramref name="agreed"/> allows.</summary>
    public static bool IsWithin(AccessRules rules, AccessRules agreed) =>
        (rules.MaxOperations & ~agreed.MaxOperations) == Operations.None
        && rules.NotBefore >= agreed.NotBefore
        && rules.NotAfter <= agreed.NotAfter
        && rules.InUse >= agreed.InUse
        && (rules.CredentialsRequired || !agreed.CredentialsRequired)
        && (rules.ReasonRequired || !agreed.ReasonRequired)
        && rules.SessionCap <= agreed.SessionCap
        // Never and always are each other's opposite; only "allowed" leaves both open.
        && (rules.Recording == agreed.Recording || agreed.Recording == RecordingRule.Allowed)
        && (rules.IsContradictory || !agreed.IsContradictory)
        && agreed.Hours.All(hours => rules.Hours.Any(own => IsWithin(own, hours)));

    /// <summary>Minute by minute of the week on one wall clock.</summary>
    private static bool IsWithin(WeeklyHours hours, WeeklyHours agreed)
    {
        if (hours.Zone != agreed.Zone) return false;
        for (int at = 0; at < MinutesPerWeek; at++)
        {
            var day = (DayOfWeek)(at / HoursWindow.MinutesPerDay);
            int minute = at % HoursWindow.MinutesPerDay;
            if (hours.ContainsWall(day, minute) && !agreed.ContainsWall(day, minute)) return false;
        }
        return true;
    }
}
