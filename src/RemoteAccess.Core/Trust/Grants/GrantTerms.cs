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
}
