namespace RemoteAccess.Trust;

/// <summary>What a grant shall allow, before anybody signs.</summary>
public sealed record GrantTerms
{
    /// <summary>The most any session may do; at least one known operation.</summary>
    public required Operations Operations { get; init; }

    /// <summary>From when it holds; null is at once. Whole seconds count.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Until when it holds; after <see cref="NotBefore"/> and in the future.</summary>
    public required DateTimeOffset NotAfter { get; init; }

    /// <summary>The rules; the default asks for nothing beyond the 12 h that any session ends after.</summary>
    public GrantPolicy Policy { get; init; } = new();

    /// <summary><see cref="AccessCodeKind.Generated"/> or <see cref="AccessCodeKind.FreeText"/>.</summary>
    public AccessCodeKind CodeKind { get; init; } = AccessCodeKind.Generated;

    /// <summary>Those that a grant has, to change some of them.</summary>
    public static GrantTerms Of(Grant grant)
    {
        ArgumentNullException.ThrowIfNull(grant);
        return new GrantTerms { Operations = grant.MaxOperations, NotBefore = grant.NotBefore, NotAfter = grant.NotAfter, Policy = grant.Policy, CodeKind = grant.CodeKind };
    }

    /// <exception cref="ArgumentException">A member is outside its range, or a rule is one that this version cannot keep.</exception>
    internal static void Validate(GrantTerms terms, DateTimeOffset now)
    {
        if (terms.Operations == RemoteAccess.Operations.None || (terms.Operations & ~RemoteAccess.Operations.All) != 0) throw new ArgumentException("Name at least one known operation, and no unknown one.", nameof(terms));
        if (terms.NotAfter <= now || terms.NotAfter <= (terms.NotBefore ?? now)) throw new ArgumentException($"{nameof(NotAfter)} must lie ahead, and after {nameof(NotBefore)}.", nameof(terms));
        if (terms.CodeKind is not (AccessCodeKind.Generated or AccessCodeKind.FreeText)) throw new ArgumentException("A grant for unattended access has a generated code or free text.", nameof(terms));
        if (!terms.Policy.CanBeKept)
            throw new ArgumentException("This version cannot enforce recording; a grant may not promise it.", nameof(terms));
        if (terms.Policy.Hours is { } hours && !TimeZoneInfo.TryFindSystemTimeZoneById(hours.Zone, out _))
            throw new ArgumentException($"This computer does not know the zone {hours.Zone}.", nameof(terms));
    }
}
