using RemoteAccess.Trust;

namespace HelpdeskAgent;

/// <summary>The grant that a person means.</summary>
internal static class GrantChoice
{
    /// <param name="grants">All there are.</param>
    /// <param name="which">Its id or nickname; null is the only one that is neither revoked nor expired.</param>
    /// <param name="act">What shall be done with it, for the complaint.</param>
    /// <exception cref="ArgumentException">There is none, or more than one.</exception>
    public static GrantSummary Of(IReadOnlyList<GrantSummary> grants, string? which, string act)
    {
        GrantSummary[] candidates = which is null
            ? [.. grants.Where(grant => grant.State is not (GrantState.Revoked or GrantState.Expired))]
            : [.. grants.Where(grant => grant.Nickname == which || Convert.ToHexString(grant.Id.Span).Equals(which, StringComparison.OrdinalIgnoreCase))];
        return candidates switch
        {
            [var one] => one,
            [] => throw new ArgumentException(which is null ? $"There is no grant to {act}." : $"There is no grant '{which}'. See 'remoteaccess-agent status'."),
            _ => throw new ArgumentException("There is more than one such grant; name one by its id with --grant. See 'remoteaccess-agent status'."),
        };
    }
}
